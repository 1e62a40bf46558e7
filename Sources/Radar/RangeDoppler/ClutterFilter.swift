internal import CKernels
internal import Spectra

/// What a canceller or a background leaves of the chirps of a channel, and what it remembers.
struct ClutterFilter: ~Copyable {
  let removal: ClutterRemoval
  private let shape: FrameShape

  /// The chirps of the last channel, `[chirp, scalar]`, and which of them are of use.
  private var chirps: AlignedBuffer<Float>
  private var validity: AlignedBuffer<Bool>

  /// The background of each channel, `[channel, scalar]`, and whether there is one yet.
  private var background: AlignedBuffer<Float>
  private var hasBackground: [Bool]

  private let unitWeights: [Float]
  private let unitFactors: [Float]

  init(removal: ClutterRemoval, shape: FrameShape) {
    self.removal = removal
    self.shape = shape
    let length = shape.samplesPerChirp * shape.sampleKind.components
    let rows = shape.chirps / shape.transmitters
    let channels = shape.receivers * shape.transmitters
    let isFilter =
      switch removal {
      case .none, .mean: false
      case .twoPulse, .threePulse, .background: true
      }
    precondition(
      rows > removal.order, "\(rows) chirps of a transmitter are too few for \(removal.rawValue)")
    chirps = AlignedBuffer(repeating: 0, count: isFilter ? rows * length : 0)
    validity = AlignedBuffer(repeating: true, count: rows)
    background = AlignedBuffer(repeating: 0, count: isFilter ? channels * length : 0)
    hasBackground = Array(repeating: false, count: channels)
    unitWeights = Array(repeating: 1, count: length)
    unitFactors = Array(repeating: 1, count: rows)
  }

  /// Forgets the background.
  mutating func restart() {
    for channel in hasBackground.indices { hasBackground[channel] = false }
  }

  /// The chirps of `channel` as they are to be weighed, until those of the next are asked for.
  mutating func chirps(
    of source: FrameSource, channel: Int
  ) -> (rows: ChirpRows, samples: FrameSource.Samples) {
    let rows = unsafe source.rows(of: channel, shape: shape)
    let samples = unsafe source.samples(of: channel, shape: shape)
    switch removal {
    case .none, .mean:
      return unsafe (rows, samples)
    case .twoPulse, .threePulse, .background:
      unsafe filter(rows, samples, channel: channel)
      guard let base = unsafe chirps.withUnsafeBase({ unsafe $0 }),
        let marks = unsafe validity.withUnsafeBase({ unsafe $0 })
      else { preconditionFailure("a frame is never empty") }
      let filtered = unsafe ChirpRows(
        chirps: rows.chirps, length: rows.length, stride: rows.length, validity: marks,
        validityStride: 1, paired: false)
      return unsafe (filtered, .floats(base))
    }
  }

  private mutating func filter(_ rows: ChirpRows, _ samples: FrameSource.Samples, channel: Int) {
    let count = unsafe Int(rows.chirps)
    let length = unsafe Int(rows.length)
    guard let base = unsafe chirps.withUnsafeBase({ unsafe $0 }),
      let isValid = unsafe validity.withUnsafeBase({ unsafe $0 }),
      let backgrounds = unsafe background.withUnsafeBase({ unsafe $0 })
    else { return }
    for chirp in 0..<count {
      unsafe isValid[chirp] = unsafe rows.validity[chirp * Int(rows.validityStride)]
    }
    unsafe weigh(
      rows, samples, weights: unitWeights, mean: nil, factors: unitFactors, chirps: 0..<count,
      into: base, stride: length)
    if case .background(let rate) = removal {
      let state = unsafe backgrounds + channel * length
      for chirp in 0..<count where unsafe isValid[chirp] {
        let row = unsafe base + chirp * length
        if !hasBackground[channel] { unsafe state.update(from: row, count: length) }
        hasBackground[channel] = true
        unsafe subtractBackground(row, state, rows.length, rate)
      }
    } else {
      unsafe cancelChirps(base, rows.chirps, rows.length, Int64(removal.order))
      // A difference is of use if all its chirps are.
      for chirp in stride(from: count - 1, through: 0, by: -1) {
        for lag in 0...removal.order where unsafe chirp < lag || !isValid[chirp - lag] {
          unsafe isValid[chirp] = false
        }
      }
    }
  }
}

/// Writes weighed chirps to rows of `stride` floats.
func weigh(
  _ rows: ChirpRows, _ samples: FrameSource.Samples, weights: [Float],
  mean: UnsafePointer<Float>?, factors: [Float], chirps: Range<Int>,
  into target: UnsafeMutablePointer<Float>, stride: Int
) {
  unsafe weights.withUnsafeBufferPointer { weights in
    unsafe factors.withUnsafeBufferPointer { factors in
      var rows = unsafe rows
      var parameters = unsafe ChirpWeights(
        weights: weights.baseAddress, mean: mean, factors: factors.baseAddress)
      let first = Int64(chirps.lowerBound)
      let count = Int64(chirps.count)
      switch unsafe samples {
      case .floats(let base):
        unsafe weighFloat(&rows, base, &parameters, first, count, target, Int64(stride))
      case .integers(let base, _):
        unsafe weighInt16(&rows, base, &parameters, first, count, target, Int64(stride))
      }
    }
  }
}

internal import CKernels
internal import Spectra

/// The range profiles of the chirps of a frame, unweighted from chirp to chirp: what each range bin
/// and receiver sees as slow time goes by.
struct RangeProfiler: ~Copyable {
  let waveform: Waveform

  /// The complex numbers from a profile to the next.
  let rowLength: Int

  /// The profiles of the last frame, `[receiver, chirp, rangeBin]`.
  private(set) var profiles: AlignedBuffer<Float>

  private let weights: [Float]
  private let factors: [Float]
  private let plan: FourierPlan?
  private var samples: AlignedBuffer<Float>

  init(waveform: Waveform, taper: Taper, effort: PlanningEffort) {
    let shape = waveform.shape
    let count = shape.samplesPerChirp
    let components = shape.sampleKind.components
    let isReal = shape.sampleKind == .real
    self.waveform = waveform
    factors = Array(repeating: 1, count: shape.chirps)
    if waveform.kind == .fmcw {
      // An even number, so that the profiles of every receiver start aligned.
      rowLength = ((isReal ? count / 2 + 1 : count) + 1) / 2 * 2
      weights = taper.weights(count: count).flatMap { Array(repeating: $0, count: components) }
      plan = FourierPlan(
        [.init(length: count, inputStride: 1, outputStride: 1)],
        batch: [.init(length: shape.chirps, inputStride: count, outputStride: rowLength)],
        input: isReal ? .real : .complex, effort: effort)
      samples = AlignedBuffer(repeating: 0, count: shape.chirps * count * components)
    } else {
      precondition(!isReal, "velocity needs complex samples or a swept chirp")
      rowLength = (count + 1) / 2 * 2
      weights = Array(repeating: 1, count: count * components)
      plan = nil
      samples = AlignedBuffer(repeating: 0, count: 0)
    }
    profiles = AlignedBuffer(repeating: 0, count: 2 * rowLength * shape.chirps * shape.receivers)
  }

  /// Where the number of a chirp, a receiver and a range bin starts in ``profiles``.
  func offset(receiver: Int, chirp: Int, rangeBin: Int) -> Int {
    2 * ((receiver * waveform.shape.chirps + chirp) * rowLength + rangeBin)
  }

  /// The profiles in an array of their own.
  var copyOfProfiles: [Float] {
    let profiles = profiles.span
    return unsafe [Float](unsafeUninitializedCapacity: profiles.count) { target, count in
      for index in profiles.indices { unsafe target[index] = profiles[index] }
      count = profiles.count
    }
  }

  /// Fills slow-time samples of the range bins of a gate, `[chirp, receiver, rangeBin]`.
  func gather(_ gate: Range<Int>, into samples: inout [Float]) {
    let profiles = profiles.span
    var target = 0
    for chirp in 0..<waveform.shape.chirps {
      for receiver in 0..<waveform.shape.receivers {
        let start = offset(receiver: receiver, chirp: chirp, rangeBin: gate.lowerBound)
        for index in 0..<2 * gate.count { samples[target + index] = profiles[start + index] }
        target += 2 * gate.count
      }
    }
  }

  /// Replaces ``profiles`` with those of `frame`, allocating nothing.
  mutating func process(_ frame: borrowing Frame) {
    let shape = waveform.shape
    let stride = shape.samplesPerChirp * shape.sampleKind.components
    unsafe FrameSource.with(frame) { source in
      for receiver in 0..<shape.receivers {
        let rows = unsafe source.rows(of: receiver, shape: shape)
        let values = unsafe source.samples(of: receiver, shape: shape)
        let start = offset(receiver: receiver, chirp: 0, rangeBin: 0)
        if plan == nil {
          guard let target = unsafe profiles.withUnsafeBase({ unsafe $0 }) else { return }
          unsafe weigh(
            rows, values, weights: weights, mean: nil, factors: factors, chirps: 0..<shape.chirps,
            into: target + start, stride: 2 * rowLength)
        } else {
          guard let target = unsafe samples.withUnsafeBase({ unsafe $0 }) else { return }
          unsafe weigh(
            rows, values, weights: weights, mean: nil, factors: factors, chirps: 0..<shape.chirps,
            into: target, stride: stride)
          plan?.transform(&samples, into: &profiles, at: start)
        }
      }
    }
  }
}

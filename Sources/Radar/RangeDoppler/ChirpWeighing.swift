internal import CKernels
internal import Spectra

/// What the chirps of a channel are weighed with before they are transformed: tapers, the mean that is
/// taken from them, and what a clutter filter leaves of them.
struct ChirpWeighing: ~Copyable {
  /// A weight for each scalar of a chirp, and for each chirp.
  let rangeWeights: [Float]
  let dopplerWeights: [Float]

  /// The power that a unit amplitude reaches in its own cell, which is the squared sum of weights.
  let coherentPowerGain: Float

  /// The weights of chirps, those of lost ones spread over the others.
  private(set) var factors: [Float]

  private let receivers: Int
  private let factorSum: Float
  private var filter: ClutterFilter

  /// How much the factors are scaled up for those of lost chirps.
  private var scale: Float = 1
  private var mean: AlignedBuffer<Float>

  init(waveform: Waveform, configuration: RangeDopplerConfiguration) {
    let shape = waveform.shape
    let isSwept = waveform.kind == .fmcw
    precondition(
      isSwept || shape.sampleKind == .complex, "velocity needs complex samples or a swept chirp")
    receivers = shape.receivers
    filter = ClutterFilter(removal: configuration.clutterRemoval, shape: shape)
    let range =
      isSwept
      ? configuration.rangeTaper.weights(count: shape.samplesPerChirp)
      : Array(repeating: 1, count: shape.samplesPerChirp)
    rangeWeights = range.flatMap { Array(repeating: $0, count: shape.sampleKind.components) }
    let order = configuration.clutterRemoval.order
    dopplerWeights =
      Array(repeating: 0, count: order)
      + configuration.dopplerTaper.weights(count: waveform.dopplerBins - order)
    factorSum = dopplerWeights.reduce(0, +)
    factors = dopplerWeights
    mean = AlignedBuffer(repeating: 0, count: rangeWeights.count)
    let gain = factorSum * (isSwept ? range.reduce(0, +) : 1)
    coherentPowerGain = gain * gain
  }

  /// Forgets the background that earlier frames have left.
  mutating func restart() { filter.restart() }

  /// Whether the mean is given back, since lost chirps were the only reason to subtract it: echoes that
  /// do not move are known of every chirp, whatever was lost.
  var restoresMean: Bool { filter.removal == .none && scale > 0 && scale != 1 }

  /// The chirps of `channel`, and their mean times the weights where it is to be subtracted.
  ///
  /// They are there until those of the next channel are asked for; channels are asked for in order.
  mutating func chirps(
    of source: FrameSource, channel: Int
  ) -> (rows: ChirpRows, samples: FrameSource.Samples, mean: UnsafePointer<Float>?) {
    let (rows, samples) = unsafe filter.chirps(of: source, channel: channel)
    if channel.isMultiple(of: receivers) {
      // The chirps of a transmitter are lost for all receivers.
      scale = unsafe spread(dopplerWeights, sum: factorSum, over: rows, into: &factors)
    }
    return unsafe (rows, samples, average(rows, samples))
  }

  /// The mean over the chirps of a channel times the weights, if it is to be removed, or to stand for
  /// chirps that were lost.
  private mutating func average(
    _ rows: ChirpRows, _ samples: FrameSource.Samples
  ) -> UnsafePointer<Float>? {
    guard filter.removal == .mean || filter.removal == .none && scale != 1 else { return nil }
    var rows = unsafe rows
    return unsafe rangeWeights.withUnsafeBufferPointer { weights in
      unsafe mean.withUnsafeBase { mean in
        guard let mean = unsafe mean, let weights = weights.baseAddress else { return nil }
        switch unsafe samples {
        case .floats(let base): unsafe meanFloat(&rows, base, weights, mean)
        case .integers(let base, _): unsafe meanInt16(&rows, base, weights, mean)
        }
        return unsafe UnsafePointer(mean)
      }
    }
  }
}

/// Fills the factors of chirps: their weights, those of lost ones spread over the others.
///
/// - Returns: How much the weights were scaled up, zero where too little is left.
private func spread(
  _ weights: [Float], sum: Float, over rows: ChirpRows, into factors: inout [Float]
) -> Float {
  var validSum: Float = 0
  var isDamaged = false
  for chirp in weights.indices {
    let isValid = unsafe rows.validity[chirp * Int(rows.validityStride)]
    factors[chirp] = isValid ? weights[chirp] : 0
    if isValid {
      validSum += weights[chirp]
    } else if weights[chirp] != 0 {
      isDamaged = true
    }
  }
  guard isDamaged else { return 1 }
  let scale = scaleOfRemaining(weight: validSum, of: sum)
  for chirp in factors.indices { factors[chirp] *= scale }
  return scale
}

internal import CKernels
internal import Spectra

/// The two transforms of a frame, channel by channel: over range, then over the chirps.
///
/// Chirps are weighed a few at a time into a block that stays in the first cache, from which the
/// first transform fills the profiles of the channel, `[chirp, rangeBin]`. The second one takes a
/// tile of a few range bins of all chirps and turns the corner: its spectra are
/// `[rangeBin, dopplerBin]`, zero velocity first.
struct RangeDopplerStages: ~Copyable {
  let axes: RangeDopplerAxes
  let channels: Int

  /// The range bins of a tile, and the tiles of a channel.
  let tileBins: Int
  let tiles: Int

  /// The channels whose profiles are kept at once.
  let slots: Int

  /// The power that a unit amplitude reaches in its own cell, which is the squared sum of weights.
  let coherentPowerGain: Float

  private var filter: ClutterFilter
  private let notch: Int?
  private let rangeWeights: [Float]
  private let dopplerWeights: [Float]
  private let factorSum: Float
  private var factors: [Float]

  /// How much the factors are scaled up for those of lost chirps.
  private var scale: Float = 1
  private var mean: AlignedBuffer<Float>
  private let rangePlan: FourierPlan?
  private let dopplerPlan: FourierPlan
  private let blockChirps: Int
  private var block: AlignedBuffer<Float>
  private var profiles: AlignedBuffer<Float>
  private let rowStride: Int

  /// How many floats of weighed samples, and of profiles, are to stay in the first and second cache.
  private static var blockFloats: Int { 4096 }
  private static var profileFloats: Int { 49_152 }

  init(waveform: Waveform, configuration: RangeDopplerConfiguration, effort: PlanningEffort) {
    let axes = configuration.axes(of: waveform)
    let shape = waveform.shape
    let isReal = shape.sampleKind == .real
    let isSwept = waveform.kind == .fmcw
    precondition(isSwept || !isReal, "velocity needs complex samples or a swept chirp")
    self.axes = axes
    channels = shape.transmitters * shape.receivers
    notch = configuration.notch
    filter = ClutterFilter(removal: configuration.clutterRemoval, shape: shape)

    let components = shape.sampleKind.components
    let range =
      isSwept
      ? configuration.rangeTaper.weights(count: shape.samplesPerChirp)
      : Array(repeating: 1, count: shape.samplesPerChirp)
    rangeWeights = range.flatMap { Array(repeating: $0, count: components) }
    let chirps = waveform.dopplerBins
    let order = configuration.clutterRemoval.order
    dopplerWeights =
      Array(repeating: 0, count: order)
      + configuration.dopplerTaper.weights(count: chirps - order)
    factorSum = dopplerWeights.reduce(0, +)
    factors = dopplerWeights
    mean = AlignedBuffer(repeating: 0, count: rangeWeights.count)
    let gain = factorSum * (isSwept ? range.reduce(0, +) : 1)
    coherentPowerGain = gain * gain

    // Tiles of at most sixteen range bins, all alike and even, so that each starts aligned.
    let rangeBins = axes.rangeBins
    tiles = (rangeBins + 15) / 16
    tileBins = tiles == 1 ? rangeBins : ((rangeBins + tiles - 1) / tiles + 1) / 2 * 2
    let spectrumBins = isSwept && isReal ? axes.rangeLength / 2 + 1 : axes.rangeLength
    // Rows a power of two apart would share a few lines of the cache.
    rowStride = (max(spectrumBins, tiles * tileBins) + 7) / 8 * 8 + 8
    let rowFloats = axes.rangeLength * components
    if isSwept {
      let blocks = max(1, chirps * rowFloats / Self.blockFloats)
      blockChirps = (chirps + blocks - 1) / blocks
      rangePlan = FourierPlan(
        [.init(length: axes.rangeLength, inputStride: 1, outputStride: 1)],
        batch: [
          .init(length: blockChirps, inputStride: axes.rangeLength, outputStride: rowStride)
        ], input: isReal ? .real : .complex, effort: effort)
      block = AlignedBuffer(repeating: 0, count: blockChirps * rowFloats)
    } else {
      blockChirps = chirps
      rangePlan = nil
      block = AlignedBuffer(repeating: 0, count: 0)
    }
    dopplerPlan = FourierPlan(
      [.init(length: axes.dopplerBins, inputStride: rowStride, outputStride: 1)],
      batch: [.init(length: tileBins, inputStride: 1, outputStride: axes.dopplerBins)],
      effort: effort)
    let most = max(1, Self.profileFloats / (2 * rowStride * axes.dopplerBins))
    let groups = (channels + most - 1) / most
    slots = (channels + groups - 1) / groups
    profiles = AlignedBuffer(repeating: 0, count: 2 * rowStride * axes.dopplerBins * slots)
  }

  /// The floats of the spectra of a tile.
  var tileFloats: Int { 2 * tileBins * axes.dopplerBins }

  /// The range bins of `tile` that are on the axis: the last tile may reach beyond it.
  func rangeBins(ofTile tile: Int) -> Int { min(tileBins, axes.rangeBins - tile * tileBins) }

  /// Forgets the background that earlier frames have left.
  mutating func restart() { filter.restart() }

  /// Fills the profiles of `channel`, those in `slot`.
  mutating func transformRange(of source: FrameSource, channel: Int, slot: Int) {
    let start = 2 * rowStride * axes.dopplerBins * slot
    let chirps = axes.waveform.dopplerBins
    let (rows, samples) = unsafe filter.chirps(of: source, channel: channel)
    if channel.isMultiple(of: axes.waveform.shape.receivers) {
      // The chirps of a transmitter are lost for all receivers.
      scale = unsafe spread(dopplerWeights, sum: factorSum, over: rows, into: &factors)
    }
    let mean = unsafe average(rows, samples)
    if rangePlan == nil {
      guard let target = unsafe profiles.withUnsafeBase({ unsafe $0 }) else { return }
      unsafe weigh(
        rows, samples, weights: rangeWeights, mean: mean, factors: factors, chirps: 0..<chirps,
        into: target + start, stride: 2 * rowStride)
      unsafe restoreMean(mean, chirps: 0..<chirps, to: target + start, stride: 2 * rowStride)
      return
    }
    guard let target = unsafe block.withUnsafeBase({ unsafe $0 }) else { return }
    for first in stride(from: 0, to: chirps, by: blockChirps) {
      // The last block reaches back, where it is not full, to chirps that are done already.
      let first = min(first, chirps - blockChirps)
      unsafe weigh(
        rows, samples, weights: rangeWeights, mean: mean, factors: factors,
        chirps: first..<first + blockChirps, into: target, stride: block.count / blockChirps)
      unsafe restoreMean(
        mean, chirps: first..<first + blockChirps, to: target, stride: block.count / blockChirps)
      rangePlan?.transform(&block, into: &profiles, at: start + 2 * rowStride * first)
    }
  }

  /// Writes the spectra of a tile of the profiles in `slot` to `spectra`, from `start` on.
  mutating func transformDoppler(
    slot: Int, tile: Int, into spectra: inout AlignedBuffer<Float>, at start: Int
  ) {
    dopplerPlan.transform(
      &profiles, from: 2 * (rowStride * axes.dopplerBins * slot + tile * tileBins), into: &spectra,
      at: start)
    guard let notch else { return }
    let bins = axes.dopplerBins
    let half = min(notch, (bins - 1) / 2)
    var spectra = spectra.mutableSpan
    for row in 0..<tileBins {
      let zero = start + 2 * row * bins
      for place in 0..<2 * (half + 1) { spectra[zero + place] = 0 }
      for place in 2 * (bins - half)..<2 * bins { spectra[zero + place] = 0 }
    }
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

  /// Gives back the mean, where only lost chirps were the reason to subtract it: echoes that do not
  /// move are known of every chirp, whatever was lost.
  private func restoreMean(
    _ mean: UnsafePointer<Float>?, chirps: Range<Int>, to target: UnsafeMutablePointer<Float>,
    stride: Int
  ) {
    guard filter.removal == .none, scale > 0, let mean = unsafe mean else { return }
    unsafe dopplerWeights.withUnsafeBufferPointer { factors in
      var parameters = unsafe ChirpWeights(
        weights: nil, mean: mean, factors: factors.baseAddress)
      unsafe addMean(
        &parameters, Int64(rangeWeights.count), Int64(chirps.lowerBound), Int64(chirps.count),
        target, Int64(stride))
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

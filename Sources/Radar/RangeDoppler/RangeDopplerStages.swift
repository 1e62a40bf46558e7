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

  private var weighing: ChirpWeighing
  private let notch: Int?
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
    self.axes = axes
    channels = shape.transmitters * shape.receivers
    notch = configuration.notch
    weighing = ChirpWeighing(waveform: waveform, configuration: configuration)

    // Tiles of at most sixteen range bins, all alike and even, so that each starts aligned.
    let rangeBins = axes.rangeBins
    tiles = (rangeBins + 15) / 16
    tileBins = tiles == 1 ? rangeBins : ((rangeBins + tiles - 1) / tiles + 1) / 2 * 2
    let spectrumBins = isSwept && isReal ? axes.rangeLength / 2 + 1 : axes.rangeLength
    // Rows a power of two apart would share a few lines of the cache.
    rowStride = (max(spectrumBins, tiles * tileBins) + 7) / 8 * 8 + 8
    let rowFloats = axes.rangeLength * shape.sampleKind.components
    let chirps = waveform.dopplerBins
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

  /// The power that a unit amplitude reaches in its own cell.
  var coherentPowerGain: Float { weighing.coherentPowerGain }

  /// Forgets the background that earlier frames have left.
  mutating func restart() { weighing.restart() }

  /// Fills the profiles of `channel`, those in `slot`.
  mutating func transformRange(of source: FrameSource, channel: Int, slot: Int) {
    let start = 2 * rowStride * axes.dopplerBins * slot
    let chirps = axes.waveform.dopplerBins
    let (rows, samples, mean) = unsafe weighing.chirps(of: source, channel: channel)
    if rangePlan == nil {
      guard let target = unsafe profiles.withUnsafeBase({ unsafe $0 }) else { return }
      unsafe weigh(
        rows, samples, weights: weighing.rangeWeights, mean: mean, factors: weighing.factors,
        chirps: 0..<chirps,
        into: target + start, stride: 2 * rowStride)
      unsafe restoreMean(mean, chirps: 0..<chirps, to: target + start, stride: 2 * rowStride)
      return
    }
    guard let target = unsafe block.withUnsafeBase({ unsafe $0 }) else { return }
    for first in stride(from: 0, to: chirps, by: blockChirps) {
      // The last block reaches back, where it is not full, to chirps that are done already.
      let first = min(first, chirps - blockChirps)
      unsafe weigh(
        rows, samples, weights: weighing.rangeWeights, mean: mean, factors: weighing.factors,
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

  /// Gives back the mean, where only lost chirps were the reason to subtract it: echoes that do not
  /// move are known of every chirp, whatever was lost.
  private func restoreMean(
    _ mean: UnsafePointer<Float>?, chirps: Range<Int>, to target: UnsafeMutablePointer<Float>,
    stride: Int
  ) {
    guard weighing.restoresMean, let mean = unsafe mean else { return }
    unsafe weighing.dopplerWeights.withUnsafeBufferPointer { factors in
      var parameters = unsafe ChirpWeights(
        weights: nil, mean: mean, factors: factors.baseAddress)
      unsafe addMean(
        &parameters, Int64(weighing.rangeWeights.count), Int64(chirps.lowerBound),
        Int64(chirps.count),
        target, Int64(stride))
    }
  }
}

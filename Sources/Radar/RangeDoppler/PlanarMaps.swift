internal import CKernels
internal import Spectra

/// Range–Doppler maps of the usual shapes on processors with wide registers, by transforms of our own.
///
/// Where real and imaginary parts lie in vectors of their own, the transform over chirps needs no
/// shuffling at all, that over range one transposition, and what comes before and after them happens in
/// registers. So a map takes less time than FFTW's transforms alone, and has the same bits whatever
/// the planning effort.
struct PlanarMaps: ~Copyable {
  private var weighing: ChirpWeighing
  private let shape: FrameShape
  private let channels: Int
  private let samples: Int
  private let chirps: Int
  private let weights: AlignedBuffer<Float>
  private let rangeTwiddles: AlignedBuffer<Float>
  private let dopplerTwiddles: AlignedBuffer<Float>

  /// The profiles of a channel, and the powers of all so far.
  private var profiles: AlignedBuffer<Float>
  private var powers: AlignedBuffer<Float>

  /// Whether there are kernels for such maps on this machine.
  static func fit(_ waveform: Waveform, configuration: RangeDopplerConfiguration) -> Bool {
    let axes = configuration.axes(of: waveform)
    return waveform.kind == .fmcw && waveform.shape.sampleKind == .complex
      && axes.rangeLength == waveform.shape.samplesPerChirp
      && axes.dopplerBins == waveform.dopplerBins && configuration.notch == nil
      && hasPlanarKernels(Int64(axes.rangeLength), Int64(axes.dopplerBins))
  }

  /// - Precondition: The kernels ``fit(_:configuration:)``.
  init(waveform: Waveform, configuration: RangeDopplerConfiguration) {
    weighing = ChirpWeighing(waveform: waveform, configuration: configuration)
    shape = waveform.shape
    channels = shape.transmitters * shape.receivers
    samples = shape.samplesPerChirp
    chirps = waveform.dopplerBins
    let doubled = weighing.rangeWeights
    weights = AlignedBuffer(stride(from: 0, to: doubled.count, by: 2).map { doubled[$0] })
    rangeTwiddles = AlignedBuffer(planarTwiddles(length: samples).flatMap { $0.cosines + $0.sines })
    dopplerTwiddles = AlignedBuffer(
      planarTwiddles(length: chirps).flatMap { zip($0.cosines, $0.sines).flatMap { [$0, $1] } })
    profiles = AlignedBuffer(repeating: 0, count: chirps * Int(planarStride(Int64(samples))))
    powers = AlignedBuffer(repeating: 0, count: chirps * samples)
  }

  /// Forgets the background that earlier frames have left.
  mutating func restart() { weighing.restart() }

  /// Replaces `levels` with those in the frame, that of `floor` at least.
  mutating func process(_ source: FrameSource, floor: Float, into levels: inout [Float]) {
    guard let rangeTurns = unsafe rangeTwiddles.withUnsafeBase({ unsafe $0 }),
      let dopplerTurns = unsafe dopplerTwiddles.withUnsafeBase({ unsafe $0 }),
      let weights = unsafe weights.withUnsafeBase({ unsafe $0 }),
      let profiles = unsafe profiles.withUnsafeBase({ unsafe $0 }),
      let powers = unsafe powers.withUnsafeBase({ unsafe $0 })
    else { return }
    var frame = unsafe PlanarFrame(
      samples: Int64(samples), chirps: Int64(chirps), rangeTwiddles: rangeTurns,
      dopplerTwiddles: dopplerTurns)
    for channel in 0..<channels {
      unsafe transformRange(source, channel: channel, frame, weights: weights, into: profiles)
      unsafe addDopplerPowers(&frame, profiles, channel == 0, powers)
    }
    unsafe levels.withUnsafeMutableBufferPointer { levels in
      guard let levels = levels.baseAddress else { return }
      unsafe levelsOfPowers(&frame, powers, floor, levels)
    }
  }

  private mutating func transformRange(
    _ source: FrameSource, channel: Int, _ frame: PlanarFrame, weights: UnsafePointer<Float>,
    into profiles: UnsafeMutablePointer<Float>
  ) {
    var frame = unsafe frame
    var (rows, samples, mean) = unsafe weighing.chirps(of: source, channel: channel)
    let restores = weighing.restoresMean
    unsafe weighing.factors.withUnsafeBufferPointer { factors in
      unsafe weighing.dopplerWeights.withUnsafeBufferPointer { restored in
        var parameters = unsafe PlanarWeights(
          weights: weights, mean: mean, factors: factors.baseAddress,
          restored: restores ? restored.baseAddress : nil)
        switch unsafe samples {
        case .floats(let base):
          unsafe rangeProfiles(&frame, &rows, PlanarFloats, base, &parameters, profiles)
        case .integers(let base, let order):
          let kind = order == .inTurn ? PlanarInTurn : PlanarInPairs
          unsafe rangeProfiles(&frame, &rows, kind, base, &parameters, profiles)
        }
      }
    }
  }
}

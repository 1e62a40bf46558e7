public import Radar
internal import Spectra

/// Turns frames into the levels that a view shows, exactly as the processors of `Radar` compute
/// them, in constant memory.
///
/// | view           | a piece is       | its shape                |
/// |:---------------|:-----------------|:-------------------------|
/// | range–Doppler  | a frame          | `[rangeBin, dopplerBin]` |
/// | spectrogram    | a window         | `[dopplerBin]`           |
/// | range–time     | a frame          | `[rangeBin]`             |
/// | angle–time     | a frame          | `[angle]`                |
public struct ViewProcessor: ~Copyable {
  /// The levels at one moment.
  public struct Piece: Equatable, Sendable {
    /// The moment in seconds since the start of the recording.
    public var time: Double

    /// The levels in decibels, row-major.
    public var levels: [Float]

    /// Creates a piece.
    public init(time: Double, levels: [Float]) {
      self.time = time
      self.levels = levels
    }
  }

  /// The waveform of the frames.
  public let waveform: Waveform

  /// How levels are computed.
  public let settings: ViewSettings

  /// The axes of a piece, outermost first.
  public let axes: [PictureAxis]

  /// The usual time from one piece to the next in seconds.
  public let interval: Double

  /// The longest time for which a piece speaks until the next one, in seconds.
  let validity: Double

  /// The chirps that a piece is made of.
  let chirpsPerPiece: Int

  /// The frames taken so far.
  public private(set) var frameCount = 0

  private var selection: FrameSelection
  private var source: Source
  private let delay: Double

  /// Pieces that reach beyond what was received so far, into lost chirps at the end of a stream.
  private var held: [Piece] = []

  /// Creates a processor for the frames of `waveform`.
  ///
  /// - Throws: ``PictureError`` if the radar does not measure what the view shows.
  public init(waveform: Waveform, settings: ViewSettings) throws(PictureError) {
    let selection = try FrameSelection(
      of: waveform, receiver: settings.receiver, joinsTransmitters: settings.view == .spectrogram)
    let plan = try ViewPlan(waveform: selection.waveform, settings: settings)
    self.waveform = waveform
    self.settings = settings
    self.selection = selection
    axes = plan.axes
    interval = plan.interval
    validity = max(selection.waveform.frameInterval, plan.interval)
    delay = plan.delay
    chirpsPerPiece = plan.window
    source = Source(waveform: selection.waveform, settings: settings, plan: plan)
  }

  /// The number of levels along each axis of a piece.
  public var shape: [Int] { axes.map(\.count) }

  /// Takes the next frame and calls `body` with each piece that it completes.
  ///
  /// - Throws: What `body` throws.
  /// - Precondition: `frame` has the shape of the waveform.
  public mutating func append<Failure: Error>(
    _ frame: Frame, each body: (Piece) throws(Failure) -> Void
  ) throws(Failure) {
    let picked = selection(frame)
    frameCount += 1
    // More chirps follow, so what was lost before them was a gap and not the end.
    for piece in held { try body(piece) }
    held = []
    let lost = isStream ? picked.validity.reversed().prefix { !$0 }.count : 0
    let end = picked.time + Double(picked.shape.chirps - lost) * selection.waveform.chirpInterval
    for var piece in source.pieces(of: picked) {
      piece.time += delay
      if lost > 0, piece.time + reach > end { held.append(piece) } else { try body(piece) }
    }
  }

  /// Whether the recording may end within a frame, as a stream that was cut into frames does.
  private var isStream: Bool { settings.view == .spectrogram && waveform.kind == .cw }

  /// From the middle of a window to its end, less half a chirp against rounding, in seconds.
  private var reach: Double {
    Double(chirpsPerPiece - 1) / 2 * selection.waveform.chirpInterval
  }
}

/// What computes the levels of a view.
private struct Source: ~Copyable {
  private var maps: RangeDopplerProcessor?
  private var spectra: SpectrogramProcessor?
  private var transform: RangeDopplerTransform?
  private let directions: DirectionSpectrum?
  private var map: RangeDopplerMap
  private var power: [Float]

  init(waveform: Waveform, settings: ViewSettings, plan: ViewPlan) {
    let taper = settings.taper
    let clutterRemoval: ClutterRemoval = settings.removesMean ? .mean : .none
    map = RangeDopplerMap(waveform: waveform)
    power = Array(repeating: 0, count: map.levels.count)
    directions = plan.directions
    switch settings.view {
    case .rangeDoppler:
      maps = RangeDopplerProcessor(
        waveform: waveform, rangeTaper: taper, dopplerTaper: taper, clutterRemoval: clutterRemoval)
    case .spectrogram:
      spectra = SpectrogramProcessor(
        waveform: waveform, window: plan.window, hop: plan.hop, taper: taper,
        removesMean: settings.removesMean)
    case .rangeTime, .angleTime:
      transform = RangeDopplerTransform(
        waveform: waveform, rangeTaper: taper, dopplerTaper: taper, clutterRemoval: clutterRemoval)
    }
  }

  mutating func pieces(of frame: Frame) -> [ViewProcessor.Piece] {
    if maps != nil {
      maps?.process(frame, into: &map)
      return [.init(time: map.time, levels: map.levels)]
    }
    if var spectrogram = spectra?.empty {
      spectra?.append(frame, to: &spectrogram)
      let bins = spectrogram.velocities.count
      return spectrogram.times.enumerated().map { index, time in
        .init(time: time, levels: Array(spectrogram.levels[index * bins..<(index + 1) * bins]))
      }
    }
    transform?.transform(frame)
    if let directions, let levels = transform?.levels(over: directions) {
      return [.init(time: frame.time, levels: levels)]
    }
    transform?.sumPower(into: &power)
    let bins = map.dopplerBins
    let levels = (0..<map.rangeBins).map { rangeBin in
      decibels(power: power[rangeBin * bins..<(rangeBin + 1) * bins].reduce(0, +))
    }
    return [.init(time: frame.time, levels: levels)]
  }
}

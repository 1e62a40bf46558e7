public import Spectra

/// Turns frames of ADC samples into range–Doppler maps.
///
/// A processor owns its plans and buffers, so it moves and is never copied, and processing
/// allocates nothing.
public struct RangeDopplerProcessor: ~Copyable {
  /// How frames are processed.
  public let configuration: RangeDopplerConfiguration

  /// What the bins of the maps mean.
  public let axes: RangeDopplerAxes

  /// One of these makes the maps.
  private var planar: PlanarMaps?
  private var tiled: TiledMaps?

  private let allValid: [Bool]

  /// Creates a processor for the frames of `waveform`.
  ///
  /// - Parameters:
  ///   - waveform: The waveform of the frames.
  ///   - configuration: How they are processed.
  ///   - effort: How hard to look for fast plans.
  public init(
    waveform: Waveform, configuration: RangeDopplerConfiguration,
    effort: PlanningEffort = .estimate
  ) {
    self.configuration = configuration
    axes = configuration.axes(of: waveform)
    if PlanarMaps.fit(waveform, configuration: configuration) {
      planar = PlanarMaps(waveform: waveform, configuration: configuration)
    } else {
      tiled = TiledMaps(waveform: waveform, configuration: configuration, effort: effort)
    }
    allValid = Array(repeating: true, count: waveform.shape.chirps)
  }

  /// Creates a processor of maps as long as frames are.
  ///
  /// - Parameters:
  ///   - waveform: The waveform of the frames.
  ///   - rangeTaper: The weights of the samples of a chirp.
  ///   - dopplerTaper: The weights of the chirps of a frame.
  ///   - clutterRemoval: What is done about echoes that do not move.
  ///   - effort: How hard to look for fast plans.
  public init(
    waveform: Waveform, rangeTaper: Taper = Taper(.hann), dopplerTaper: Taper = Taper(.hann),
    clutterRemoval: ClutterRemoval = .mean, effort: PlanningEffort = .estimate
  ) {
    self.init(
      waveform: waveform,
      configuration: RangeDopplerConfiguration(
        rangeTaper: rangeTaper, dopplerTaper: dopplerTaper, clutterRemoval: clutterRemoval),
      effort: effort)
  }

  /// The waveform of the frames.
  public var waveform: Waveform { axes.waveform }

  /// A map of silence with the axes of this processor.
  public var emptyMap: RangeDopplerMap {
    RangeDopplerMap(rangeBins: axes.rangeBins, dopplerBins: axes.dopplerBins)
  }

  /// Replaces `map` with the levels in `frame`, summed over channels.
  ///
  /// - Parameters:
  ///   - frame: ADC samples of shape `[chirp, receiver, sample]`.
  ///   - map: The map to overwrite.
  /// - Precondition: `frame` has the shape of the waveform, `map` that of the ``axes``.
  /// - Complexity: O(*n* log *n*), where *n* is the number of samples in a frame.
  public mutating func process(_ frame: borrowing Frame, into map: inout RangeDopplerMap) {
    precondition(frame.shape == waveform.shape, "the frame does not fit the waveform")
    unsafe FrameSource.with(frame) { source in unsafe process(source, into: &map) }
    map.time = frame.time
    map.damage = frame.damage
  }

  /// Replaces the levels of `map` with those in a frame of int16 samples, summed over channels.
  ///
  /// - Parameters:
  ///   - samples: The samples, `[chirp, receiver, sample]`.
  ///   - order: The order in which complex ones lie.
  ///   - map: The map to overwrite.
  /// - Precondition: `samples` are as many as the waveform says, and `map` has the shape of the
  ///   ``axes``.
  public mutating func process(
    _ samples: Span<Int16>, order: IntegerSampleOrder = .inTurn, into map: inout RangeDopplerMap
  ) {
    let validity = allValid
    process(samples, order: order, validity: validity.span, into: &map)
  }

  /// Replaces the levels of `map` with those in a frame of int16 samples of which chirps are lost.
  ///
  /// - Parameters:
  ///   - samples: The samples, `[chirp, receiver, sample]`.
  ///   - order: The order in which complex ones lie.
  ///   - validity: Whether each chirp was received.
  ///   - map: The map to overwrite.
  /// - Precondition: `samples` and `validity` are as many as the waveform says, and `map` has the
  ///   shape of the ``axes``.
  public mutating func process(
    _ samples: Span<Int16>, order: IntegerSampleOrder = .inTurn, validity: Span<Bool>,
    into map: inout RangeDopplerMap
  ) {
    unsafe FrameSource.with(samples, order: order, validity: validity, shape: waveform.shape) {
      source in unsafe process(source, into: &map)
    }
    var lost = 0
    for chirp in validity.indices where !validity[chirp] { lost += 1 }
    map.damage = Double(lost) / Double(validity.count)
  }

  /// Forgets the background that earlier frames have left.
  public mutating func restart() {
    planar?.restart()
    tiled?.restart()
  }

  private mutating func process(_ source: FrameSource, into map: inout RangeDopplerMap) {
    precondition(
      map.rangeBins == axes.rangeBins && map.dopplerBins == axes.dopplerBins,
      "the map does not fit the waveform")
    unsafe planar?.process(source, floor: silence, into: &map.levels)
    unsafe tiled?.process(source, floor: silence, into: &map.levels)
  }
}

/// The least power that has a level of its own.
private let silence: Float = 1e-20

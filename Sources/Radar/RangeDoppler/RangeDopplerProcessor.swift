internal import CKernels
public import Spectra

/// Turns frames of ADC samples into range–Doppler maps.
///
/// A processor owns its plans and buffers, so it moves and is never copied, and processing
/// allocates nothing.
public struct RangeDopplerProcessor: ~Copyable {
  /// How frames are processed.
  public let configuration: RangeDopplerConfiguration

  private var stages: RangeDopplerStages

  /// The spectra of a tile of each channel whose profiles are kept, `[slot, rangeBin, dopplerBin]`.
  private var spectra: AlignedBuffer<Float>

  /// The floats from the spectra of a slot to those of the next.
  private let slotFloats: Int

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
    stages = RangeDopplerStages(waveform: waveform, configuration: configuration, effort: effort)
    slotFloats = (stages.tileFloats + 15) / 16 * 16
    spectra = AlignedBuffer(repeating: 0, count: stages.slots * slotFloats)
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
  public var waveform: Waveform { stages.axes.waveform }

  /// What the bins of the maps mean.
  public var axes: RangeDopplerAxes { stages.axes }

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
  public mutating func restart() { stages.restart() }

  private mutating func process(_ source: FrameSource, into map: inout RangeDopplerMap) {
    precondition(
      map.rangeBins == axes.rangeBins && map.dopplerBins == axes.dopplerBins,
      "the map does not fit the waveform")
    let channels = stages.channels
    for first in stride(from: 0, to: channels, by: stages.slots) {
      let group = min(stages.slots, channels - first)
      for slot in 0..<group {
        unsafe stages.transformRange(of: source, channel: first + slot, slot: slot)
      }
      for tile in 0..<stages.tiles {
        for slot in 0..<group {
          stages.transformDoppler(
            slot: slot, tile: tile, into: &spectra, at: slot * slotFloats)
        }
        addTile(
          tile, channels: group, adds: first > 0, isLast: first + group == channels, to: &map.levels
        )
      }
    }
  }

  /// Adds the power of a tile, and turns it to decibels with the last channels.
  private func addTile(
    _ tile: Int, channels: Int, adds: Bool, isLast: Bool, to levels: inout [Float]
  ) {
    let bins = axes.dopplerBins
    var rows = SpectrumRows(
      channels: Int64(channels), rows: Int64(stages.rangeBins(ofTile: tile)), bins: Int64(bins),
      channelStride: Int64(slotFloats), shift: Int64(bins / 2))
    unsafe levels.withUnsafeMutableBufferPointer { levels in
      unsafe spectra.withUnsafeBase { spectra in
        guard let levels = levels.baseAddress, let spectra = unsafe spectra else { return }
        unsafe sumPowers(
          &rows, spectra, adds, isLast, silence, levels + tile * stages.tileBins * bins)
      }
    }
  }
}

/// The least power that has a level of its own.
private let silence: Float = 1e-20

internal import CKernels
internal import RealModule
public import Spectra

/// Turns frames of ADC samples into complex spectra over range and velocity, channel by channel.
///
/// | Data            | Shape                             | Unit       |
/// |:----------------|:----------------------------------|:-----------|
/// | frame           | `[chirp, receiver, sample]`       | ADC counts |
/// | ``spectra``     | `[channel, rangeBin, dopplerBin]` | ADC counts |
///
/// A channel is a pair of a transmitter and a receiver, in transmitter order: a virtual antenna. The
/// transmitters take turns, so a target moves on between them; the phase by which it does is taken
/// back, bin by bin, so that channels differ by direction alone. Bins stand as FFTW leaves them, zero
/// velocity first; ``spectrum(channel:dopplerBin:rangeBin:)`` knows the axes. A pulsed sensor has
/// sampled range itself, so only velocity is transformed. Chirps that were lost take no part: they
/// stand at the mean of the others, and what the others add to it is scaled up to the level of a whole
/// frame.
public struct RangeDopplerTransform: ~Copyable {
  /// How frames are transformed.
  public let configuration: RangeDopplerConfiguration

  /// What the bins mean.
  public let axes: RangeDopplerAxes

  /// The pairs of transmitters and receivers.
  public let channels: Int

  /// The unnormalised spectra of the last frame, complex numbers as pairs of floats.
  public private(set) var spectra: AlignedBuffer<Float>

  /// Where the bins lie in ``spectra``.
  let layout: SpectraLayout

  /// The power that a unit amplitude reaches in its own cell, which is the squared sum of weights.
  public let coherentPowerGain: Float

  private var stages: RangeDopplerStages

  /// What takes back the motion until the turn of each transmitter, `[transmitter, dopplerBin]`.
  private let turns: [Float]

  private let allValid: [Bool]

  /// Creates a transform for the frames of `waveform`.
  ///
  /// - Parameters:
  ///   - waveform: The waveform of the frames.
  ///   - configuration: How they are transformed.
  ///   - effort: How hard to look for fast plans.
  public init(
    waveform: Waveform, configuration: RangeDopplerConfiguration,
    effort: PlanningEffort = .estimate
  ) {
    self.configuration = configuration
    stages = RangeDopplerStages(waveform: waveform, configuration: configuration, effort: effort)
    axes = stages.axes
    channels = stages.channels
    coherentPowerGain = stages.coherentPowerGain
    // Channels start aligned, and have room for the last tile.
    let stride = (stages.tiles * stages.tileFloats + 15) / 16 * 16
    spectra = AlignedBuffer(repeating: 0, count: channels * stride)
    layout = SpectraLayout(
      channels: channels, dopplerBins: axes.dopplerBins, rangeBins: axes.rangeBins,
      channelStride: stride / 2, rangeStride: axes.dopplerBins, startsAtZeroVelocity: true)
    turns = phasors(transmitters: waveform.shape.transmitters, dopplerBins: axes.dopplerBins)
    allValid = Array(repeating: true, count: waveform.shape.chirps)
  }

  /// Creates a transform of maps as long as frames are.
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

  /// Replaces ``spectra`` with those of `frame`, allocating nothing.
  ///
  /// - Precondition: `frame` has the shape of the waveform.
  /// - Complexity: O(*n* log *n*), where *n* is the number of samples in a frame.
  public mutating func transform(_ frame: borrowing Frame) {
    precondition(frame.shape == waveform.shape, "the frame does not fit the waveform")
    unsafe FrameSource.with(frame) { source in unsafe transform(source) }
  }

  /// Replaces ``spectra`` with those of a frame of int16 samples, allocating nothing.
  ///
  /// - Parameters:
  ///   - samples: The samples, `[chirp, receiver, sample]`.
  ///   - order: The order in which complex ones lie.
  /// - Precondition: `samples` are as many as the waveform says.
  public mutating func transform(_ samples: Span<Int16>, order: IntegerSampleOrder = .inTurn) {
    let validity = allValid
    unsafe FrameSource.with(
      samples, order: order, validity: validity.span, shape: waveform.shape
    ) { source in unsafe transform(source) }
  }

  private mutating func transform(_ source: FrameSource) {
    for channel in 0..<channels {
      unsafe stages.transformRange(of: source, channel: channel, slot: 0)
      let start = 2 * layout.channelStride * channel
      for tile in 0..<stages.tiles {
        stages.transformDoppler(
          slot: 0, tile: tile, into: &spectra, at: start + tile * stages.tileFloats)
      }
      let transmitter = channel / waveform.shape.receivers
      guard transmitter > 0 else { continue }
      unsafe turns.withUnsafeBufferPointer { turns in
        unsafe spectra.withUnsafeBase { spectra in
          guard let turns = turns.baseAddress, let spectra = unsafe spectra else { return }
          unsafe turnBins(
            spectra + start, Int64(axes.rangeBins), Int64(axes.dopplerBins),
            turns + 2 * transmitter * axes.dopplerBins)
        }
      }
    }
  }

  /// Forgets the background that earlier frames have left.
  public mutating func restart() { stages.restart() }

  /// One bin of the spectrum of one channel, in ADC counts times the sum of weights.
  public func spectrum(
    channel: Int, dopplerBin: Int, rangeBin: Int
  ) -> (real: Float, imaginary: Float) {
    let offset = layout.offset(channel: channel, dopplerBin: dopplerBin, rangeBin: rangeBin)
    let values = spectra.span
    return (values[offset], values[offset + 1])
  }

  /// Replaces `power` with the power of each cell, summed over channels, `[rangeBin, dopplerBin]`,
  /// zero velocity in the middle.
  ///
  /// - Precondition: `power` has a place for each cell.
  public func sumPower(into power: inout [Float]) {
    precondition(
      power.count == axes.rangeBins * axes.dopplerBins, "the power does not fit the waveform")
    var rows = SpectrumRows(
      channels: Int64(channels), rows: Int64(axes.rangeBins), bins: Int64(axes.dopplerBins),
      channelStride: Int64(2 * layout.channelStride), shift: Int64(axes.dopplerBins / 2))
    unsafe power.withUnsafeMutableBufferPointer { power in
      unsafe spectra.withUnsafeBase { spectra in
        guard let power = power.baseAddress, let spectra = unsafe spectra else { return }
        unsafe sumPowers(&rows, spectra, false, false, 0, power)
      }
    }
  }
}

/// exp(−j2π*kt*/*NT*) for each transmitter *t* of *T* and the velocity *k* of each of *N* bins.
private func phasors(transmitters: Int, dopplerBins: Int) -> [Float] {
  var phasors: [Float] = []
  for transmitter in 0..<transmitters {
    for bin in 0..<dopplerBins {
      let isNegative = bin >= dopplerBins - dopplerBins / 2
      let velocity = Double(isNegative ? bin - dopplerBins : bin)
      let angle =
        -2 * Double.pi * velocity * Double(transmitter) / Double(dopplerBins * transmitters)
      phasors.append(Float(Double.cos(angle)))
      phasors.append(Float(Double.sin(angle)))
    }
  }
  return phasors
}

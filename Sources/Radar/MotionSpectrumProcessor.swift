internal import Spectra

/// Turns frames of any radar into motion spectra, one after the other.
///
/// A radar that bursts gives one spectrum a frame, from the chirps of that frame. A continuous-wave
/// radar gives one every `hop` seconds, from a window of `window` seconds that slides on across the
/// borders of frames, so that they do not depend on how the stream was cut into frames.
public struct MotionSpectrumProcessor: ~Copyable {
  /// The shape of the windows of a continuous wave.
  public struct Windowing: Hashable, Sendable {
    /// The length of a window in seconds, which is rounded to a power of two of samples.
    public var window: Double

    /// The time from the start of a window to the start of the next in seconds.
    public var hop: Double

    /// Creates a windowing.
    public init(window: Double = 0.128, hop: Double = 0.016) {
      self.window = window
      self.hop = hop
    }
  }

  /// The waveform of the frames.
  public let waveform: Waveform

  /// The quantities of each spectrum, in the order of its values.
  public let quantities: [MotionSpectrum.Quantity]

  /// The velocity of each Doppler bin in metres per second.
  public let velocities: [Double]

  /// The time from a spectrum to the next in seconds.
  public let interval: Double

  private var burst: BurstAnalysis?
  private var stream: StreamAnalysis?

  /// Creates a processor for the frames of `waveform`.
  ///
  /// - Parameters:
  ///   - waveform: The waveform of the frames.
  ///   - windowing: The shape of the windows, if it is a continuous wave.
  ///   - clutterRemoval: What is done about echoes that do not move.
  ///   - gates: The range gates whose powers are measured too, if any.
  /// - Precondition: The waveform has a range axis if there are gates.
  public init(
    waveform: Waveform, windowing: Windowing = Windowing(), clutterRemoval: ClutterRemoval = .mean,
    gates: RangeGates? = nil
  ) {
    precondition(
      gates == nil || waveform.rangeResolution != nil,
      "\(waveform.kind.rawValue) has no range axis to put gates on")
    self.waveform = waveform
    if waveform.kind == .cw {
      let stream = StreamAnalysis(
        waveform: waveform, windowing: windowing, clutterRemoval: clutterRemoval)
      quantities = stream.measurement.quantities
      interval = Double(stream.transform.hop) * waveform.chirpInterval
      let bins = stream.transform.window
      let step = waveform.wavelength / (2 * waveform.chirpInterval * Double(bins))
      velocities = (0..<bins).map { Double($0 - bins / 2) * step }
      self.stream = consume stream
    } else {
      let burst = BurstAnalysis(
        waveform: waveform, clutterRemoval: clutterRemoval, gates: gates)
      quantities = burst.measurement.quantities
      interval = waveform.frameInterval
      velocities = (0..<waveform.dopplerBins).map { waveform.velocity(ofDopplerBin: $0) }
      self.burst = consume burst
    }
  }

  /// Takes the next frame and calls `body` with each spectrum that it completes.
  ///
  /// - Precondition: `frame` has the shape of the waveform.
  public mutating func append(_ frame: borrowing Frame, each body: (MotionSpectrum) -> Void) {
    precondition(frame.shape == waveform.shape, "the frame does not fit the waveform")
    burst?.append(frame, each: body)
    stream?.append(frame, each: body)
  }
}

/// Motion spectra of the chirps of one frame at a time.
private struct BurstAnalysis: ~Copyable {
  var transform: RangeDopplerTransform
  let measurement: MotionMeasurement

  init(waveform: Waveform, clutterRemoval: ClutterRemoval, gates: RangeGates?) {
    transform = RangeDopplerTransform(waveform: waveform, clutterRemoval: clutterRemoval)
    measurement = MotionMeasurement(
      waveform: waveform, layout: transform.layout,
      coherentPowerGain: transform.coherentPowerGain, gates: gates)
  }

  mutating func append(_ frame: borrowing Frame, each body: (MotionSpectrum) -> Void) {
    let waveform = transform.waveform
    let time = frame.time + Double(waveform.shape.chirps) * waveform.chirpInterval / 2
    let damage = frame.damage
    // Of a frame without a valid chirp there is nothing to measure.
    guard damage < 1 else { return body(measurement.silence(time: time, damage: damage)) }
    transform.transform(frame)
    body(measurement.spectrum(of: transform.spectra.span, time: time, damage: damage))
  }
}

/// Motion spectra of windows that slide along a continuous wave.
private struct StreamAnalysis: ~Copyable {
  var transform: ShortTimeTransform
  let measurement: MotionMeasurement
  private let chirpInterval: Double
  private var clutter: ClutterStream

  init(
    waveform: Waveform, windowing: MotionSpectrumProcessor.Windowing, clutterRemoval: ClutterRemoval
  ) {
    var window = 2
    while Double(2 * window) * waveform.chirpInterval <= windowing.window * 2.squareRoot() {
      window *= 2
    }
    let hop = max(1, Int((windowing.hop / waveform.chirpInterval).rounded()))
    let receivers = waveform.shape.receivers
    transform = ShortTimeTransform(
      window: window, hop: hop, channels: receivers, removesMean: clutterRemoval == .mean)
    measurement = MotionMeasurement(
      waveform: waveform,
      layout: SpectraLayout(
        channels: receivers, dopplerBins: window, rangeBins: 1, channelStride: window,
        rangeStride: window, startsAtZeroVelocity: false),
      coherentPowerGain: transform.coherentPowerGain)
    chirpInterval = waveform.chirpInterval
    clutter = ClutterStream(removal: clutterRemoval, width: waveform.shape.scalarsPerChirp)
  }

  mutating func append(_ frame: borrowing Frame, each body: (MotionSpectrum) -> Void) {
    let first = Double(transform.window) / 2
    let hop = Double(transform.hop)
    var count = Double(transform.spectrumCount)
    var samples = frame.samples
    var validity = frame.validity
    clutter.filter(&samples, validity: &validity)
    transform.append(samples.span, validity: validity.span) { spectrum, damage in
      body(
        measurement.spectrum(
          of: spectrum, time: (first + count * hop) * chirpInterval, damage: damage))
      count += 1
    }
  }
}

public import Spectra

/// Turns frames into the micro-Doppler spectrogram of a range gate.
///
/// The chirps of all frames make one slow-time signal for each range bin of the gate and each
/// receiver. Where chirps are evenly spaced across the borders of frames, as in a continuous wave,
/// windows slide across them; where they are not, every frame is a signal of its own, and the
/// window must fit into it. Chirps that were lost take no part: what the others of a window say is
/// scaled up to the level of a whole one.
public struct SpectrogramProcessor: ~Copyable {
  /// The waveform of the frames.
  public let waveform: Waveform

  /// The range bins whose echoes are summed.
  public let gate: Range<Int>

  private var profiler: RangeProfiler
  private var slow: [Float]
  private var transform: ShortTimeTransform
  private var frameStart = 0.0

  /// Creates a processor for the frames of `waveform`.
  ///
  /// - Parameters:
  ///   - waveform: The waveform of the frames, of one transmitter.
  ///   - gate: The range bins whose echoes are summed; all of them without it.
  ///   - window: The chirps in a window.
  ///   - hop: The chirps from the start of a window to the start of the next.
  ///   - taper: The weights of the chirps of a window, and of the samples of a chirp.
  ///   - removesMean: Whether the mean of each window, which does not move, is subtracted from it.
  ///   - effort: How hard to look for fast plans.
  /// - Precondition: The gate lies on the range axis, the window is even, and it fits into a frame
  ///   unless the waveform is continuous.
  public init(
    waveform: Waveform, gate: Range<Int>? = nil, window: Int, hop: Int, taper: Taper = Taper(.hann),
    removesMean: Bool = false, effort: PlanningEffort = .estimate
  ) {
    let gate = gate ?? 0..<waveform.rangeBins
    precondition(
      !gate.isEmpty && gate.lowerBound >= 0 && gate.upperBound <= waveform.rangeBins,
      "the gate \(gate) does not lie on \(waveform.rangeBins) range bins")
    precondition(waveform.shape.transmitters == 1, "a spectrogram takes one transmitter's chirps")
    precondition(
      waveform.isContinuous || window <= waveform.shape.chirps,
      "a window of \(window) chirps does not fit into a frame of \(waveform.shape.chirps)")
    let shape = waveform.shape
    self.waveform = waveform
    self.gate = gate
    profiler = RangeProfiler(waveform: waveform, taper: taper, effort: effort)
    slow = Array(repeating: 0, count: 2 * gate.count * shape.receivers * shape.chirps)
    transform = ShortTimeTransform(
      window: window, hop: hop, channels: gate.count * shape.receivers, taper: taper,
      removesMean: removesMean, effort: effort)
  }

  /// An empty spectrogram with the axes of this processor.
  public var empty: Spectrogram {
    let bins = transform.window
    let step = waveform.wavelength / (2 * waveform.chirpInterval * Double(bins))
    return Spectrogram(velocities: (0..<bins).map { Double($0 - bins / 2) * step })
  }

  /// Forgets all frames, as if none had been seen.
  public mutating func restart() {
    transform.restart()
    frameStart = 0
  }

  /// Adds to `spectrogram` the rows that `frame` completes.
  ///
  /// - Precondition: `frame` has the shape of the waveform.
  public mutating func append(_ frame: borrowing Frame, to spectrogram: inout Spectrogram) {
    precondition(frame.shape == waveform.shape, "the frame does not fit the waveform")
    if !waveform.isContinuous {
      transform.restart()
      frameStart = frame.time
    }
    if waveform.kind != .fmcw && gate.count == waveform.shape.samplesPerChirp {
      // The frame is the slow-time signal of all channels already.
      append(frame.samples.span, validity: frame.validity.span, to: &spectrogram)
      return
    }
    profiler.process(frame)
    profiler.gather(gate, into: &slow)
    let samples = slow
    append(samples.span, validity: frame.validity.span, to: &spectrogram)
  }

  /// Adds to `spectrogram` the rows that slow-time samples complete.
  private mutating func append(
    _ samples: Span<Float>, validity: Span<Bool>, to spectrogram: inout Spectrogram
  ) {
    let interval = waveform.chirpInterval
    let hop = transform.hop
    let first = frameStart + Double(transform.window) / 2 * interval
    var count = transform.spectrumCount
    transform.append(samples, validity: validity, levels: &spectrogram.levels) { damage in
      spectrogram.damages.append(damage)
      spectrogram.times.append(first + Double(count * hop) * interval)
      count += 1
    }
  }
}

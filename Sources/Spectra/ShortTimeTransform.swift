internal import CKernels

/// Fourier transforms of the overlapping windows of complex signals that arrive piece by piece.
///
/// | Data     | Shape               |
/// |:---------|:--------------------|
/// | signal   | `[sample, channel]` |
/// | spectrum | `[channel, bin]`    |
///
/// Complex numbers are pairs of floats. Window *k* starts at sample *k* · ``hop``, and is
/// transformed as soon as its last sample is there, so the spectra do not depend on how the signal
/// was cut. Zero frequency stands at bin `window / 2`.
///
/// Samples that were lost take no part: they stand at the mean of the others of their window, and
/// what the others add to it is scaled up to the level of a whole window.
public struct ShortTimeTransform: ~Copyable {
  /// The samples in a window, and so the bins of a spectrum.
  public let window: Int

  /// The samples from the start of a window to the start of the next.
  public let hop: Int

  /// The signals that arrive side by side.
  public let channels: Int

  /// Whether the mean of each window is subtracted from it.
  public let removesMean: Bool

  /// The number of spectra made so far.
  public private(set) var spectrumCount = 0

  /// The power that a unit amplitude reaches in its own bin, which is the squared sum of weights.
  public let coherentPowerGain: Float

  private let weights: AlignedBuffer<Float>
  private let plan: FourierPlan
  private var mean: AlignedBuffer<Float>
  private var history: SampleHistory
  private var samples: AlignedBuffer<Float>
  private var spectrum: AlignedBuffer<Float>
  private let kernel: WindowKernel?

  /// Creates a transform that has seen no samples.
  ///
  /// - Parameters:
  ///   - window: The samples in a window.
  ///   - hop: The samples from the start of a window to the start of the next.
  ///   - channels: The signals that arrive side by side.
  ///   - taper: The weights of a window.
  ///   - removesMean: Whether the mean of each window is subtracted from it.
  ///   - effort: How hard to look for a fast plan.
  /// - Precondition: `window` is even, and all counts are positive.
  public init(
    window: Int, hop: Int, channels: Int = 1, taper: Taper = Taper(.hann),
    removesMean: Bool = false, effort: PlanningEffort = .estimate
  ) {
    precondition(
      window > 0 && hop > 0 && channels > 0,
      "a short-time transform needs a window, a hop and a channel")
    precondition(window.isMultiple(of: 2), "zero frequency needs a bin in the middle of the window")
    self.window = window
    self.hop = hop
    self.channels = channels
    self.removesMean = removesMean
    plan = FourierPlan(
      [.init(length: window, inputStride: channels, outputStride: 1)],
      batch: [.init(length: channels, inputStride: 1, outputStride: window)], effort: effort)
    let weights = taper.weights(count: window)
    let sum = weights.reduce(0, +)
    coherentPowerGain = sum * sum
    let hasKernel = channels == 1 && WindowKernel.fits(window: window)
    kernel =
      hasKernel
      ? WindowKernel(window: window, hop: hop, weights: weights, removesMean: removesMean) : nil
    // A signal that alternates in sign has its zero frequency in the middle of the spectrum.
    let signed = weights.enumerated().map { $0.isMultiple(of: 2) ? $1 : -$1 }
    self.weights = AlignedBuffer(channels == 1 ? signed.flatMap { [$0, $0] } : signed)
    mean = AlignedBuffer(repeating: 0, count: removesMean ? 2 * channels : 0)
    history = SampleHistory(window: window, hop: hop, width: 2 * channels)
    samples = AlignedBuffer(repeating: 0, count: 2 * channels * window)
    spectrum = AlignedBuffer(repeating: 0, count: 2 * channels * window)
  }

  /// Takes the next samples and calls `body` with each spectrum that they complete.
  ///
  /// - Parameters:
  ///   - signal: Samples of shape `[sample, channel]`.
  ///   - body: Receives a spectrum of shape `[channel, bin]`.
  /// - Throws: What `body` throws.
  /// - Precondition: `signal` holds whole samples of all channels.
  public mutating func append<Failure: Error>(
    _ signal: Span<Float>, each body: (Span<Float>) throws(Failure) -> Void
  ) throws(Failure) {
    let count = sampleCount(of: signal)
    var next = 0
    while next < count {
      next = history.take(signal, from: next, of: count)
      while history.isComplete {
        _ = transformWindow()
        try body(spectrum.span)
        advance()
      }
    }
  }

  /// Takes the next samples, of which some were lost, and calls `body` with each spectrum that they
  /// complete.
  ///
  /// - Parameters:
  ///   - signal: Samples of shape `[sample, channel]`.
  ///   - validity: Whether each sample was received.
  ///   - body: Receives a spectrum of shape `[channel, bin]`, and the share of its samples that were
  ///     lost, from zero to one.
  /// - Throws: What `body` throws.
  /// - Precondition: `signal` holds samples of all channels, as many as `validity`.
  public mutating func append<Failure: Error>(
    _ signal: Span<Float>, validity: Span<Bool>,
    each body: (Span<Float>, _ damage: Double) throws(Failure) -> Void
  ) throws(Failure) {
    let count = sampleCount(of: signal)
    precondition(count == validity.count, "every sample is either received or lost")
    var next = 0
    while next < count {
      let first = next
      next = history.take(signal, from: next, of: count)
      history.mark(validity, last: next - first, before: next)
      while history.isComplete {
        let lost = transformWindow()
        try body(spectrum.span, Double(lost) / Double(window))
        advance()
      }
    }
  }

  /// Takes the next samples, of which some were lost, and adds to `levels` a row for each spectrum
  /// that they complete: the power of each bin, summed over channels, in decibels.
  ///
  /// - Parameters:
  ///   - signal: Samples of shape `[sample, channel]`.
  ///   - validity: Whether each sample was received.
  ///   - floor: The least power that has a level of its own.
  ///   - levels: The rows, `[spectrum, bin]`; nothing is allocated beyond what they need to grow.
  ///   - body: Receives the share of the samples of each row that were lost, from zero to one.
  /// - Precondition: `signal` holds samples of all channels, as many as `validity`.
  public mutating func append(
    _ signal: Span<Float>, validity: Span<Bool>, floor: Float = 1e-20,
    levels: inout [Float], each body: (_ damage: Double) -> Void
  ) {
    let count = sampleCount(of: signal)
    precondition(count == validity.count, "every sample is either received or lost")
    var next = 0
    while next < count {
      let first = next
      next = history.take(signal, from: next, of: count)
      history.mark(validity, last: next - first, before: next)
      while history.isComplete {
        var rows = kernel == nil ? 0 : history.intactWindows
        var lost = 0
        if rows == 0 {
          lost = transformWindow()
          rows = 1
          addLevels(of: spectrum, channels: channels, window: window, floor: floor, to: &levels)
        } else {
          levels.append(addingCapacity: rows * window) { row in
            unsafe row.withUnsafeMutableBufferPointer { row, filled in
              guard let row = row.baseAddress else { return }
              unsafe kernel?.write(
                row, of: history.samples, from: history.start, count: rows, floor: floor)
              filled = rows * window
            }
          }
        }
        for _ in 0..<rows {
          body(Double(lost) / Double(window))
          advance()
        }
      }
    }
  }

  /// Forgets all samples, as if none had been seen.
  public mutating func restart() {
    history.clear()
    spectrumCount = 0
  }

  private func sampleCount(of signal: Span<Float>) -> Int {
    precondition(
      signal.count.isMultiple(of: 2 * channels),
      "\(signal.count) floats are no whole number of samples")
    return signal.count / (2 * channels)
  }

  /// Makes the spectrum of the next window.
  ///
  /// - Returns: How many of its samples were lost.
  private mutating func transformWindow() -> Int {
    let lost = history.lostInWindow
    if lost == 0 {
      weigh()
    } else {
      weighRemaining(
        history, window: window, channels: channels, weights: weights, removesMean: removesMean,
        into: &samples)
    }
    plan.transform(&samples, into: &spectrum)
    return lost
  }

  private mutating func advance() {
    spectrumCount += 1
    history.advance()
  }

  /// Writes the samples of a window, less their mean, times their weights to ``samples``.
  private mutating func weigh() {
    let width = 2 * channels
    let first = history.start * width
    unsafe history.samples.withUnsafeBase { history in
      unsafe samples.withUnsafeBase { samples in
        unsafe mean.withUnsafeBase { mean in
          unsafe weights.withUnsafeBase { weights in
            guard let history = unsafe history, let samples = unsafe samples,
              let weights = unsafe weights
            else { return }
            unsafe weighWindow(
              history + first, Int64(window), Int64(width), weights, removesMean ? mean : nil,
              samples)
          }
        }
      }
    }
  }
}

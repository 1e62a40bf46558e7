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

  private let weights: [Float]
  private let plan: FourierPlan
  private var history: [Float]

  /// Whether each sample in the history was received, and how many were not.
  private var validity: [Bool]
  private var lost = 0

  private var held = 0
  private var skip = 0
  private var samples: AlignedBuffer<Float>
  private var spectrum: AlignedBuffer<Float>

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
    // A signal that alternates in sign has its zero frequency in the middle of the spectrum.
    self.weights = weights.enumerated().map { $0.isMultiple(of: 2) ? $1 : -$1 }
    history = Array(repeating: 0, count: 2 * channels * window)
    validity = Array(repeating: true, count: window)
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
    for sample in 0..<sampleCount(of: signal) where take(signal, sample: sample, isValid: true) {
      try body(spectrum.span)
      advance()
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
    precondition(
      sampleCount(of: signal) == validity.count, "every sample is either received or lost")
    for sample in validity.indices where take(signal, sample: sample, isValid: validity[sample]) {
      try body(spectrum.span, Double(lost) / Double(window))
      advance()
    }
  }

  /// Forgets all samples, as if none had been seen.
  public mutating func restart() {
    held = 0
    lost = 0
    skip = 0
    spectrumCount = 0
  }

  private func sampleCount(of signal: Span<Float>) -> Int {
    precondition(
      signal.count.isMultiple(of: 2 * channels),
      "\(signal.count) floats are no whole number of samples")
    return signal.count / (2 * channels)
  }

  /// Takes one sample, and makes a spectrum if it completes a window.
  ///
  /// - Returns: Whether it did: then ``advance()`` follows.
  private mutating func take(_ signal: Span<Float>, sample: Int, isValid: Bool) -> Bool {
    guard skip == 0 else {
      skip -= 1
      return false
    }
    let width = 2 * channels
    for index in 0..<width { history[held * width + index] = signal[sample * width + index] }
    validity[held] = isValid
    if !isValid { lost += 1 }
    held += 1
    guard held == window else { return false }
    if lost == 0 {
      weigh(
        history, channels: channels, weights: weights, removesMean: removesMean, into: &samples)
    } else {
      weigh(
        history, validity: validity, channels: channels, weights: weights,
        removesMean: removesMean, into: &samples)
    }
    plan.transform(&samples, into: &spectrum)
    return true
  }

  /// Drops the samples before the next window.
  private mutating func advance() {
    spectrumCount += 1
    skip = max(hop - window, 0)
    held = max(window - hop, 0)
    let width = 2 * channels
    for index in 0..<held * width { history[index] = history[index + hop * width] }
    guard lost > 0 else { return }
    lost = 0
    for index in 0..<held {
      validity[index] = validity[index + hop]
      if !validity[index] { lost += 1 }
    }
  }
}

/// Writes the samples of a window, less their mean, times their weights, to `products`.
private func weigh(
  _ samples: [Float], channels: Int, weights: [Float], removesMean: Bool,
  into products: inout AlignedBuffer<Float>
) {
  let width = 2 * channels
  var products = products.mutableSpan
  for component in 0..<width {
    var mean: Float = 0
    if removesMean {
      for index in weights.indices { mean += samples[index * width + component] }
      mean /= Float(weights.count)
    }
    for index in weights.indices {
      let place = index * width + component
      products[place] = (samples[place] - mean) * weights[index]
    }
  }
}

/// The same where some of the samples were lost.
private func weigh(
  _ samples: [Float], validity: [Bool], channels: Int, weights: [Float], removesMean: Bool,
  into products: inout AlignedBuffer<Float>
) {
  let width = 2 * channels
  var products = products.mutableSpan
  var received: Float = 0
  var total: Float = 0
  var count: Float = 0
  for index in weights.indices {
    total += abs(weights[index])
    guard validity[index] else { continue }
    received += abs(weights[index])
    count += 1
  }
  let scale = scaleOfRemaining(weight: received, of: total)
  for component in 0..<width {
    var mean: Float = 0
    for index in weights.indices where validity[index] {
      mean += samples[index * width + component]
    }
    mean /= max(count, 1)
    let rest = removesMean || scale == 0 ? 0 : mean
    for index in weights.indices {
      let place = index * width + component
      let motion = validity[index] ? (samples[place] - mean) * scale : 0
      products[place] = (rest + motion) * weights[index]
    }
  }
}

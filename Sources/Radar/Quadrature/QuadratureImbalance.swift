internal import RealModule

/// How far the two channels of a quadrature receiver are from equal amplitude, a quarter of a turn
/// apart and centred on zero.
///
/// An ideal receiver sees a moving target run on a circle around zero. A real one sees an ellipse
/// around its offset: *I* = *i* + *a* cos *θ*, *Q* = *q* + *ag* sin(*θ* + *φ*). The ellipse tells
/// all three errors, and `repair` undoes them.
public struct QuadratureImbalance: Hashable, Sendable {
  /// The offset of the in-phase channel in ADC counts.
  public var inPhaseOffset: Double

  /// The offset of the quadrature channel in ADC counts.
  public var quadratureOffset: Double

  /// The amplitude of the quadrature channel over that of the in-phase channel.
  public var gain: Double

  /// How many radians more than a quarter of a turn the quadrature channel is behind.
  public var phase: Double

  /// Creates an imbalance; without arguments that of an ideal receiver.
  ///
  /// - Precondition: `gain` is positive, and `phase` less than a quarter of a turn.
  public init(
    inPhaseOffset: Double = 0, quadratureOffset: Double = 0, gain: Double = 1, phase: Double = 0
  ) {
    precondition(gain > 0 && abs(phase) < .pi / 2, "the channels are not of a quadrature receiver")
    self.inPhaseOffset = inPhaseOffset
    self.quadratureOffset = quadratureOffset
    self.gain = gain
    self.phase = phase
  }

  /// Fits an ellipse to complex samples, least squares with the constraint that it is one (Halíř and
  /// Flusser).
  ///
  /// The echo must have turned far enough: over half a turn or so, and further where there is noise.
  /// The result is `nil` where the samples do not lie on an ellipse: fewer than six, all on a line,
  /// or not finite.
  ///
  /// - Parameter samples: In-phase and quadrature numbers in turn.
  /// - Complexity: O(*n*).
  public init?(fitting samples: Span<Float>) {
    guard let conic = Conic(fitting: samples), let ellipse = conic.imbalance else { return nil }
    self = ellipse
  }

  /// Replaces complex samples by those of an ideal receiver, allocating nothing.
  ///
  /// - Precondition: There are as many in-phase as quadrature numbers.
  public func repair(_ samples: inout MutableSpan<Float>) {
    precondition(samples.count.isMultiple(of: 2), "a complex sample has two numbers")
    repair(&samples, within: 0..<samples.count)
  }

  private func repair(_ samples: inout MutableSpan<Float>, within range: Range<Int>) {
    let inPhase = Float(inPhaseOffset)
    let quadrature = Float(quadratureOffset)
    let scale = Float(1 / (gain * .cos(phase)))
    let leak = Float(Double.tan(phase))
    for index in stride(from: range.lowerBound, to: range.upperBound, by: 2) {
      let real = samples[index] - inPhase
      samples[index] = real
      samples[index + 1] = (samples[index + 1] - quadrature) * scale - real * leak
    }
  }

  /// Repairs the samples of every chirp of `frame` that was received.
  ///
  /// - Precondition: The samples are complex.
  public func repair(_ frame: inout Frame) {
    precondition(frame.shape.sampleKind == .complex, "real samples have no quadrature channel")
    let width = frame.shape.scalarsPerChirp
    let validity = frame.validity
    var samples = frame.samples.mutableSpan
    for (chirp, isValid) in validity.enumerated() where isValid {
      repair(&samples, within: chirp * width..<(chirp + 1) * width)
    }
  }
}

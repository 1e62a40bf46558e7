public import RealModule

/// A dual number *x* + *ẋd* with *d*² = 0: a value that carries its derivative forward.
///
/// A polynomial at *x* + *ẋd* is *p*(*x*) + *p*′(*x*)*ẋd* exactly, and every elementary function is
/// extended in the same way. Seed ``derivative`` with one and the result carries the derivative,
/// which is what ``derivative(of:at:)`` does.
///
/// Higher orders nest: `Dual<Dual<Double>>` carries second derivatives. Each level is a type of its
/// own, so two perturbations cannot be confused: within the inner level a number of the outer one
/// is a constant, and does not compile until it is lifted with ``init(constant:)``.
///
/// Zero times infinity is NaN here too: √(*x*²) has no derivative at zero. Only a power looks
/// first, so that *xᶜ* is right at *x* = 0, where *xᶜ* log *x* is NaN: there an argument whose
/// derivative is exactly zero counts as a constant.
@frozen
public struct Dual<Scalar: DifferentiableScalar>: TracedScalar {
  /// The value *x*.
  public var value: Scalar

  /// The derivative *ẋ*.
  public var derivative: Scalar

  /// Creates the number `value` + `derivative` *d*.
  @inlinable
  public init(_ value: Scalar, derivative: Scalar) {
    self.value = value
    self.derivative = derivative
  }

  /// Creates a number that does not depend on anything.
  @inlinable
  public init(constant value: Scalar) { self.init(value, derivative: .zero) }

  /// Creates the constant `number`.
  @inlinable
  public init(_ number: Double) { self.init(constant: Scalar(number)) }

  /// The result of `function` at `x`, by the chain rule.
  @inlinable
  public static func apply(_ function: UnaryFunction, to x: Dual) -> Dual {
    let value = function(x.value)
    return Dual(
      value, derivative: function.derivative(at: x.value, value: value) * x.derivative)
  }

  /// The result of `function` at `x` and `y`, by the chain rule.
  @inlinable
  public static func apply(_ function: BinaryFunction, to x: Dual, _ y: Dual) -> Dual {
    let value = function(x.value, y.value)
    let first = function.derivativeByFirst(at: x.value, y.value) * x.derivative
    let second = function.derivativeBySecond(at: x.value, y.value, value: value) * y.derivative
    guard function == .power else { return Dual(value, derivative: first + second) }
    return Dual(
      value,
      derivative: (x.derivative == .zero ? .zero : first)
        + (y.derivative == .zero ? .zero : second))
  }
}

extension Dual: Hashable where Scalar: Hashable {}

extension Dual: Sendable where Scalar: Sendable {}

extension Dual: BitwiseCopyable where Scalar: BitwiseCopyable {}

/// Dual numbers are ordered as the functions they stand for are, just right of the point: by value,
/// and where the values are equal by derivative.
///
/// So a branch on `x < y` takes the side that a small step forward takes. Dual numbers do not
/// conform to `Real`: they have no exponent, no rounding and no next representable number.
extension Dual: Comparable, Numeric, SignedNumeric, AlgebraicField
where Scalar: Comparable & AlgebraicField {
  /// Creates the constant `source`, if it can be represented exactly.
  @inlinable
  public init?<Source: BinaryInteger>(exactly source: Source) {
    guard let value = Scalar(exactly: source) else { return nil }
    self.init(constant: value)
  }

  /// Whether `x` is less than `y`, or equal in value and less in its derivative.
  @inlinable
  public static func < (x: Dual, y: Dual) -> Bool {
    x.value < y.value || (x.value == y.value && x.derivative < y.derivative)
  }
}

public import RealModule

/// A number that a function can be evaluated on, whichever way it is then differentiated.
///
/// Write a function once, over this protocol, and it takes plain numbers, dual numbers
/// (``Dual``), symbols (``Expression``) and the variables of a tape (``Variable``):
///
/// ```swift
/// func wave<T: DifferentiableScalar>(_ x: T) -> T { .exp(-x * x) * .sin(3 * x) }
///
/// wave(0.5)                             // a number
/// Dual.derivative(of: wave, at: 0.5)    // its derivative, forward
/// wave(Expression(variable: "x"))       // a formula
/// ```
///
/// The protocol asks for no order, because a formula has none, and so it is less than
/// `AlgebraicField`; the maximum, the minimum, the magnitude and the sign stand in for branches.
/// A type gets all of it from two functions if it conforms to ``TracedScalar``.
public protocol DifferentiableScalar: ElementaryFunctions, ExpressibleByFloatLiteral,
  ExpressibleByIntegerLiteral
{
  /// Creates the constant `number`.
  init(_ number: Double)

  /// The product of `x` and `y`.
  static func * (x: Self, y: Self) -> Self

  /// The quotient of `x` and `y`.
  static func / (x: Self, y: Self) -> Self

  /// The negative of `x`.
  static prefix func - (x: Self) -> Self

  /// The absolute value, whose derivative at zero is taken to be zero.
  var magnitude: Self { get }

  /// Minus one, zero or one, as the number is negative, zero or positive.
  func signum() -> Self

  /// The greater of `x` and `y`, which gives half its derivative to each where they are equal.
  static func maximum(_ x: Self, _ y: Self) -> Self

  /// The lesser of `x` and `y`, which gives half its derivative to each where they are equal.
  static func minimum(_ x: Self, _ y: Self) -> Self
}

extension Double: DifferentiableScalar {
  /// Minus one, zero or one, as the number is negative, zero or positive, and NaN for NaN.
  @inlinable
  public func signum() -> Double { self > 0 ? 1 : self < 0 ? -1 : self }
}

extension Float: DifferentiableScalar {
  /// Minus one, zero or one, as the number is negative, zero or positive, and NaN for NaN.
  @inlinable
  public func signum() -> Float { self > 0 ? 1 : self < 0 ? -1 : self }
}

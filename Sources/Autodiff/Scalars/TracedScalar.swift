public import RealModule

/// A scalar that follows a computation from one elementary function to the next.
///
/// A conforming type says what it does with a function of one number and with a function of two;
/// every operator and elementary function follows from that.
public protocol TracedScalar: DifferentiableScalar
where FloatLiteralType == Double, IntegerLiteralType == Int {
  /// The result of `function` at `x`.
  static func apply(_ function: UnaryFunction, to x: Self) -> Self

  /// The result of `function` at `x` and `y`.
  static func apply(_ function: BinaryFunction, to x: Self, _ y: Self) -> Self
}

// MARK: - Constants

extension TracedScalar {
  /// The constant zero.
  @inlinable public static var zero: Self { Self(0.0) }

  /// Creates the constant `value`.
  @inlinable
  public init(floatLiteral value: Double) { self.init(value) }

  /// Creates the constant `value`.
  @inlinable
  public init(integerLiteral value: Int) { self.init(Double(value)) }
}

// MARK: - Arithmetic

extension TracedScalar {
  /// The sum of `x` and `y`.
  @inlinable
  public static func + (x: Self, y: Self) -> Self { apply(.addition, to: x, y) }

  /// The difference of `x` and `y`.
  @inlinable
  public static func - (x: Self, y: Self) -> Self { apply(.subtraction, to: x, y) }

  /// The product of `x` and `y`.
  @inlinable
  public static func * (x: Self, y: Self) -> Self { apply(.multiplication, to: x, y) }

  /// The quotient of `x` and `y`.
  @inlinable
  public static func / (x: Self, y: Self) -> Self { apply(.division, to: x, y) }

  /// Multiplies `x` by `y`.
  @inlinable
  public static func *= (x: inout Self, y: Self) { x = x * y }

  /// Divides `x` by `y`.
  @inlinable
  public static func /= (x: inout Self, y: Self) { x = x / y }

  /// The negative of `x`.
  @inlinable
  public static prefix func - (x: Self) -> Self { apply(.negation, to: x) }

  /// The greater of `x` and `y`, which gives half its derivative to each where they are equal.
  @inlinable
  public static func maximum(_ x: Self, _ y: Self) -> Self { apply(.maximum, to: x, y) }

  /// The lesser of `x` and `y`, which gives half its derivative to each where they are equal.
  @inlinable
  public static func minimum(_ x: Self, _ y: Self) -> Self { apply(.minimum, to: x, y) }

  /// The absolute value, whose derivative at zero is taken to be zero.
  @inlinable public var magnitude: Self { .apply(.magnitude, to: self) }

  /// Minus one, zero or one, as the number is negative, zero or positive.
  @inlinable
  public func signum() -> Self { .apply(.sign, to: self) }
}

// MARK: - Elementary functions

extension TracedScalar {
  /// The exponential function of `x`.
  @inlinable
  public static func exp(_ x: Self) -> Self { apply(.exp, to: x) }

  /// The exponential function of `x` less one, accurate near zero.
  @inlinable
  public static func expMinusOne(_ x: Self) -> Self { apply(.expMinusOne, to: x) }

  /// The hyperbolic cosine of `x`.
  @inlinable
  public static func cosh(_ x: Self) -> Self { apply(.cosh, to: x) }

  /// The hyperbolic sine of `x`.
  @inlinable
  public static func sinh(_ x: Self) -> Self { apply(.sinh, to: x) }

  /// The hyperbolic tangent of `x`.
  @inlinable
  public static func tanh(_ x: Self) -> Self { apply(.tanh, to: x) }

  /// The cosine of `x`.
  @inlinable
  public static func cos(_ x: Self) -> Self { apply(.cos, to: x) }

  /// The sine of `x`.
  @inlinable
  public static func sin(_ x: Self) -> Self { apply(.sin, to: x) }

  /// The tangent of `x`.
  @inlinable
  public static func tan(_ x: Self) -> Self { apply(.tan, to: x) }

  /// The natural logarithm of `x`.
  @inlinable
  public static func log(_ x: Self) -> Self { apply(.log, to: x) }

  /// The natural logarithm of one more than `x`, accurate near zero.
  @inlinable
  public static func log(onePlus x: Self) -> Self { apply(.logOnePlus, to: x) }

  /// The inverse hyperbolic cosine of `x`.
  @inlinable
  public static func acosh(_ x: Self) -> Self { apply(.acosh, to: x) }

  /// The inverse hyperbolic sine of `x`.
  @inlinable
  public static func asinh(_ x: Self) -> Self { apply(.asinh, to: x) }

  /// The inverse hyperbolic tangent of `x`.
  @inlinable
  public static func atanh(_ x: Self) -> Self { apply(.atanh, to: x) }

  /// The arccosine of `x`.
  @inlinable
  public static func acos(_ x: Self) -> Self { apply(.acos, to: x) }

  /// The arcsine of `x`.
  @inlinable
  public static func asin(_ x: Self) -> Self { apply(.asin, to: x) }

  /// The arctangent of `x`.
  @inlinable
  public static func atan(_ x: Self) -> Self { apply(.atan, to: x) }

  /// The square root of `x`, whose derivative at zero is infinite.
  @inlinable
  public static func sqrt(_ x: Self) -> Self { apply(.squareRoot, to: x) }

  /// `x` to the power of `y`, which is NaN for a negative `x`.
  @inlinable
  public static func pow(_ x: Self, _ y: Self) -> Self { apply(.power, to: x, y) }

  /// `x` to the power of `n`, as repeated multiplication or division defines it.
  @inlinable
  public static func pow(_ x: Self, _ n: Int) -> Self { apply(.power(n), to: x) }

  /// The root of `x` of degree `n`.
  @inlinable
  public static func root(_ x: Self, _ n: Int) -> Self { apply(.root(n), to: x) }
}

// MARK: - Field

/// `AlgebraicField` and `SignedNumeric` bring defaults of their own; these say which ones count.
extension TracedScalar where Self: AlgebraicField {
  /// The quotient of `x` and `y`.
  @inlinable
  public static func / (x: Self, y: Self) -> Self { apply(.division, to: x, y) }

  /// The negative of `x`.
  @inlinable
  public static prefix func - (x: Self) -> Self { apply(.negation, to: x) }
}

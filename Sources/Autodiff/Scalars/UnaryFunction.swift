public import RealModule

/// A function of one number that the engine can differentiate.
///
/// The rules stand here once, over any scalar: dual numbers and tapes evaluate them on numbers,
/// symbolic differentiation on expressions.
@frozen
public enum UnaryFunction: Hashable, Sendable {
  /// The negative.
  case negation

  /// The absolute value.
  case magnitude

  /// Minus one, zero or one.
  case sign

  /// The exponential function.
  case exp

  /// The exponential function less one, accurate near zero.
  case expMinusOne

  /// The hyperbolic cosine.
  case cosh

  /// The hyperbolic sine.
  case sinh

  /// The hyperbolic tangent.
  case tanh

  /// The cosine.
  case cos

  /// The sine.
  case sin

  /// The tangent.
  case tan

  /// The natural logarithm.
  case log

  /// The natural logarithm of one more than the argument, accurate near zero.
  case logOnePlus

  /// The inverse hyperbolic cosine.
  case acosh

  /// The inverse hyperbolic sine.
  case asinh

  /// The inverse hyperbolic tangent.
  case atanh

  /// The arccosine.
  case acos

  /// The arcsine.
  case asin

  /// The arctangent.
  case atan

  /// The square root.
  case squareRoot

  /// The power with a whole exponent, as repeated multiplication or division defines it.
  case power(Int)

  /// The root of a whole degree.
  case root(Int)
}

extension UnaryFunction {
  /// The value of the function at `x`.
  @inlinable
  public func callAsFunction<T: DifferentiableScalar>(_ x: T) -> T {
    switch self {
    case .negation: -x
    case .magnitude: x.magnitude
    case .sign: x.signum()
    case .exp: .exp(x)
    case .expMinusOne: .expMinusOne(x)
    case .cosh: .cosh(x)
    case .sinh: .sinh(x)
    case .tanh: .tanh(x)
    case .cos: .cos(x)
    case .sin: .sin(x)
    case .tan: .tan(x)
    case .log: .log(x)
    case .logOnePlus: .log(onePlus: x)
    case .acosh: .acosh(x)
    case .asinh: .asinh(x)
    case .atanh: .atanh(x)
    case .acos: .acos(x)
    case .asin: .asin(x)
    case .atan: .atan(x)
    case .squareRoot: .sqrt(x)
    case .power(let n): .pow(x, n)
    case .root(let n): .root(x, n)
    }
  }

  /// The derivative of the function at `x`, which can use its `value` there.
  ///
  /// Where the function is not defined its value is NaN, and its derivative means nothing. Each
  /// formula is the one that keeps its digits near the edge of the domain.
  @inlinable
  public func derivative<T: DifferentiableScalar>(at x: T, value: T) -> T {
    switch self {
    case .negation: -1
    case .magnitude: x.signum()
    case .sign: 0
    case .exp: value
    case .expMinusOne: .exp(x)
    case .cosh: .sinh(x)
    case .sinh: .cosh(x)
    case .tanh: .pow(.cosh(x), -2)
    case .cos: -.sin(x)
    case .sin: .cos(x)
    case .tan: 1 + value * value
    case .log: 1 / x
    case .logOnePlus: 1 / (1 + x)
    case .acosh: 1 / (.sqrt(x - 1) * .sqrt(x + 1))
    case .asinh: 1 / .sqrt(1 + x * x)
    case .atanh: 1 / ((1 - x) * (1 + x))
    case .acos: -1 / .sqrt((1 - x) * (1 + x))
    case .asin: 1 / .sqrt((1 - x) * (1 + x))
    case .atan: 1 / (1 + x * x)
    case .squareRoot: 1 / (2 * value)
    case .power(0): 0
    case .power(let n): T(Double(n)) * .pow(x, n - 1)
    case .root(let n): 1 / (T(Double(n)) * .pow(value, n - 1))
    }
  }
}

public import RealModule

/// A function of two numbers that the engine can differentiate.
@frozen
public enum BinaryFunction: Hashable, Sendable {
  /// The sum.
  case addition

  /// The difference.
  case subtraction

  /// The product.
  case multiplication

  /// The quotient.
  case division

  /// The power, which is NaN for a negative base.
  case power

  /// The greater of both.
  case maximum

  /// The lesser of both.
  case minimum
}

extension BinaryFunction {
  /// The value of the function at `x` and `y`.
  @inlinable
  public func callAsFunction<T: DifferentiableScalar>(_ x: T, _ y: T) -> T {
    switch self {
    case .addition: x + y
    case .subtraction: x - y
    case .multiplication: x * y
    case .division: x / y
    case .power: .pow(x, y)
    case .maximum: .maximum(x, y)
    case .minimum: .minimum(x, y)
    }
  }

  /// The derivative of the function by its first argument, at `x` and `y`.
  @inlinable
  public func derivativeByFirst<T: DifferentiableScalar>(at x: T, _ y: T) -> T {
    switch self {
    case .addition, .subtraction: 1
    case .multiplication: y
    case .division: 1 / y
    case .power: y * .pow(x, y - 1)
    case .maximum: (1 + (x - y).signum()) / 2
    case .minimum: (1 - (x - y).signum()) / 2
    }
  }

  /// The derivative of the function by its second argument, at `x` and `y`, which can use its
  /// `value` there.
  @inlinable
  public func derivativeBySecond<T: DifferentiableScalar>(at x: T, _ y: T, value: T) -> T {
    switch self {
    case .addition: 1
    case .subtraction: -1
    case .multiplication: x
    case .division: -value / y
    case .power: value * .log(x)
    case .maximum: (1 - (x - y).signum()) / 2
    case .minimum: (1 + (x - y).signum()) / 2
    }
  }
}

// Functions of every element.

extension Tensor {
  /// The exponential of every element.
  @specialized(where Scalar == Float)
  public func exponential() -> Tensor {
    Self.elementwise(.exponential, self) { _, result, gradient in gradient * result }
  }

  /// The natural logarithm of every element.
  @specialized(where Scalar == Float)
  public func logarithm() -> Tensor {
    Self.elementwise(.logarithm, self) { a, _, gradient in gradient / a }
  }

  /// The square root of every element.
  @specialized(where Scalar == Float)
  public func squareRoot() -> Tensor {
    Self.elementwise(.squareRoot, self) { _, result, gradient in gradient / (result * 2) }
  }

  /// The hyperbolic tangent of every element.
  @specialized(where Scalar == Float)
  public func hyperbolicTangent() -> Tensor {
    Self.elementwise(.hyperbolicTangent, self) { _, result, gradient in
      gradient * (1 - result * result)
    }
  }

  /// The logistic function of every element, 1 / (1 + exp(−x)).
  @specialized(where Scalar == Float)
  public func sigmoid() -> Tensor {
    Self.elementwise(.sigmoid, self) { _, result, gradient in
      gradient * (result * (1 - result))
    }
  }

  /// The greater of zero and each element, with the subgradient zero at zero.
  @specialized(where Scalar == Float)
  public func rectified() -> Tensor {
    Self.elementwise(.rectify, self) { _, result, gradient in
      gradient * Tensor(Scalar._map(.isPositive, result.elements), shape: result.shape)
    }
  }

  /// The square of every element.
  public func squared() -> Tensor { self * self }
}

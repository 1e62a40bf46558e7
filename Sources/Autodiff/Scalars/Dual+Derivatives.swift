extension Dual {
  /// The derivative of `function` at `x`.
  public static func derivative(of function: (Dual) -> Dual, at x: Scalar) -> Scalar {
    function(Dual(x, derivative: 1)).derivative
  }

  /// The derivative of a function of many variables along a direction: the product of its Jacobian
  /// and `direction`.
  ///
  /// It takes one evaluation, however many variables there are.
  ///
  /// - Parameters:
  ///   - function: Takes and returns vectors.
  ///   - point: Where to differentiate, of shape `[variable]`.
  ///   - direction: Which way, of shape `[variable]`.
  /// - Returns: The derivative of every result, of shape `[result]`.
  /// - Precondition: `point` and `direction` have the same number of variables.
  public static func directionalDerivative(
    of function: ([Dual]) -> [Dual], at point: [Scalar], along direction: [Scalar]
  ) -> [Scalar] {
    precondition(point.count == direction.count, "a direction needs an entry for every variable")
    return function(zip(point, direction).map { Dual($0, derivative: $1) }).map(\.derivative)
  }

  /// The derivatives of every result of a function by every variable.
  ///
  /// It takes one evaluation for every variable; ``Variable`` needs one for every result.
  ///
  /// - Parameters:
  ///   - function: Takes and returns vectors.
  ///   - point: Where to differentiate, of shape `[variable]`.
  /// - Returns: The Jacobian, of shape `[result, variable]`.
  public static func jacobian(of function: ([Dual]) -> [Dual], at point: [Scalar]) -> [[Scalar]] {
    transpose(
      point.indices.map { variable in
        var direction = [Scalar](repeating: .zero, count: point.count)
        direction[variable] = 1
        return directionalDerivative(of: function, at: point, along: direction)
      })
  }

  /// The derivatives of a function by every variable.
  ///
  /// - Parameters:
  ///   - function: Takes a vector and returns a number.
  ///   - point: Where to differentiate, of shape `[variable]`.
  /// - Returns: The gradient, of shape `[variable]`.
  public static func gradient(of function: ([Dual]) -> Dual, at point: [Scalar]) -> [Scalar] {
    jacobian(of: { [function($0)] }, at: point).first ?? []
  }

  /// The product of the Hessian of `function` and `direction`, forward over reverse.
  ///
  /// It takes one evaluation and one sweep back, however many variables there are.
  ///
  /// - Parameters:
  ///   - function: Takes a vector and returns a number.
  ///   - point: Where to differentiate, of shape `[variable]`.
  ///   - direction: What to multiply the Hessian by, of shape `[variable]`.
  /// - Returns: The product, of shape `[variable]`.
  /// - Precondition: `point` and `direction` have the same number of variables.
  public static func hessianVectorProduct(
    of function: ([Variable<Dual>]) -> Variable<Dual>, at point: [Scalar],
    along direction: [Scalar]
  ) -> [Scalar] {
    directionalDerivative(
      of: { Variable.gradient(of: function, at: $0) }, at: point, along: direction)
  }
}

/// The rows of `columns`.
func transpose<Element>(_ columns: [[Element]]) -> [[Element]] {
  (columns.first ?? []).indices.map { row in columns.map { $0[row] } }
}

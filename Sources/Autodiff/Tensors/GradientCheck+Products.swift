extension GradientCheck {
  /// The greatest disagreement between forward mode, reverse mode and central differences along
  /// random directions: ⟨Jv, w⟩ against ⟨v, Jᵀw⟩, and Jv against the difference of values.
  ///
  /// - Parameters:
  ///   - inputs: Where to differentiate.
  ///   - directions: How many pairs of a direction *v* and a vector *w* to try.
  ///   - function: The function, whose result may have any shape.
  /// - Returns: The error relative to the terms of the products, or absolute where these are below
  ///   one; around 1e-10 for right derivatives.
  public func forwardError(
    at inputs: [Tensor<Double>], directions: Int = 2,
    of function: ([Tensor<Double>]) -> Tensor<Double>
  ) -> Double {
    var generator = SeededGenerator(seed: 17)
    func random(_ shape: [Int]) -> Tensor<Double> {
      let elements = (0..<shape.reduce(1, *)).map { _ in
        Double.random(in: -1...1, using: &generator)
      }
      return Tensor(elements, shape: shape)
    }
    var worst = 0.0
    for _ in 0..<directions {
      let direction = inputs.map { random($0.shape) }
      let (value, forward) = jacobianVectorProduct(of: inputs, along: direction, function)
      let vector = random(value.shape)
      let reverse = vectorJacobianProduct(of: inputs, along: vector, function)
      let terms = forward * vector
      let difference = terms.sum().scalar - innerProduct(reverse, direction).scalar
      let size = terms.elements.reduce(1) { $0 + $1.magnitude }
      worst = max(worst, difference.magnitude / size)

      let ends = [step, -step].map { step in
        function(zip(inputs, direction).map { $0 + $1 * step })
      }
      let expected = (ends[0] - ends[1]) / (2 * step)
      let scale = forward.elements.reduce(1) { max($0, $1.magnitude) }
      for (a, b) in zip(expected.elements, forward.elements) {
        worst = max(worst, (a - b).magnitude / scale)
      }
    }
    return worst
  }
}

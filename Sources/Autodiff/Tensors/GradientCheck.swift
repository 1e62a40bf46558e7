/// Compares the gradients of a function with central differences, in double precision.
///
/// The check is for your own operations as well: whatever is computed from tensors can be checked.
public struct GradientCheck: Sendable {
  /// The step of the differences, relative to arguments of order one.
  public var step = 1e-5

  /// Creates a check.
  public init() {}

  /// The greatest difference between the gradient and central differences at `inputs`, relative to
  /// the greatest component of either, or absolute where these are below one.
  ///
  /// - Parameters:
  ///   - inputs: Where to differentiate.
  ///   - function: The function, whose result may have any shape: it is reduced to a number with
  ///     fixed weights, so that no component is overlooked.
  /// - Returns: The error, which is around 1e-9 for a right gradient.
  public func error(
    at inputs: [Tensor<Double>], of function: ([Tensor<Double>]) -> Tensor<Double>
  ) -> Double {
    func loss(_ inputs: [Tensor<Double>]) -> Tensor<Double> {
      let result = function(inputs)
      let weights = (0..<result.count).map { (index: Int) -> Double in
        let step = (index * 7 + 3) % 11
        return 1 + 0.25 * Double(step)
      }
      return (result * Tensor(weights, shape: result.shape)).sum()
    }
    let gradients = gradient(of: inputs, loss)
    var difference = 0.0
    var scale = 1.0
    for (index, input) in inputs.enumerated() {
      for place in 0..<input.count {
        var ends: [Double] = []
        for sign in [1.0, -1.0] {
          var moved = inputs
          var elements = input.elements
          elements[place] += sign * step
          moved[index] = Tensor(elements, shape: input.shape)
          ends.append(loss(moved).scalar)
        }
        let expected = (ends[0] - ends[1]) / (2 * step)
        let found = gradients[index].elements[place]
        difference = max(difference, abs(expected - found))
        scale = max(scale, abs(expected), abs(found))
      }
    }
    return difference / scale
  }

  /// The same error for the gradient of the gradient.
  ///
  /// - Parameters:
  ///   - inputs: Where to differentiate.
  ///   - function: The function, smooth around the inputs.
  /// - Returns: The error, which is around 1e-8 for right derivatives.
  public func secondOrderError(
    at inputs: [Tensor<Double>], of function: ([Tensor<Double>]) -> Tensor<Double>
  ) -> Double {
    error(at: inputs) { inputs in
      let gradients = gradient(of: inputs) { inputs in
        let result = function(inputs)
        return (result * result).sum()
      }
      var sum = Tensor<Double>(0)
      for (index, gradient) in gradients.enumerated() {
        let weight = 1 + 0.5 * Double(index)
        sum = sum + (gradient * weight).squared().sum()
      }
      return sum
    }
  }
}

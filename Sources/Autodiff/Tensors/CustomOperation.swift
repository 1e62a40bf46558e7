/// An operation of your own, with a pullback of your own.
///
/// The pullback is the transposed derivative: it turns the gradient of the result into the gradient
/// of each input. Written with operations on tensors it can itself be differentiated, as those of
/// the engine are; `GradientCheck` tells whether it is right, at first and at second order.
///
/// ```swift
/// func cube(_ x: Tensor<Double>) -> Tensor<Double> {
///   customOperation([x]) { inputs in
///     Tensor(inputs[0].elements.map { $0 * $0 * $0 }, shape: inputs[0].shape)
///   } pullback: { inputs, _, gradient in
///     [gradient * inputs[0].squared() * 3]
///   }
/// }
/// ```
///
/// - Parameters:
///   - inputs: What the result is computed from: everything a gradient should flow to.
///   - compute: The operation on plain numbers.
///   - pullback: The gradients of the inputs, each shaped like its input, and `nil` where the result
///     does not depend on one.
/// - Returns: The result.
/// - Precondition: `compute` uses no watched tensor beside its inputs; the pullback returns a
///   gradient for every input, and of its shape.
public func customOperation<Scalar>(
  _ inputs: [Tensor<Scalar>],
  compute: ([Tensor<Scalar>]) -> Tensor<Scalar>,
  pullback:
    @escaping @Sendable (
      _ inputs: [Tensor<Scalar>], _ result: Tensor<Scalar>, _ gradient: Tensor<Scalar>
    ) -> [Tensor<Scalar>?]
) -> Tensor<Scalar> {
  record(inputs) { inputs in
    let result = compute(inputs)
    precondition(
      result.level == 0,
      "a custom operation used a watched tensor that is not one of its inputs")
    return result
  } pullback: { inputs, result, gradient, _ in
    let gradients = pullback(inputs, result, gradient)
    precondition(
      gradients.count == inputs.count,
      "a pullback returned \(gradients.count) gradients for \(inputs.count) inputs")
    for (input, part) in zip(inputs, gradients) {
      guard let part else { continue }
      precondition(
        part.shape == input.shape,
        "a pullback returned a gradient of shape \(part.shape) for an input of \(input.shape)")
    }
    return gradients
  }
}

// Memory against time: what lies between two checkpoints is computed twice and never kept.

/// Computes `body` without keeping what lies inside it, and computes it again when the gradient
/// comes back (Griewank and Walther, 2000).
///
/// Only the model, the inputs and the state of the generator are kept. The second computation draws
/// the same random numbers as the first, so dropout drops the same elements, and the gradient has
/// the bits it would have had.
///
/// - Parameters:
///   - model: What `body` learns.
///   - inputs: What else it reads that gradients flow to.
///   - generator: Where it draws random numbers from.
///   - body: The computation.
/// - Returns: What `body` returns.
/// - Precondition: `body` uses no watched tensor beside its arguments.
public func checkpointed<Model: ParameterContainer & Sendable>(
  _ model: Model, _ inputs: [Tensor<Model.Scalar>], using generator: inout SeededGenerator,
  _ body:
    @escaping @Sendable (
      _ model: Model, _ inputs: [Tensor<Model.Scalar>], _ generator: inout SeededGenerator
    ) -> Tensor<Model.Scalar>
) -> Tensor<Model.Scalar> {
  let parameterCount = model.parameters.count
  let start = generator
  // The model is put together again from its parameters, as they are watched at the time. Its own
  // parameters would be those of the gradient call that is under way.
  let skeleton = model.detached
  let run: @Sendable ([Tensor<Model.Scalar>], inout SeededGenerator) -> Tensor<Model.Scalar> = {
    everything, generator in
    body(
      skeleton.replacingParameters(with: everything.prefix(parameterCount)),
      Array(everything.dropFirst(parameterCount)), &generator)
  }
  var end = start
  let result = record(model.parameters.map(\.value) + inputs) { everything in
    var generator = start
    let result = run(everything, &generator)
    precondition(
      result.level == 0, "a checkpointed computation used a watched tensor that was not passed in")
    end = generator
    return result
  } pullback: { everything, _, gradient, _ in
    vectorJacobianProduct(of: everything, along: gradient) { everything in
      var generator = start
      return run(everything, &generator)
    }
  }
  generator = end
  return result
}

/// Computes `body` without keeping what lies inside it, and computes it again when the gradient
/// comes back.
///
/// - Parameters:
///   - model: What `body` learns.
///   - inputs: What else it reads that gradients flow to.
///   - body: The computation.
/// - Returns: What `body` returns.
/// - Precondition: `body` uses no watched tensor beside its arguments.
public func checkpointed<Model: ParameterContainer & Sendable>(
  _ model: Model, _ inputs: [Tensor<Model.Scalar>],
  _ body:
    @escaping @Sendable (_ model: Model, _ inputs: [Tensor<Model.Scalar>]) -> Tensor<Model.Scalar>
) -> Tensor<Model.Scalar> {
  var generator = SeededGenerator(seed: 0)
  return checkpointed(model, inputs, using: &generator) { model, inputs, _ in body(model, inputs) }
}

extension ParameterContainer {
  /// The same model with other parameters, in the order in which they are visited.
  ///
  /// - Precondition: There is one of the same shape for every parameter.
  public func replacingParameters(with parameters: some Collection<Tensor<Scalar>>) -> Self {
    var model = self
    var next = parameters.startIndex
    model.visitParameters { name, parameter in
      precondition(next != parameters.endIndex, "there is nothing to replace \(name) with")
      precondition(
        parameters[next].shape == parameter.shape,
        "a tensor of shape \(parameters[next].shape) cannot replace \(name) of \(parameter.shape)")
      parameter = parameters[next]
      parameters.formIndex(after: &next)
    }
    precondition(next == parameters.endIndex, "there are more tensors than parameters")
    return model
  }

  /// The same model, through which no gradient flows.
  public var detached: Self {
    var model = self
    model.visitParameters { $1 = $1.detached }
    return model
  }
}

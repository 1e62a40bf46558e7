// Products of derivatives with vectors, none of which ever forms a matrix.

/// The product of a vector and the Jacobian of `function` at `model`: what reverse mode computes.
///
/// - Parameters:
///   - model: Where to differentiate.
///   - vector: A weight for every element of the result.
///   - function: A function to a tensor of any shape.
/// - Returns: Jᵀ · `vector`, shaped like the model.
/// - Precondition: `vector` has the shape of the result.
public func vectorJacobianProduct<Model: ParameterContainer>(
  of model: Model, along vector: Tensor<Model.Scalar>, _ function: (Model) -> Tensor<Model.Scalar>
) -> Model {
  gradient(of: model) { model in weightedSum(of: function(model), by: vector) }
}

/// The product of the Jacobian of `function` at `model` and a direction: how the result changes as
/// the model moves that way.
///
/// The transposed Jacobian is a linear map, and its pullback is the Jacobian itself: so the gradient
/// of the gradient is forward mode. It costs three evaluations of the function or so, whatever the
/// number of parameters and results, and serves every operation that has a pullback.
///
/// - Parameters:
///   - model: Where to differentiate.
///   - direction: Which way, shaped like the model.
///   - function: A function to a tensor of any shape.
/// - Returns: The value of the function, and J · `direction`, which is shaped like it.
public func jacobianVectorProduct<Model: ParameterContainer>(
  of model: Model, along direction: Model, _ function: (Model) -> Tensor<Model.Scalar>
) -> (value: Tensor<Model.Scalar>, product: Tensor<Model.Scalar>) {
  let value = function(model)
  let anyVector = Tensor<Model.Scalar>(zeros: value.shape)
  let product = gradient(of: anyVector) { vector in
    innerProduct(
      vectorJacobianProduct(of: model, along: vector, function), direction)
  }
  return (value, product)
}

/// The product of the Hessian of `loss` at `model` and a direction: how the gradient changes as the
/// model moves that way.
///
/// - Parameters:
///   - model: Where to differentiate.
///   - direction: Which way, shaped like the model.
///   - loss: A function to a single number.
/// - Returns: H · `direction`, shaped like the model.
/// - Precondition: `loss` returns a single number.
public func hessianVectorProduct<Model: ParameterContainer>(
  of model: Model, along direction: Model, _ loss: (Model) -> Tensor<Model.Scalar>
) -> Model {
  gradient(of: model) { model in innerProduct(gradient(of: model, loss), direction) }
}

/// The sum of the products of all corresponding numbers of two models.
///
/// - Precondition: Their parameters have the same shapes.
public func innerProduct<Model: ParameterContainer>(
  _ a: Model, _ b: Model
) -> Tensor<Model.Scalar> {
  let pairs = zip(a.parameters, b.parameters)
  return pairs.reduce(Tensor(0)) { sum, pair in
    sum + weightedSum(of: pair.0.value, by: pair.1.value)
  }
}

private func weightedSum<Scalar>(
  of tensor: Tensor<Scalar>, by weights: Tensor<Scalar>
) -> Tensor<Scalar> {
  precondition(
    tensor.shape == weights.shape,
    "weights of shape \(weights.shape) do not fit a tensor of shape \(tensor.shape)")
  return (tensor * weights).sum()
}

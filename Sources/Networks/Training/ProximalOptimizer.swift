public import Autodiff

/// A penalty on the parameters of a model that has kinks, such as a norm.
public protocol ModelPenalty<Model> {
  /// The model that is penalised.
  associatedtype Model: ParameterContainer

  /// The penalty.
  func value(at model: Model) -> Model.Scalar

  /// Moves the model to the proximal point of the penalty, which stays near it: see
  /// `ConvexPenalty`.
  func shrink(_ model: inout Model, weight: Model.Scalar)
}

/// An optimiser that takes a step on the loss, then one on a penalty with kinks: what the penalty
/// holds becomes exactly zero, which no gradient of it achieves.
///
/// With ``GradientDescent`` it is proximal SGD, with ``Adam`` proximal Adam. The step on the penalty
/// is the learning rate times its weight long, also after Adam's: like the decay of weights in AdamW
/// it does not depend on the scale of the gradients.
public struct ProximalOptimizer<Base: Optimizer, Penalty: ModelPenalty>: Optimizer
where Penalty.Model == Base.Model {
  /// The model that is improved.
  public typealias Model = Base.Model

  /// The optimiser of the loss.
  public var base: Base

  /// The penalty.
  public var penalty: Penalty

  /// How much the penalty counts beside the loss.
  public var weight: Double

  /// Creates an optimiser of a loss and a penalty.
  ///
  /// - Precondition: The weight is not negative.
  public init(_ base: Base, penalty: Penalty, weight: Double) {
    precondition(weight >= 0, "a penalty cannot have the negative weight \(weight)")
    self.base = base
    self.penalty = penalty
    self.weight = weight
  }

  /// Moves `model` a step against `gradient`, and then towards the least penalty.
  public mutating func update(_ model: inout Model, along gradient: Model, learningRate: Double) {
    base.update(&model, along: gradient, learningRate: learningRate)
    penalty.shrink(&model, weight: Model.Scalar(weight * learningRate))
  }

  /// The state of the optimiser of the loss: a penalty remembers nothing.
  public var state: OptimizerState<Model.Scalar> {
    get { base.state }
    set { base.state = newValue }
  }
}

/// A penalty on the entries of each parameter.
public struct ParameterPenalty<Model: ParameterContainer, Penalty: ConvexPenalty>: ModelPenalty
where Penalty.Scalar == Model.Scalar {
  private let penalty: Penalty
  private let includes: @Sendable (String) -> Bool

  /// Creates a penalty.
  ///
  /// - Parameters:
  ///   - penalty: The penalty on the entries of one parameter.
  ///   - includes: Whether the parameter of this name is penalised; without it those are that are
  ///     not called `bias`.
  public init(
    _ penalty: Penalty,
    includes: @escaping @Sendable (_ name: String) -> Bool = { !$0.hasSuffix("bias") }
  ) {
    self.penalty = penalty
    self.includes = includes
  }

  /// The sum of the penalties of the parameters.
  public func value(at model: Model) -> Model.Scalar {
    model.parameters.filter { includes($0.name) }
      .reduce(0) { $0 + penalty.value(at: $1.value.elements) }
  }

  /// Moves every penalised parameter to its proximal point.
  public func shrink(_ model: inout Model, weight: Model.Scalar) {
    model.visitParameters { name, parameter in
      guard includes(name) else { return }
      parameter = Tensor(
        penalty.proximalPoint(of: parameter.elements, weight: weight), shape: parameter.shape)
    }
  }
}

/// The sum of the lengths of whole filters, each with its bias: a group norm that drops filters as a
/// whole, which ``Sequential/pruned()`` then takes out.
///
/// A filter is all that leads to one channel of the output: the weights of a parameter called
/// `filter` along its last axis, and the entry of the `bias` beside it.
public struct FilterNorm<Model: ParameterContainer>: ModelPenalty {
  /// Creates the norm.
  public init() {}

  /// The sum of the lengths of all filters.
  public func value(at model: Model) -> Model.Scalar {
    filters(of: model).reduce(0) { $0 + norm(of: $1.value).value(at: $1.value.elements) }
  }

  /// Shortens every filter by `weight`, as far as zero.
  public func shrink(_ model: inout Model, weight: Model.Scalar) {
    let shrunk = filters(of: model).mapValues { filters in
      Tensor(
        norm(of: filters).proximalPoint(of: filters.elements, weight: weight),
        shape: filters.shape)
    }
    model.visitParameters { name, parameter in
      let (owner, kind) = split(name)
      guard let filters = shrunk[owner] else { return }
      let width = filters.shape[1]
      switch kind {
      case "filter":
        parameter = filters.sliced(0..<width - 1, along: 1).transposed()
          .reshaped(to: parameter.shape)
      case "bias":
        parameter = filters.sliced(width - 1..<width, along: 1).reshaped(to: parameter.shape)
      default: break
      }
    }
  }

  /// The filters of each layer, with their biases, `[filter, weight]`.
  private func filters(of model: Model) -> [String: Tensor<Model.Scalar>] {
    let parameters = model.parameters
    var result: [String: Tensor<Model.Scalar>] = [:]
    for (name, value) in parameters where split(name).kind == "filter" {
      let owner = split(name).owner
      let count = value.shape[value.rank - 1]
      guard
        let bias = parameters.first(where: {
          split($0.name) == (owner, "bias") && $0.value.shape == [count]
        })
      else { continue }
      result[owner] = Tensor.concatenated(
        [
          value.reshaped(to: [value.count / count, count]).transposed(),
          bias.value.reshaped(to: [count, 1]),
        ], along: 1)
    }
    return result
  }

  private func norm(of filters: Tensor<Model.Scalar>) -> GroupL1Norm<Model.Scalar> {
    let width = filters.shape[1]
    return GroupL1Norm(groups: (0..<filters.shape[0]).map { $0 * width..<($0 + 1) * width })
  }

  private func split(_ name: String) -> (owner: String, kind: String) {
    guard let dot = name.lastIndex(of: ".") else { return ("", name) }
    return (String(name[..<dot]), String(name[name.index(after: dot)...]))
  }
}

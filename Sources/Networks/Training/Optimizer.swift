public import Autodiff

/// A way to improve a model step by step along gradients.
public protocol Optimizer<Model> {
  /// The model that is improved.
  associatedtype Model: ParameterContainer

  /// Moves `model` a step against `gradient`.
  ///
  /// - Parameters:
  ///   - model: The model to improve.
  ///   - gradient: The gradient of the loss at the model.
  ///   - learningRate: How far to go.
  mutating func update(_ model: inout Model, along gradient: Model, learningRate: Double)

  /// What the optimiser remembers of its steps, which continues them when it is set.
  var state: OptimizerState<Model.Scalar> { get set }
}

/// What an optimiser remembers of its steps.
public struct OptimizerState<Scalar: TensorScalar>: Equatable, Sendable {
  /// The steps made.
  public var stepCount: Int

  /// Tensors like the parameters and in their order, by what they mean.
  ///
  /// A memory that no step has filled yet is empty.
  public var memories: [String: [Tensor<Scalar>]]

  /// Creates a state.
  public init(stepCount: Int = 0, memories: [String: [Tensor<Scalar>]] = [:]) {
    self.stepCount = stepCount
    self.memories = memories
  }
}

extension Adam: Optimizer {
  /// The running means, and the number of steps.
  public var state: OptimizerState<Model.Scalar> {
    get {
      OptimizerState(stepCount: stepCount, memories: ["means": means, "squares": squares])
    }
    set {
      stepCount = newValue.stepCount
      means = newValue.memories["means"] ?? []
      squares = newValue.memories["squares"] ?? []
    }
  }
}

/// Gradient descent, with momentum if wanted.
///
/// The step is the learning rate times *v*, where *v* becomes `momentum` · *v* + *g* with each
/// gradient *g*. Nesterov's variant steps along *g* + `momentum` · *v* instead: it looks ahead.
public struct GradientDescent<Model: ParameterContainer>: Optimizer {
  /// The share of the last velocity that is kept.
  public var momentum: Double

  /// Whether the step looks ahead.
  public var isNesterov: Bool

  /// The share of each weight that is added to its gradient.
  public var weightDecay: Double

  private var stepCount = 0
  private var velocities: [Tensor<Model.Scalar>] = []

  /// Creates an optimiser that has made no step.
  ///
  /// - Precondition: The momentum is at least zero and below one, and above zero for Nesterov's.
  public init(momentum: Double = 0, isNesterov: Bool = false, weightDecay: Double = 0) {
    precondition(
      0..<1 ~= momentum && (!isNesterov || momentum > 0),
      "a momentum of \(momentum) does not lead anywhere")
    self.momentum = momentum
    self.isNesterov = isNesterov
    self.weightDecay = weightDecay
  }

  /// Moves `model` a step against `gradient`.
  public mutating func update(_ model: inout Model, along gradient: Model, learningRate: Double) {
    let slopes = gradient.parameters.map(\.value)
    let isFirst = velocities.isEmpty
    stepCount += 1
    var index = 0
    model.visitParameters { _, parameter in
      var slope = slopes[index]
      if weightDecay != 0 { slope = slope + parameter * Model.Scalar(weightDecay) }
      if momentum != 0 {
        let velocity =
          isFirst ? slope : velocities[index] * Model.Scalar(momentum) + slope
        if isFirst { velocities.append(velocity) } else { velocities[index] = velocity }
        slope = isNesterov ? slope + velocity * Model.Scalar(momentum) : velocity
      }
      parameter = (parameter - slope * Model.Scalar(learningRate)).detached
      index += 1
    }
  }

  /// The velocities, and the number of steps.
  public var state: OptimizerState<Model.Scalar> {
    get { OptimizerState(stepCount: stepCount, memories: ["velocities": velocities]) }
    set {
      stepCount = newValue.stepCount
      velocities = newValue.memories["velocities"] ?? []
    }
  }
}

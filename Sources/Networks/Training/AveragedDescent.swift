public import Autodiff

/// Descent along the gradient of a loss, and the running mean of the weights on the way, which judges
/// better than the last ones (Izmailov and others, 2018).
public struct AveragedDescent<Model: ParameterContainer & Sendable> {
  /// How long the steps are.
  public let schedule: CosineSchedule

  private var optimizer: Adam<Model>
  private var average = WeightAverage<Model>(Self.memory)

  /// How much of the running mean of weights a step keeps, at the end of training.
  private static var memory: WeightAverage<Model>.Memory { .fading(0.99) }

  /// Creates a descent that has made no step.
  public init(schedule: CosineSchedule, weightDecay: Double) {
    self.schedule = schedule
    optimizer = Adam(weightDecay: weightDecay)
  }

  /// The share of all steps that have been made, from zero to one.
  public var progress: Double {
    min(Double(optimizer.stepCount) / Double(max(schedule.steps, 1)), 1)
  }

  /// Moves `model` a step against the gradient of the mean loss of examples.
  ///
  /// - Parameters:
  ///   - model: The model to improve.
  ///   - exampleCount: The number of examples.
  ///   - shardSize: The examples that one thread differentiates at a time.
  ///   - threads: The most threads to use; the result does not depend on it.
  ///   - adjust: Called after the step with the model, the learning rate, and the share of all steps
  ///     that have been made, before the model is taken into the mean.
  ///   - loss: The sum of the losses of the examples in a range.
  /// - Returns: The mean loss before the step.
  public mutating func step(
    _ model: inout Model, exampleCount: Int, shardSize: Int = 8, threads: Int,
    adjust: (_ model: inout Model, _ learningRate: Double, _ progress: Double) -> Void = {
      _, _, _ in
    },
    _ loss: @Sendable (Model, Range<Int>) -> Tensor<Model.Scalar>
  ) -> Double {
    let (value, gradient) = parallelValueWithGradient(
      of: model, exampleCount: exampleCount, shardSize: shardSize, threads: threads, loss)
    let rate = schedule.rate(at: optimizer.stepCount)
    optimizer.update(&model, along: gradient, learningRate: rate)
    adjust(&model, rate, progress)
    average.absorb(model)
    return Double(value)
  }

  /// Everything that a training needs to go on from here.
  ///
  /// - Parameters:
  ///   - model: The model that was improved.
  ///   - generator: Where further chance comes from.
  /// - Returns: The state, whose step is left to whoever counts.
  public func checkpoint(
    of model: Model, generator: SeededGenerator
  ) -> TrainingCheckpoint<Adam<Model>> where Model.Scalar == Float {
    var checkpoint = TrainingCheckpoint(model: model, optimizer: optimizer, generator: generator)
    for (index, parameter) in (average.mean?.parameters ?? []).enumerated() {
      checkpoint.memory["average.\(index)"] = parameter.value
    }
    return checkpoint
  }

  /// Goes on from where `checkpoint` was made, once its model takes the place of `model`.
  ///
  /// - Returns: Whether the checkpoint is of such a descent; if not, nothing is changed.
  public mutating func resume(
    _ checkpoint: TrainingCheckpoint<Adam<Model>>
  ) -> Bool where Model.Scalar == Float {
    let shapes = checkpoint.model.parameters.map(\.value.shape)
    let average = shapes.indices.compactMap { checkpoint.memory["average.\($0)"] }
    guard average.isEmpty || average.map(\.shape) == shapes else { return false }
    optimizer = checkpoint.optimizer
    var mean = checkpoint.model
    if average.isEmpty {
      self.average = WeightAverage(Self.memory)
    } else {
      mean.setParameters(to: average)
      self.average = WeightAverage(Self.memory, mean: mean, count: optimizer.stepCount)
    }
    return true
  }

  /// `model` with the running mean of its weights, or as it is before the first step.
  public func averaged(_ model: Model) -> Model { average.mean ?? model }
}

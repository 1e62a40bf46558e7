public import Autodiff
internal import RealModule

/// Gradient descent with a step for each parameter, from running means of its gradient and of the
/// square of it, and weights that decay towards zero (AdamW; Kingma and Ba, 2015; Loshchilov and
/// Hutter, 2019).
public struct Adam<Model: ParameterContainer> {
  /// The share of the running mean of gradients that a step keeps.
  public var meanDecay: Double

  /// The share of the running mean of squared gradients that a step keeps.
  public var squareDecay: Double

  /// What is added to the root of the mean square, so that nothing is divided by zero.
  public var epsilon: Double

  /// The share of itself, times the learning rate, that a step takes from each weight.
  public var weightDecay: Double

  /// The steps made so far.
  public internal(set) var stepCount = 0

  var means: [Tensor<Model.Scalar>] = []
  var squares: [Tensor<Model.Scalar>] = []

  /// Creates an optimiser that has made no step.
  public init(
    meanDecay: Double = 0.9, squareDecay: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0
  ) {
    self.meanDecay = meanDecay
    self.squareDecay = squareDecay
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  /// Moves `model` a step against `gradient`.
  ///
  /// - Parameters:
  ///   - model: The model to improve.
  ///   - gradient: The gradient of the loss at the model.
  ///   - learningRate: How far to go.
  public mutating func update(_ model: inout Model, along gradient: Model, learningRate: Double) {
    let slopes = gradient.parameters.map(\.value)
    if means.isEmpty {
      means = slopes.map { Tensor(zeros: $0.shape) }
      squares = means
    }
    stepCount += 1
    let step = AdaptiveStep(
      meanDecay: meanDecay, squareDecay: squareDecay, number: stepCount, epsilon: epsilon,
      learningRate: learningRate, weightDecay: weightDecay)
    var index = 0
    model.visitParameters { _, parameter in
      step.move(
        &parameter, along: slopes[index], means: &means[index], squares: &squares[index])
      index += 1
    }
  }
}

/// A learning rate that rises evenly to `peak` and then falls along half a cosine to zero
/// (Loshchilov and Hutter, 2017).
public struct CosineSchedule: Hashable, Sendable {
  /// The highest learning rate.
  public var peak: Double

  /// The steps until it is reached.
  public var warmUp: Int

  /// The steps in all.
  public var steps: Int

  /// Creates a schedule.
  public init(peak: Double, warmUp: Int, steps: Int) {
    self.peak = peak
    self.warmUp = warmUp
    self.steps = steps
  }

  /// Creates a schedule that warms up for a twentieth of its steps, but not for long.
  ///
  /// - Parameters:
  ///   - peak: The highest learning rate.
  ///   - steps: The steps in all.
  ///   - longestWarmUp: The most steps until it is reached.
  public init(peak: Double, steps: Int, longestWarmUp: Int = 100) {
    self.init(peak: peak, warmUp: min(max(steps / 20, 1), longestWarmUp), steps: steps)
  }

  /// The learning rate of `step`, counted from zero.
  public func rate(at step: Int) -> Double {
    if step < warmUp { return peak * Double(step + 1) / Double(warmUp) }
    let progress = Double(step - warmUp) / Double(max(steps - warmUp, 1))
    return peak * (1 + .cos(.pi * min(progress, 1))) / 2
  }
}

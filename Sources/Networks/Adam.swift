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
  public private(set) var stepCount = 0

  private var means: [[Model.Scalar]] = []
  private var squares: [[Model.Scalar]] = []

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
    let slopes = gradient.parameters.map(\.value.elements)
    if means.isEmpty {
      means = slopes.map { $0.map { _ in 0 } }
      squares = means
    }
    stepCount += 1
    let meanScale = 1 / (1 - Double.pow(meanDecay, stepCount))
    let squareScale = 1 / (1 - Double.pow(squareDecay, stepCount))
    let decay = Model.Scalar(1 - learningRate * weightDecay)
    var index = 0
    model.visitParameters { _, parameter in
      var elements = parameter.elements
      for place in elements.indices {
        let slope = Double(slopes[index][place])
        let mean = meanDecay * Double(means[index][place]) + (1 - meanDecay) * slope
        let square = squareDecay * Double(squares[index][place]) + (1 - squareDecay) * slope * slope
        means[index][place] = Model.Scalar(mean)
        squares[index][place] = Model.Scalar(square)
        let step =
          learningRate * mean * meanScale / ((square * squareScale).squareRoot() + epsilon)
        elements[place] = elements[place] * decay - Model.Scalar(step)
      }
      parameter = Tensor(elements, shape: parameter.shape)
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

  /// The learning rate of `step`, counted from zero.
  public func rate(at step: Int) -> Double {
    if step < warmUp { return peak * Double(step + 1) / Double(warmUp) }
    let progress = Double(step - warmUp) / Double(max(steps - warmUp, 1))
    return peak * (1 + .cos(.pi * min(progress, 1))) / 2
  }
}

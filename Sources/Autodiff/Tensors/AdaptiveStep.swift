internal import CKernels
internal import RealModule

/// The step of an optimiser that keeps running means of the gradient and of its square for each
/// parameter (Adam; Kingma and Ba, 2015), in one pass over memory.
public struct AdaptiveStep: Hashable, Sendable {
  /// The share of the running mean of gradients that the step keeps.
  public var meanDecay: Double

  /// The share of the running mean of squared gradients that the step keeps.
  public var squareDecay: Double

  /// What makes up for running means that began at zero: a factor of the means.
  public var meanScale: Double

  /// What makes up for running means that began at zero: a factor of the squares.
  public var squareScale: Double

  /// What is added to the root of the mean square.
  public var epsilon: Double

  /// How far to go.
  public var learningRate: Double

  /// The share of itself that a parameter keeps, apart from the gradient.
  public var kept: Double

  /// Creates the step of this number, counted from one.
  public init(
    meanDecay: Double, squareDecay: Double, number: Int, epsilon: Double, learningRate: Double,
    weightDecay: Double
  ) {
    self.meanDecay = meanDecay
    self.squareDecay = squareDecay
    meanScale = 1 / (1 - Double.pow(meanDecay, number))
    squareScale = 1 / (1 - Double.pow(squareDecay, number))
    self.epsilon = epsilon
    self.learningRate = learningRate
    kept = 1 - learningRate * weightDecay
  }

  /// Moves parameters against their gradient.
  ///
  /// - Parameters:
  ///   - parameters: The parameters.
  ///   - gradient: Their gradient.
  ///   - means: The running means of gradients, which are updated.
  ///   - squares: The running means of squared gradients, which are updated.
  /// - Precondition: All have one shape.
  public func move<Scalar>(
    _ parameters: inout Tensor<Scalar>, along gradient: Tensor<Scalar>,
    means: inout Tensor<Scalar>, squares: inout Tensor<Scalar>
  ) {
    precondition(
      [gradient.shape, means.shape, squares.shape].allSatisfy { $0 == parameters.shape },
      "a gradient of shape \(gradient.shape) does not move parameters of \(parameters.shape)")
    (parameters, means, squares) = Scalar._adapt(
      parameters, along: gradient, means: means, squares: squares, self)
  }
}

extension Float {
  /// The parameters and the running means after a step: see ``AdaptiveStep``.
  public static func _adapt(
    _ parameters: Tensor<Float>, along gradient: Tensor<Float>, means: Tensor<Float>,
    squares: Tensor<Float>, _ step: AdaptiveStep
  ) -> (parameters: Tensor<Float>, means: Tensor<Float>, squares: Tensor<Float>) {
    var constants = AdaptiveConstants(
      meanDecay: Float(step.meanDecay), meanShare: Float(1 - step.meanDecay),
      squareDecay: Float(step.squareDecay), squareShare: Float(1 - step.squareDecay),
      rate: Float(step.learningRate * step.meanScale), squareScale: Float(step.squareScale),
      epsilon: Float(step.epsilon), kept: Float(step.kept))
    let (shape, count) = (parameters.shape, Int64(parameters.count))
    var newMeans = means
    var newSquares = squares
    let moved = unsafe Tensor<Float>(pooled: shape) { moved in
      newMeans = unsafe Tensor(pooled: shape) { newMean in
        newSquares = unsafe Tensor(pooled: shape) { newSquare in
          unsafe parameters.withPointer { parameters in
            unsafe gradient.withPointer { gradient in
              unsafe means.withPointer { means in
                unsafe squares.withPointer { squares in
                  unsafe adaptiveStep(
                    &constants, count, parameters, gradient, means, squares, moved, newMean,
                    newSquare)
                }
              }
            }
          }
        }
      }
    }
    return (moved, newMeans, newSquares)
  }

  /// Sums of two tensors of one shape, each times a factor.
  public static func _sum(
    _ a: Tensor<Float>, times aFactor: Float, _ b: Tensor<Float>, times bFactor: Float
  ) -> Tensor<Float> {
    unsafe Tensor(pooled: a.shape) { sum in
      unsafe a.withPointer { first in
        unsafe b.withPointer { second in
          unsafe weightedSum(Int64(a.count), first, aFactor, second, bFactor, sum)
        }
      }
    }
  }
}

extension Double {
  /// The parameters and the running means after a step: see ``AdaptiveStep``.
  public static func _adapt(
    _ parameters: Tensor<Double>, along gradient: Tensor<Double>, means: Tensor<Double>,
    squares: Tensor<Double>, _ step: AdaptiveStep
  ) -> (parameters: Tensor<Double>, means: Tensor<Double>, squares: Tensor<Double>) {
    var (moved, newMeans) = (parameters.elements, means.elements)
    var newSquares = squares.elements
    for (place, slope) in gradient.elements.enumerated() {
      newMeans[place] = step.meanDecay * newMeans[place] + (1 - step.meanDecay) * slope
      newSquares[place] =
        step.squareDecay * newSquares[place] + (1 - step.squareDecay) * slope * slope
      let root = (newSquares[place] * step.squareScale).squareRoot() + step.epsilon
      moved[place] =
        step.kept * moved[place] - step.learningRate * step.meanScale * newMeans[place] / root
    }
    let shape = parameters.shape
    return (
      Tensor(moved, shape: shape), Tensor(newMeans, shape: shape), Tensor(newSquares, shape: shape)
    )
  }

  /// Sums of two tensors of one shape, each times a factor.
  public static func _sum(
    _ a: Tensor<Double>, times aFactor: Double, _ b: Tensor<Double>, times bFactor: Double
  ) -> Tensor<Double> {
    Tensor(zip(a.elements, b.elements).map { aFactor * $0 + bFactor * $1 }, shape: a.shape)
  }
}

extension Tensor {
  /// The sum of this tensor and another of its shape, each times a factor, in one pass over memory
  /// and outside all gradients.
  ///
  /// - Precondition: The shapes are the same.
  public func combined(times factor: Scalar, with other: Tensor, times otherFactor: Scalar)
    -> Tensor
  {
    precondition(shape == other.shape, "shapes \(shape) and \(other.shape) differ")
    return Scalar._sum(detached, times: factor, other.detached, times: otherFactor)
  }
}

public import Autodiff
internal import RealModule

// What accompanies the steps of a training.

extension ParameterContainer {
  /// The length of the model as one long vector: for a gradient, its norm.
  public var norm: Scalar {
    parameters.reduce(0) { sum, parameter in
      parameter.value.elements.reduce(sum) { $0 + $1 * $1 }
    }.squareRoot()
  }

  /// The same gradient, shortened to `limit` if it is longer.
  ///
  /// - Precondition: The limit is positive.
  public func clipped(toNorm limit: Scalar) -> Self {
    precondition(limit > 0, "a gradient cannot be shortened to \(limit)")
    let norm = norm
    guard norm > limit else { return self }
    var gradient = self
    gradient.visitParameters { $1 = $1.detached * (limit / norm) }
    return gradient
  }

  /// The same gradient, with every component brought within −`limit` … `limit`.
  ///
  /// - Precondition: The limit is not negative.
  public func clipped(toMagnitude limit: Scalar) -> Self {
    precondition(limit >= 0, "a magnitude cannot be \(limit)")
    var gradient = self
    gradient.visitParameters { $1 = $1.detached.clamped(to: -limit...limit) }
    return gradient
  }
}

/// A running mean of the models of a training, which is often better than any of them.
public struct WeightAverage<Model: ParameterContainer> {
  /// How much older models count.
  public enum Memory: Hashable, Sendable {
    /// All the same (Izmailov et al., 2018).
    case even

    /// The mean keeps this share of itself with every model; at first less, so that it soon forgets
    /// a random start.
    case fading(Double)
  }

  /// How much older models count.
  public let memory: Memory

  /// The mean so far, and `nil` before the first model.
  public private(set) var mean: Model?

  private var count = 0

  /// Creates the mean of no model.
  public init(_ memory: Memory) { self.memory = memory }

  /// Goes on with the mean of `count` models.
  ///
  /// - Parameters:
  ///   - memory: How much older models count.
  ///   - mean: Their mean.
  ///   - count: How many they are.
  /// - Precondition: There is one.
  public init(_ memory: Memory, mean: Model, count: Int) {
    precondition(count > 0, "a mean of \(count) models is none")
    self.memory = memory
    self.mean = mean
    self.count = count
  }

  /// Takes a model into the mean.
  ///
  /// What a model keeps beside its parameters is that of the last one.
  public mutating func absorb(_ model: Model) {
    count += 1
    guard let old = mean else {
      mean = model
      return
    }
    let share: Double
    switch memory {
    case .even: share = 1 - 1 / Double(count)
    case .fading(let decay): share = min(decay, Double(count) / Double(count + 10))
    }
    let before = old.parameters.map(\.value)
    var next = model
    var index = 0
    next.visitParameters { _, parameter in
      parameter =
        before[index] * Model.Scalar(share) + parameter.detached * Model.Scalar(1 - share)
      index += 1
    }
    mean = next
  }
}

/// Remembers the best model, and says when it is time to stop looking for a better one.
public struct EarlyStopping<Model> {
  /// How often in a row a model may be no better before it is time to stop.
  public let patience: Int

  /// How much less a loss has to be to count as better.
  public let leastImprovement: Double

  /// The best model with its loss, and `nil` before the first.
  public private(set) var best: (model: Model, loss: Double)?

  private var failures = 0

  /// Creates a watch over losses.
  public init(patience: Int, leastImprovement: Double = 0) {
    self.patience = patience
    self.leastImprovement = leastImprovement
  }

  /// Takes notice of a model and its loss on examples it does not learn from.
  ///
  /// - Returns: Whether it is time to stop.
  public mutating func observe(_ model: Model, loss: Double) -> Bool {
    if loss < (best?.loss ?? .infinity) - leastImprovement {
      best = (model, loss)
      failures = 0
    } else {
      failures += 1
    }
    return failures > patience
  }
}

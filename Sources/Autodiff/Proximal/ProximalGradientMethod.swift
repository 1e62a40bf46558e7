import RealModule

/// Minimises *g*(*x*) + *λf*(*x*) for a smooth *g* and a convex penalty *f*.
///
/// Every iteration takes a gradient step on *g*, then moves to the proximal point of the penalty.
public struct ProximalGradientMethod<Penalty: ConvexPenalty>: Sendable {
  /// What an iteration keeps of the last one.
  public enum Momentum: Hashable, Sendable {
    /// Nothing (ISTA): the objective falls in every iteration, and is off by O(1/*k*) after *k*.
    case none

    /// More and more of the last step (FISTA): O(1/*k*²), though not in every iteration.
    case nesterov
  }

  /// The penalty *f*.
  public var penalty: Penalty

  /// The weight *λ* of the penalty.
  public var weight: Penalty.Scalar

  /// The length of a gradient step.
  public var stepSize: Penalty.Scalar

  /// What an iteration keeps of the last one.
  public var momentum: Momentum

  /// Creates a method.
  ///
  /// - Parameters:
  ///   - penalty: The penalty *f*.
  ///   - weight: The weight *λ* of the penalty.
  ///   - stepSize: The length of a gradient step. It converges for steps up to one over the
  ///     Lipschitz constant of the gradient of *g*.
  ///   - momentum: What an iteration keeps of the last one.
  /// - Precondition: The weight is not negative, and the step size is positive.
  public init(
    penalty: Penalty, weight: Penalty.Scalar, stepSize: Penalty.Scalar,
    momentum: Momentum = .nesterov
  ) {
    requireWeight(weight)
    precondition(stepSize > 0, "a step cannot have the length \(stepSize)")
    self.penalty = penalty
    self.weight = weight
    self.stepSize = stepSize
    self.momentum = momentum
  }

  /// The point that `iterations` steps from `start` lead to.
  ///
  /// - Parameters:
  ///   - start: The first point, of shape `[entry]`.
  ///   - iterations: The number of steps.
  ///   - gradient: Takes a point and returns the gradient of *g* there, of shape `[entry]`.
  /// - Returns: The last point, of shape `[entry]`.
  /// - Precondition: A gradient has an entry for each of the point.
  public func minimize(
    from start: [Penalty.Scalar], iterations: Int,
    gradient: ([Penalty.Scalar]) -> [Penalty.Scalar]
  ) -> [Penalty.Scalar] {
    var point = start
    var lookahead = start
    var inertia: Penalty.Scalar = 1
    for _ in 0..<iterations {
      let slope = gradient(lookahead)
      precondition(slope.count == point.count, "a gradient needs an entry for each of the point")
      let next = penalty.proximalPoint(
        of: zip(lookahead, slope).map { $0 - stepSize * $1 }, weight: stepSize * weight)
      switch momentum {
      case .none: lookahead = next
      case .nesterov:
        let nextInertia = (1 + Penalty.Scalar.sqrt(1 + 4 * inertia * inertia)) / 2
        let share = (inertia - 1) / nextInertia
        lookahead = zip(next, point).map { $0 + share * ($0 - $1) }
        inertia = nextInertia
      }
      point = next
    }
    return point
  }
}

public import RealModule

/// A convex penalty *f* on a vector, simple enough to be minimised near any given point.
///
/// The minimum of ½‖*x* − *v*‖² + *λf*(*x*) over *x* is the proximal point of *v*. To move there is
/// what a gradient step is to a smooth function, for penalties with kinks and for constraints:
/// the entries that a kink holds become exactly zero.
public protocol ConvexPenalty<Scalar>: Sendable {
  /// The type of the entries of a vector.
  associatedtype Scalar: Real & Sendable

  /// The penalty *f*(*x*), which is infinite where a constraint is broken.
  func value(at x: [Scalar]) -> Scalar

  /// The one minimum of ½‖*x* − *v*‖² + *λf*(*x*) over *x*.
  ///
  /// - Parameters:
  ///   - v: The point to stay near, of shape `[entry]`.
  ///   - weight: The weight *λ* of the penalty.
  /// - Returns: The proximal point, of shape `[entry]`.
  /// - Precondition: `weight` is not negative.
  func proximalPoint(of v: [Scalar], weight: Scalar) -> [Scalar]
}

extension Real {
  /// The number moved towards zero by `threshold`, and zero if it is not further away.
  func softened(by threshold: Self) -> Self {
    if self > threshold { return self - threshold }
    if self < -threshold { return self + threshold }
    return isNaN ? self : 0
  }
}

/// Checks the weight of a penalty.
func requireWeight(_ weight: some Real) {
  precondition(weight >= 0, "a penalty cannot have the negative weight \(weight)")
}

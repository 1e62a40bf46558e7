public import RealModule

/// The sum of magnitudes ‖*x*‖₁, whose proximal point is the soft threshold.
public struct L1Norm<Scalar: Real & Sendable>: ConvexPenalty {
  /// Creates the norm.
  public init() {}

  /// The sum of the magnitudes of the entries.
  public func value(at x: [Scalar]) -> Scalar { x.reduce(0) { $0 + $1.magnitude } }

  /// The vector whose entries are moved towards zero by `weight`, as far as zero.
  ///
  /// - Precondition: `weight` is not negative.
  public func proximalPoint(of v: [Scalar], weight: Scalar) -> [Scalar] {
    requireWeight(weight)
    return v.map { $0.softened(by: weight) }
  }
}

/// The sum of magnitudes of a vector that must not be negative.
public struct NonNegativeL1Norm<Scalar: Real & Sendable>: ConvexPenalty {
  /// Creates the norm.
  public init() {}

  /// The sum of the entries, and infinity if one of them is negative.
  public func value(at x: [Scalar]) -> Scalar {
    x.contains { $0 < 0 } ? .infinity : x.reduce(0, +)
  }

  /// The vector whose entries are lowered by `weight`, but not below zero.
  ///
  /// - Precondition: `weight` is not negative.
  public func proximalPoint(of v: [Scalar], weight: Scalar) -> [Scalar] {
    requireWeight(weight)
    return v.map { $0.isNaN ? $0 : max($0 - weight, 0) }
  }
}

/// The sum of magnitudes and of squares, ‖*x*‖₁ + ½*ρ*‖*x*‖₂².
///
/// The squares hold together entries that the magnitudes alone would choose among.
public struct ElasticNet<Scalar: Real & Sendable>: ConvexPenalty {
  /// The weight *ρ* of the squares.
  public let ridge: Scalar

  /// Creates the penalty.
  ///
  /// - Precondition: `ridge` is not negative.
  public init(ridge: Scalar) {
    requireWeight(ridge)
    self.ridge = ridge
  }

  /// The sum of the magnitudes and half of `ridge` times that of the squares.
  public func value(at x: [Scalar]) -> Scalar {
    x.reduce(0) { $0 + $1.magnitude + ridge * $1 * $1 / 2 }
  }

  /// The soft threshold of the vector, scaled towards zero.
  ///
  /// - Precondition: `weight` is not negative.
  public func proximalPoint(of v: [Scalar], weight: Scalar) -> [Scalar] {
    requireWeight(weight)
    return v.map { $0.softened(by: weight) / (1 + weight * ridge) }
  }
}

/// The sum of the Euclidean lengths of groups of entries, Σ‖*x*ᵍ‖₂.
///
/// It makes groups zero as a whole: all the weights of one channel, say.
public struct GroupL1Norm<Scalar: Real & Sendable>: ConvexPenalty {
  /// The entries of each group; those in none are free.
  public let groups: [Range<Int>]

  /// Creates the norm.
  ///
  /// - Precondition: No two groups have an entry in common.
  public init(groups: [Range<Int>]) {
    let ordered = groups.sorted { $0.lowerBound < $1.lowerBound }
    for (group, next) in zip(ordered, ordered.dropFirst()) {
      precondition(!group.overlaps(next), "the groups \(group) and \(next) overlap")
    }
    self.groups = groups
  }

  /// The sum of the lengths of the groups.
  ///
  /// - Precondition: Every group lies within the vector.
  public func value(at x: [Scalar]) -> Scalar {
    groups.reduce(0) { $0 + length(of: x[$1]) }
  }

  /// The vector whose groups are shortened by `weight`, as far as zero.
  ///
  /// - Precondition: `weight` is not negative, and every group lies within the vector.
  public func proximalPoint(of v: [Scalar], weight: Scalar) -> [Scalar] {
    requireWeight(weight)
    var point = v
    for group in groups {
      let length = length(of: v[group])
      let scale = length > weight ? 1 - weight / length : length.isNaN ? .nan : 0
      for entry in group { point[entry] *= scale }
    }
    return point
  }

  private func length(of group: ArraySlice<Scalar>) -> Scalar {
    .sqrt(group.reduce(0) { $0 + $1 * $1 })
  }
}

/// Bounds on every entry of a vector, with no penalty within.
public struct BoxConstraint<Scalar: Real & Sendable>: ConvexPenalty {
  /// The values an entry may have.
  public let bounds: ClosedRange<Scalar>

  /// Creates the constraint.
  public init(_ bounds: ClosedRange<Scalar>) { self.bounds = bounds }

  /// Zero within the bounds, and infinity without.
  public func value(at x: [Scalar]) -> Scalar {
    x.allSatisfy(bounds.contains) ? 0 : .infinity
  }

  /// The nearest vector within the bounds, whatever the weight.
  ///
  /// - Precondition: `weight` is not negative.
  public func proximalPoint(of v: [Scalar], weight: Scalar) -> [Scalar] {
    requireWeight(weight)
    return v.map { $0.isNaN ? $0 : min(max($0, bounds.lowerBound), bounds.upperBound) }
  }
}

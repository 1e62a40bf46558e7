/// Groups points that lie densely together, and leaves out those that lie alone (DBSCAN; Ester,
/// Kriegel, Sander and Xu, 1996).
public struct DensityClustering: Hashable, Sendable {
  /// How far apart neighbours may be.
  public var radius: Double

  /// The neighbours, itself included, that make a point the core of a group.
  public var minimumPoints: Int

  /// Creates a clustering.
  ///
  /// - Precondition: `radius` is not negative, and `minimumPoints` is positive.
  public init(radius: Double, minimumPoints: Int) {
    precondition(radius >= 0 && minimumPoints > 0, "a group needs a radius and a point")
    self.radius = radius
    self.minimumPoints = minimumPoints
  }

  /// The group of each point, counted from zero in the order of their first cores, and `nil` for a
  /// point that lies alone.
  ///
  /// A point at the border of two groups belongs to the first.
  ///
  /// - Parameters:
  ///   - count: The number of points.
  ///   - squaredDistance: The square of the distance between two points by their numbers.
  /// - Returns: The group of each point.
  /// - Complexity: O(`count`²): clouds of a hand are small.
  public func groups(
    count: Int, squaredDistance: (Int, Int) -> Double
  ) -> [Int?] {
    let limit = radius * radius
    func neighbours(of point: Int) -> [Int] {
      (0..<count).filter { $0 == point || squaredDistance(point, $0) <= limit }
    }
    var groups = [Int?](repeating: nil, count: count)
    var next = 0
    for seed in 0..<count where groups[seed] == nil {
      let around = neighbours(of: seed)
      guard around.count >= minimumPoints else { continue }
      groups[seed] = next
      var open = around
      while let point = open.popLast() {
        guard groups[point] == nil else { continue }
        groups[point] = next
        let further = neighbours(of: point)
        if further.count >= minimumPoints { open += further }
      }
      next += 1
    }
    return groups
  }
}

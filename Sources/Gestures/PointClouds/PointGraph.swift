/// Which points belong together: for each point, its neighbours in space, velocity and time.
public struct PointGraph: Hashable, Sendable {
  /// How near points are: what is one unit apart along each axis.
  public struct Metric: Codable, Hashable, Sendable {
    /// The distance that counts as one, in metres.
    public var length: Float = 0.25

    /// The difference of velocities that counts as one, in metres per second.
    public var velocity: Float = 1

    /// The time that counts as one, in seconds.
    public var time: Float = 0.2

    /// Creates the metric that gestures of an arm need.
    public init() {}

    /// The point on axes that have one unit.
    func place(of point: RadarPoint) -> SIMD8<Float> {
      SIMD8(
        point.position.x / length, point.position.y / length, point.position.z / length,
        point.velocity / self.velocity, point.time / time, 0, 0, 0)
    }

    /// Whether the numbers, which may come from a damaged file, are units.
    var isSound: Bool { [length, velocity, time].allSatisfy { $0.isFinite && $0 > 0 } }
  }

  /// The number of points.
  public let pointCount: Int

  /// The neighbours of each point.
  public let degree: Int

  /// The neighbours of the first point, then of the second: `[point, neighbour]`.
  public let neighbours: [Int]

  /// Joins each point to the `degree` points nearest to it, itself among them, the nearest first.
  ///
  /// Where there are fewer points, or fewer within the radius, the last one is repeated, which no
  /// maximum notices.
  ///
  /// - Parameters:
  ///   - points: The points.
  ///   - degree: The neighbours of each.
  ///   - radius: The farthest that a neighbour may be, in units of the metric.
  ///   - metric: How near points are.
  /// - Precondition: The degree is positive.
  /// - Complexity: O(*n*²) for *n* points.
  public init(
    _ points: [RadarPoint], degree: Int, within radius: Float = .infinity,
    metric: Metric = Metric()
  ) {
    precondition(degree > 0, "a point needs a neighbour, not \(degree)")
    let places = points.map { metric.place(of: $0) }
    pointCount = points.count
    self.degree = degree
    let reach = radius * radius
    var neighbours: [Int] = []
    neighbours.reserveCapacity(points.count * degree)
    var nearest = [(distance: Float, index: Int)](repeating: (0, 0), count: degree)
    for (index, place) in places.enumerated() {
      var found = 0
      for (other, candidate) in places.enumerated() {
        let difference = candidate - place
        // A point is its own nearest neighbour, even where another one lies at the same place.
        let distance = other == index ? -1 : (difference * difference).sum()
        guard distance <= reach, found < degree || distance < nearest[found - 1].distance else {
          continue
        }
        if found < degree { found += 1 }
        var slot = found - 1
        while slot > 0, nearest[slot - 1].distance > distance {
          nearest[slot] = nearest[slot - 1]
          slot -= 1
        }
        nearest[slot] = (distance, other)
      }
      for slot in 0..<degree { neighbours.append(nearest[min(slot, max(found - 1, 0))].index) }
    }
    self.neighbours = neighbours
  }
}

internal import RealModule

/// Something that reflects from several points: the mean of a group of detections.
struct Reflector: Hashable, Sendable {
  var range: Double?
  var velocity: Double

  /// The direction cosines to the right and upwards.
  var horizontal: Double?
  var vertical: Double?

  /// The sum of the power of its points over that of the noise.
  var power: Double
}

extension PointCloud {
  /// The groups of detections that lie together, the strongest first.
  ///
  /// - Parameters:
  ///   - rangeReach: How far apart in range neighbours may be in metres.
  ///   - velocityReach: How far apart in velocity neighbours may be in metres per second.
  ///   - minimumPoints: The neighbours, itself included, that make a detection the core of a group.
  /// - Returns: The groups; detections that lie alone are none unless one point makes a core.
  func reflectors(
    rangeReach: Double, velocityReach: Double, minimumPoints: Int
  ) -> [Reflector] {
    let clustering = DensityClustering(radius: 1, minimumPoints: minimumPoints)
    let groups = clustering.groups(count: detections.count) { one, other in
      let (first, second) = (detections[one], detections[other])
      let range = ((first.range ?? 0) - (second.range ?? 0)) / rangeReach
      let velocity = (first.velocity - second.velocity) / velocityReach
      return range * range + velocity * velocity
    }
    let count = (groups.compactMap { $0 }.max() ?? -1) + 1
    return (0..<count).compactMap { group in
      Reflector(of: groups.indices.filter { groups[$0] == group }.map { detections[$0] })
    }.sorted { $0.power > $1.power }
  }
}

extension Reflector {
  /// The mean of detections, weighted by their power.
  init?(of detections: [Detection]) {
    guard !detections.isEmpty else { return nil }
    let weights = detections.map { Double.exp10($0.signalToNoiseRatio / 10) }
    let total = weights.reduce(0, +)
    func mean(_ value: (Detection) -> Double?) -> Double? {
      var sum = 0.0
      for (detection, weight) in zip(detections, weights) {
        guard let value = value(detection) else { return nil }
        sum += weight * value
      }
      return sum / total
    }
    guard let velocity = mean({ $0.velocity }) else { return nil }
    self.velocity = velocity
    range = mean { $0.range }
    horizontal = mean { detection in
      detection.azimuth.map { .sin($0) * .cos(detection.elevation ?? 0) }
    }
    vertical = mean { detection in detection.elevation.map { .sin($0) } }
    power = total
  }
}

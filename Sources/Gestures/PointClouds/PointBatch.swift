internal import Autodiff
internal import RealModule

/// The points of several gestures as one graph that falls apart into one for each of them.
struct PointBatch: Sendable {
  /// The features of all points, `[point, feature]`.
  private(set) var features: [Float] = []

  /// The neighbours of all points, `[point, neighbour]`.
  private(set) var neighbours: [Int] = []

  /// The slot of time of each point, counted through all gestures.
  private(set) var slots: [Int] = []

  /// The gestures.
  private(set) var count = 0

  /// The features of a point: three of place, velocity, intensity and time.
  static let featureCount = 6

  let shape: PointGraphShape

  init(shape: PointGraphShape) { self.shape = shape }

  /// Adds a gesture.
  ///
  /// - Parameter points: Its points, as many as there are.
  mutating func append(_ points: [RadarPoint]) {
    let first = slots.count
    let graph = PointGraph(
      points, degree: shape.degree, within: shape.radius ?? .infinity, metric: shape.metric)
    neighbours += graph.neighbours.map { $0 + first }
    let centre = SIMD3(
      median(points.map(\.position.x)), median(points.map(\.position.y)),
      median(points.map(\.position.z)))
    for point in points {
      let place = (point.position - centre) * 2
      let strength = .log(onePlus: max(point.intensity, 0)) - shape.usualIntensity
      features += [
        place.x, place.y, place.z, point.velocity * 1.5, strength, point.time - 1,
      ].map { min(max($0, -6), 6) }
      // Bounded before it becomes an integer: what comes from a file may be any number.
      let slot = min(max(point.time / shape.slotDuration, 0), Float(shape.slots - 1))
      slots.append(count * shape.slots + Int(slot))
    }
    count += 1
  }

  private func median(_ values: [Float]) -> Float {
    values.isEmpty ? 0 : values.sorted()[values.count / 2]
  }
}

/// The sizes of a network on graphs of points.
struct PointGraphShape: Codable, Hashable, Sendable {
  /// The most points of a gesture that are looked at, drawn at random.
  var points = 128

  /// The neighbours of each point.
  var degree = 6

  /// The farthest that a neighbour may be, in units of the metric, if there is a limit.
  var radius: Float?

  /// How near points are.
  var metric = PointGraph.Metric()

  /// The slots of time.
  var slots = 32

  /// The length of a slot in seconds.
  var slotDuration: Float = 0.1

  /// The mean of log(1 + intensity) over what was learned from.
  var usualIntensity: Float = 0

  /// The channels of the first layer; the others have twice as many.
  var width = 32

  /// Whether the numbers, which may come from a damaged file, make a network.
  var isSound: Bool {
    (8...4096).contains(points) && (1...64).contains(degree) && (radius ?? 1) > 0
      && metric.isSound && (4...1024).contains(slots) && slotDuration.isFinite
      && slotDuration > 1e-6 && usualIntensity.isFinite && (1...256).contains(width)
  }
}

/// Variations of a gesture that leave its name as it is, in physical terms.
struct PointAugmentation: Sendable {
  /// How far the person may be turned about the vertical, in radians.
  var turn: Float = 0.25

  /// How much larger or smaller the person may be, as a share.
  var size: Float = 0.15

  /// The standard deviation of each coordinate of a point in metres.
  var jitter: Float = 0.01

  /// How much faster or slower the gesture may be made, as a share.
  var pace: Float = 0.2

  /// How much faster or slower all velocities may be, as a share: other radars resolve them
  /// differently, and other people move differently far.
  var velocity: Float = 0.25

  /// The standard deviation of the logarithm by which all points are stronger or weaker.
  var intensity: Float = 0.25

  /// How much later or earlier the gesture may begin, in seconds.
  var shift: Float = 0.2

  /// The most points that may be missing, as a share.
  var dropout: Float = 0.3

  /// How much may be missing at each end of a gesture, as a share of its time.
  var crop: Float = 0.15

  /// The points, varied.
  func varied(
    _ points: [RadarPoint], using generator: inout SeededGenerator
  ) -> [RadarPoint] {
    var points = points
    if Bool.random(using: &generator) {
      let end = points.last?.time ?? 0
      let first = Float.random(in: 0...crop, using: &generator) * end
      let last = end * (1 - Float.random(in: 0...crop, using: &generator))
      let kept = points.filter { first...max(first, last) ~= $0.time }
      if kept.count > 50 {
        points = kept.map { point in
          var point = point
          point.time -= first
          return point
        }
      }
    }
    let missing = Float.random(in: 0...dropout, using: &generator)
    let present = points.filter { _ in Float.random(in: 0..<1, using: &generator) >= missing }
    if present.count >= 8 { points = present }
    let angle = Float.random(in: -turn...turn, using: &generator)
    let (sine, cosine) = (Float.sin(angle), Float.cos(angle))
    let scale = 1 + Float.random(in: -size...size, using: &generator)
    let speed = 1 + Float.random(in: -pace...pace, using: &generator)
    let delay = Float.random(in: -shift...shift, using: &generator)
    let haste = 1 + Float.random(in: -velocity...velocity, using: &generator)
    let strength = Float.exp(intensity * Float(gaussian(using: &generator)))
    // The network sees places relative to their median, so it does not matter about which axis
    // people turn.
    for index in points.indices {
      let place = points[index].position
      let noise = SIMD3(
        Float(gaussian(using: &generator)), Float(gaussian(using: &generator)),
        Float(gaussian(using: &generator)))
      points[index].position =
        scale
        * SIMD3(
          cosine * place.x - sine * place.y, sine * place.x + cosine * place.y, place.z)
        + jitter * noise
      points[index].time = points[index].time * speed + delay
      points[index].velocity *= haste
      points[index].intensity = (1 + max(points[index].intensity, 0)) * strength - 1
    }
    return points
  }
}

/// At most `count` of the points, drawn at random, in their order.
func sample(
  _ points: [RadarPoint], count: Int, using generator: inout SeededGenerator
) -> [RadarPoint] {
  guard points.count > count else { return points }
  let chosen = points.indices.shuffled(using: &generator).prefix(count).sorted()
  return chosen.map { points[$0] }
}

/// A place from which a radar had an echo, and when.
public struct RadarPoint: Hashable, Sendable {
  /// Where it is in metres: to the right, away from the radar, and up.
  public var position: SIMD3<Float>

  /// How fast its range grows in metres per second.
  public var velocity: Float

  /// How strong the echo is, in whatever the radar counts.
  public var intensity: Float

  /// When it was seen, in seconds since the sequence began.
  public var time: Float

  /// Creates a point.
  public init(
    position: SIMD3<Float>, velocity: Float, intensity: Float, time: Float
  ) {
    self.position = position
    self.velocity = velocity
    self.intensity = intensity
    self.time = time
  }

  /// Whether all numbers are finite.
  var isSound: Bool {
    position.x.isFinite && position.y.isFinite && position.z.isFinite && velocity.isFinite
      && intensity.isFinite && time.isFinite
  }
}

/// The points of one gesture, in no order but that of time.
public struct PointSequence: Hashable, Sendable {
  /// Where the points come from: a file.
  public var source: String

  /// When the sequence begins in its source, in seconds.
  public var start: Double

  /// The points, by their time.
  public var points: [RadarPoint]

  /// The name of the gesture, if known.
  public var label: String?

  /// The person who made it, if known.
  public var subject: String?

  /// Creates a sequence.
  ///
  /// - Parameters:
  ///   - source: Where the points come from.
  ///   - start: When the sequence begins there, in seconds.
  ///   - points: The points.
  ///   - label: The name of the gesture, if known.
  ///   - subject: The person who made it, if known.
  public init(
    source: String, start: Double = 0, points: [RadarPoint], label: String? = nil,
    subject: String? = nil
  ) {
    self.source = source
    self.start = start
    self.points = points.sorted { $0.time < $1.time }
    self.label = label
    self.subject = subject
  }

  /// The time from the first point to the last in seconds.
  public var duration: Double { Double(points.last?.time ?? 0) }
}

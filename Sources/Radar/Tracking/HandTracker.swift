internal import RealModule

/// Where a hand is and how it moves, as a tracker has it.
public struct HandTrack: Hashable, Sendable {
  /// The number of tracks before this one: it changes when another begins.
  public var identifier: Int

  /// The time in seconds since the start of the recording.
  public var time: Double

  /// How far away the hand is in metres, and `nil` if the waveform has no range axis.
  public var range: Double?

  /// How fast its range grows in metres per second.
  public var velocity: Double

  /// Its angle to the right of straight ahead in radians, if the receivers can tell.
  public var azimuth: Double?

  /// Its angle above the horizontal plane in radians, if the receivers can tell.
  public var elevation: Double?

  /// How long ago it was last detected, in seconds: above zero the track is a prediction.
  public var unseen: Double
}

/// Follows one hand through point clouds.
///
/// Detections that lie together are one reflector. The strongest begins a track, which counts once
/// it has been seen a few times, follows the reflector nearest to its prediction within a gate, and
/// ends when nothing has been seen there for a while. See <doc:HandTracking>.
public struct HandTracker: Sendable {
  /// How a tracker judges.
  public struct Options: Hashable, Sendable {
    /// How far apart in range the detections of one reflector may be in metres.
    public var rangeReach = 0.12

    /// How far apart in velocity the detections of one reflector may be in metres per second.
    public var velocityReach = 1.0

    /// The neighbours, itself included, that make a detection the core of a reflector.
    public var minimumPoints = 1

    /// The standard deviation of a measured range in metres; a hand is not a point.
    public var rangeDeviation = 0.03

    /// The standard deviation of a measured velocity in metres per second.
    public var velocityDeviation = 0.25

    /// The standard deviation of a measured direction cosine.
    public var directionDeviation = 0.1

    /// The density of the acceleration along range in m²/s³.
    public var accelerationDensity = 10.0

    /// The density of the acceleration of the direction cosines in 1/s³.
    public var directionDensity = 10.0

    /// The share of true measurements that the gate lets pass.
    public var gate = 0.99

    /// How often a track must be seen before it counts.
    public var confirmations = 3

    /// How long a track that counts lives unseen, in seconds.
    public var patience = 0.4

    /// Creates the usual options.
    public init() {}
  }

  /// How the tracker judges.
  public let options: Options

  private var state: HandState?
  private var births = 0

  /// Creates a tracker that has seen nothing.
  public init(options: Options = Options()) { self.options = options }

  /// Takes the next point cloud.
  ///
  /// - Parameter cloud: A point cloud, later than the last one.
  /// - Returns: The track, if there is one that counts.
  public mutating func update(with cloud: PointCloud) -> HandTrack? {
    let reflectors = cloud.reflectors(
      rangeReach: options.rangeReach, velocityReach: options.velocityReach,
      minimumPoints: options.minimumPoints)
    if state != nil { advance(to: cloud.time, among: reflectors) }
    if state == nil, let strongest = reflectors.first {
      state = HandState(strongest, at: cloud.time, options: options)
      births += 1
    }
    guard let state, state.sightings >= options.confirmations else { return nil }
    return state.track(identifier: births - 1)
  }

  /// Predicts the track, follows the nearest reflector in its gate, or ends the track.
  private mutating func advance(to time: Double, among reflectors: [Reflector]) {
    guard var current = state else { return }
    current.predict(to: time)
    let nearest = reflectors.map { (current.squaredDistance(to: $0, options: options), $0) }
      .min { $0.0.squared < $1.0.squared }
    if let (distance, reflector) = nearest,
      distance.squared <= chiSquaredQuantile(options.gate, degrees: distance.degrees)
    {
      current.update(with: reflector, options: options)
      state = current
      return
    }
    // A track that does not count yet has no credit.
    let patience = current.sightings >= options.confirmations ? options.patience : 0
    state = current.time - current.lastSeen > patience ? nil : current
  }
}

/// The value below which the sum of `degrees` squared standard normal numbers lies with
/// `probability` (Wilson and Hilferty, 1931), to a percent.
private func chiSquaredQuantile(_ probability: Double, degrees: Int) -> Double {
  // The normal quantile, by bisection of the error function.
  var (low, high) = (-9.0, 9.0)
  for _ in 0..<60 {
    let middle = (low + high) / 2
    if (1 + .erf(middle / 2.0.squareRoot())) / 2 < probability {
      low = middle
    } else {
      high = middle
    }
  }
  let part = 2 / (9 * Double(degrees))
  let root = 1 - part + low * part.squareRoot()
  return Double(degrees) * root * root * root
}

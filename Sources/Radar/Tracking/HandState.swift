internal import RealModule

/// A track, one filter for each quantity measured.
struct HandState: Sendable {
  var time: Double
  var lastSeen: Double
  var sightings = 1
  private var along: ConstantVelocityFilter
  private var horizontal: ConstantVelocityFilter?
  private var vertical: ConstantVelocityFilter?
  private let hasRange: Bool

  init(_ reflector: Reflector, at time: Double, options: HandTracker.Options) {
    self.time = time
    lastSeen = time
    hasRange = reflector.range != nil
    along = ConstantVelocityFilter(
      position: reflector.range ?? 0,
      positionVariance: options.rangeDeviation * options.rangeDeviation,
      rate: reflector.velocity,
      rateVariance: options.velocityDeviation * options.velocityDeviation,
      accelerationDensity: options.accelerationDensity)
    func across(_ cosine: Double) -> ConstantVelocityFilter {
      // A hand crosses the beam at a few radians a second at most.
      ConstantVelocityFilter(
        position: cosine, positionVariance: options.directionDeviation * options.directionDeviation,
        rate: 0, rateVariance: 4, accelerationDensity: options.directionDensity)
    }
    horizontal = reflector.horizontal.map(across)
    vertical = reflector.vertical.map(across)
  }

  mutating func predict(to time: Double) {
    let interval = max(time - self.time, 0)
    along.predict(after: interval)
    horizontal?.predict(after: interval)
    vertical?.predict(after: interval)
    self.time = max(time, self.time)
  }

  func squaredDistance(
    to reflector: Reflector, options: HandTracker.Options
  ) -> (squared: Double, degrees: Int) {
    let velocityVariance = options.velocityDeviation * options.velocityDeviation
    let rangeVariance = options.rangeDeviation * options.rangeDeviation
    let directionVariance = options.directionDeviation * options.directionDeviation
    var squared = along.squaredDistance(
      position: reflector.range.map { ($0, rangeVariance) },
      rate: (reflector.velocity, velocityVariance))
    var degrees = reflector.range == nil ? 1 : 2
    for (filter, cosine) in [
      (horizontal, reflector.horizontal), (vertical, reflector.vertical),
    ] {
      guard let filter, let cosine else { continue }
      squared += filter.squaredDistance(position: (cosine, directionVariance), rate: nil)
      degrees += 1
    }
    return (squared, degrees)
  }

  mutating func update(with reflector: Reflector, options: HandTracker.Options) {
    let directionVariance = options.directionDeviation * options.directionDeviation
    if let range = reflector.range {
      along.update(position: range, variance: options.rangeDeviation * options.rangeDeviation)
    }
    along.update(
      rate: reflector.velocity, variance: options.velocityDeviation * options.velocityDeviation)
    if let cosine = reflector.horizontal {
      horizontal?.update(position: cosine, variance: directionVariance)
    }
    if let cosine = reflector.vertical {
      vertical?.update(position: cosine, variance: directionVariance)
    }
    lastSeen = time
    sightings += 1
  }

  func track(identifier: Int) -> HandTrack {
    let u = horizontal.map { min(max($0.position, -1), 1) }
    let v = vertical.map { min(max($0.position, -1), 1) }
    return HandTrack(
      identifier: identifier, time: time, range: hasRange ? along.position : nil,
      velocity: along.rate,
      azimuth: u.map { u in
        .atan2(y: u, x: max(1 - u * u - (v ?? 0) * (v ?? 0), 0).squareRoot())
      },
      elevation: v.map { .asin($0) }, unseen: time - lastSeen)
  }
}

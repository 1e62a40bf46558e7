internal import RealModule

/// What a row of a micro-Doppler spectrogram says in a few numbers.
public struct MotionProfile: Equatable, Sendable {
  /// The middle of the window in seconds since the start of the recording.
  public var time: Double

  /// The power above noise, summed over velocities, in squared ADC counts.
  public var power: Double

  /// The velocities in metres per second below and above which a small share of that power lies:
  /// the envelope of the motion.
  public var envelope: ClosedRange<Double>

  /// The mean velocity in metres per second, weighted by power: the bulk of the motion.
  public var centroid: Double

  /// The standard deviation of velocity in metres per second, weighted by power.
  public var bandwidth: Double
}

extension Spectrogram {
  /// The envelope, centroid and bandwidth of each row.
  ///
  /// The noise of a row is the median of its powers, and is subtracted first. A row without power
  /// above noise is at rest: everything is zero.
  ///
  /// - Parameter share: The share of power that lies beyond either end of the envelope.
  /// - Returns: A profile for each row.
  /// - Precondition: `share` is from zero to a half.
  /// - Complexity: O(*nm* log *m*) for *n* rows of *m* velocities.
  public func motionProfiles(share: Double = 0.03) -> [MotionProfile] {
    precondition(share >= 0 && share < 0.5, "a share of \(share) beyond either end leaves nothing")
    let bins = velocities.count
    return times.enumerated().map { row, time in
      let powers = (0..<bins).map { Double.exp10(Double(levels[row * bins + $0]) / 10) }
      let noise = powers.sorted()[bins / 2]
      return MotionProfile(
        time: time, powers: powers.map { max($0 - noise, 0) }, velocities: velocities, share: share)
    }
  }
}

extension MotionProfile {
  fileprivate init(time: Double, powers: [Double], velocities: [Double], share: Double) {
    let power = powers.reduce(0, +)
    self.time = time
    self.power = power
    guard power > 0 else {
      (envelope, centroid, bandwidth) = (0...0, 0, 0)
      return
    }
    let mean = zip(powers, velocities).map { $0 * $1 }.reduce(0, +) / power
    let variance =
      zip(powers, velocities).map { $0 * ($1 - mean) * ($1 - mean) }.reduce(0, +) / power
    centroid = mean
    bandwidth = variance.squareRoot()
    // The first velocities at which the power from either side exceeds the share.
    func end(_ bins: some Sequence<Int>) -> Double {
      var sum = 0.0
      for bin in bins {
        sum += powers[bin]
        if sum > share * power { return velocities[bin] }
      }
      return mean
    }
    let lower = end(powers.indices)
    envelope = lower...max(lower, end(powers.indices.reversed()))
  }
}

/// A Kalman filter for a quantity that changes at a nearly constant rate.
///
/// The rate is pushed about by white noise of acceleration. Position and rate are measured together
/// or alone, each with its own variance; measuring one after the other is the same as both at once,
/// because their errors are independent.
public struct ConstantVelocityFilter: Hashable, Sendable {
  /// The most likely position.
  public private(set) var position: Double

  /// The most likely rate of the position, per second.
  public private(set) var rate: Double

  /// The variance of the position.
  public private(set) var positionVariance: Double

  /// The variance of the rate.
  public private(set) var rateVariance: Double

  /// The covariance of position and rate.
  public private(set) var covariance: Double

  /// The spectral density of the acceleration: the variance that the rate gains in a second.
  public let accelerationDensity: Double

  /// Creates a filter.
  ///
  /// - Parameters:
  ///   - position: The position to begin with.
  ///   - positionVariance: Its variance.
  ///   - rate: The rate to begin with, per second.
  ///   - rateVariance: Its variance.
  ///   - accelerationDensity: The variance that the rate gains in a second.
  /// - Precondition: No variance is negative.
  public init(
    position: Double, positionVariance: Double, rate: Double, rateVariance: Double,
    accelerationDensity: Double
  ) {
    precondition(
      positionVariance >= 0 && rateVariance >= 0 && accelerationDensity >= 0,
      "a variance cannot be negative")
    self.position = position
    self.rate = rate
    self.positionVariance = positionVariance
    self.rateVariance = rateVariance
    self.accelerationDensity = accelerationDensity
    covariance = 0
  }

  /// Lets time go by.
  ///
  /// - Parameter interval: How much, in seconds.
  /// - Precondition: `interval` is not negative.
  public mutating func predict(after interval: Double) {
    precondition(interval >= 0, "time does not go back")
    let square = interval * interval
    position += interval * rate
    positionVariance +=
      2 * interval * covariance + square * rateVariance + accelerationDensity * square * interval
      / 3
    covariance += interval * rateVariance + accelerationDensity * square / 2
    rateVariance += accelerationDensity * interval
  }

  /// Takes a measurement of the position.
  public mutating func update(position measured: Double, variance: Double) {
    let total = positionVariance + variance
    guard total > 0 else { return }
    let innovation = measured - position
    let (gain, rateGain) = (positionVariance / total, covariance / total)
    position += gain * innovation
    rate += rateGain * innovation
    rateVariance -= rateGain * covariance
    positionVariance *= 1 - gain
    covariance *= 1 - gain
  }

  /// Takes a measurement of the rate.
  public mutating func update(rate measured: Double, variance: Double) {
    let total = rateVariance + variance
    guard total > 0 else { return }
    let innovation = measured - rate
    let (gain, positionGain) = (rateVariance / total, covariance / total)
    rate += gain * innovation
    position += positionGain * innovation
    positionVariance -= positionGain * covariance
    rateVariance *= 1 - gain
    covariance *= 1 - gain
  }

  /// How unlikely a measurement is: the square of its distance in standard deviations.
  ///
  /// - Parameters:
  ///   - measured: The position and the variance of its measurement, if it was measured.
  ///   - measuredRate: The rate and the variance of its measurement, if it was measured.
  /// - Returns: The distance, which has a chi-squared distribution for measurements of this
  ///   quantity, with a degree of freedom for each number measured.
  public func squaredDistance(
    position measured: (value: Double, variance: Double)?,
    rate measuredRate: (value: Double, variance: Double)?
  ) -> Double {
    switch (measured, measuredRate) {
    case (let place?, let speed?):
      let total = positionVariance + place.variance
      let rateTotal = rateVariance + speed.variance
      let determinant = total * rateTotal - covariance * covariance
      let (offset, rateOffset) = (place.value - position, speed.value - rate)
      return
        (rateTotal * offset * offset - 2 * covariance * offset * rateOffset
        + total * rateOffset * rateOffset) / determinant
    case (let place?, nil):
      let offset = place.value - position
      return offset * offset / (positionVariance + place.variance)
    case (nil, let speed?):
      let offset = speed.value - rate
      return offset * offset / (rateVariance + speed.variance)
    case (nil, nil): return 0
    }
  }
}

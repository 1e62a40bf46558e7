internal import RealModule

/// Tells for how long something has been moving without a rest.
///
/// A hand rests before it makes a gesture. What has been moving for much longer than any gesture takes
/// is no gesture, although a part of it may look like one: a window is too short to show that.
package struct MotionClock: Sendable {
  /// The steps without motion that make a rest.
  private let rest: Int

  /// The mean power of moving echoes from which on something moves, in units of the power of the noise.
  private let power: Float

  private var moving = 0
  private var resting: Int

  /// The shortest rest in seconds: a hand that turns around stands still for a moment, too.
  private static let shortestRest = 0.3

  /// - Parameters:
  ///   - timeStep: The time from one step to the next in seconds.
  ///   - level: The level of moving echoes from which on something moves, in decibels above the noise.
  package init(timeStep: Double, level: Double) {
    rest = max(Int((Self.shortestRest / timeStep).rounded()), 1)
    power = Float(.pow(10, level / 10))
    resting = rest
  }

  /// Takes the mean power of the moving echoes in the next step.
  ///
  /// - Returns: The steps since the last rest, zero in a rest.
  package mutating func append(_ power: Float) -> Int {
    resting = power > self.power ? 0 : resting + 1
    moving = resting < rest ? moving + 1 : 0
    return moving
  }
}

extension FeatureSequence {
  /// For how long something has been moving in each step, in seconds.
  ///
  /// - Parameter level: The level from which on something moves, in decibels above the noise.
  /// - Returns: The times since the last rest, zero in a rest.
  package func motions(above level: Double) -> [Double] {
    var clock = MotionClock(timeStep: grid.timeStep, level: level)
    return movingPowers.map { Double(clock.append($0)) * grid.timeStep }
  }
}

internal import RealModule

/// For how long something may have been moving before it is no gesture.
package struct MotionLimit: Codable, Hashable, Sendable {
  /// The level of moving echoes from which on something moves, in decibels above the noise.
  package var level: Double

  /// The longest time that it may have been moving when the middle of a gesture comes, in seconds.
  package var duration: Double

  /// How many times as long as nearly all gestures something may go on: a hand is brought to its place
  /// before it makes one, and somebody may walk by.
  private static let allowance = 5.0

  /// What share of the gestures counts as nearly all.
  private static let share = 0.98

  package init(level: Double, duration: Double) {
    self.level = level
    self.duration = duration
  }

  /// The limit that tells gestures from motion that goes on and on.
  ///
  /// - Parameters:
  ///   - level: The level from which on something moves.
  ///   - motions: For how long something had been moving when the middle of each gesture came.
  ///   - windowDuration: The length of the window that a network sees, in seconds: within that, it is
  ///     the network that judges.
  package init?(level: Double, motions: [Double], windowDuration: Double) {
    guard !motions.isEmpty else { return nil }
    let usual = motions.sorted()[Int(Self.share * Double(motions.count - 1))]
    self.init(level: level, duration: max(Self.allowance * usual, 3 * windowDuration))
  }

  /// The level of moving echoes in `powers`, those of the steps of some recordings, from which on
  /// something moves: well above what a tenth of them lie below, which is rest.
  ///
  /// - Parameter powers: The mean power of moving echoes in each step, in units of the power of the noise.
  /// - Returns: The level in decibels above the noise, and `nil` if nothing was heard.
  package static func level(of powers: [Float]) -> Double? {
    // Where nothing arrived there is neither rest nor motion.
    let heard = powers.filter { $0 > 0 }.sorted()
    return heard.isEmpty ? nil : 10 * .log10(Double(heard[heard.count / 10])) + clearance
  }

  /// How far above rest motion lies in decibels.
  private static let clearance = 5.0
}

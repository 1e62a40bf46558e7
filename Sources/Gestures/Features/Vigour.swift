internal import RealModule

/// How vigorously something moves: the greatest mean power, over a moment, of the echoes that are
/// faster than half the velocity axis.
///
/// Where gestures were marked by a device that fires on fast motion only, the slower ones beside them
/// bear no mark although they look the same. What tells them apart is a level, which a network that
/// learns to bear with other levels cannot know as sharply as this number does.
extension FeatureGrid {
  /// The length of the moment in seconds.
  private static let moment = 0.1

  /// The vigour of a window in decibels above silence.
  ///
  /// - Parameter fastPowers: The mean power of the fast echoes in each step of the window. Only its
  ///   middle counts: what is at the edges belongs to others.
  /// - Returns: The vigour, zero if nothing moves.
  func vigour(of fastPowers: some RandomAccessCollection<Float>) -> Double {
    let middle = fastPowers.dropFirst(steps / 16).dropLast(steps / 16)
    let width = min(max(Int((Self.moment / timeStep).rounded()), 1), max(middle.count, 1))
    var sum: Float = 0
    var greatest: Float = 1
    for (index, power) in middle.enumerated() {
      sum += power
      if index >= width {
        sum -= middle[middle.index(middle.startIndex, offsetBy: index - width)]
      }
      if index >= width - 1 { greatest = max(greatest, sum / Float(width)) }
    }
    return 10 * .log10(Double(greatest))
  }
}

/// How frames get lost on their way: each on its own, or several in a row.
///
/// Whether a frame gets lost depends on whether the one before it did, and on nothing else (Gilbert,
/// 1960).
public struct FrameLoss: Hashable, Sendable {
  /// The share of frames that are lost.
  public let share: Double

  /// The mean number of frames in a row that are lost.
  public let meanLength: Double

  /// Creates a way to lose frames: none without arguments.
  ///
  /// - Parameters:
  ///   - share: The share of frames that are lost.
  ///   - meanLength: The mean number of frames in a row that are lost; without it frames are lost
  ///     independently of each other, which makes it 1/(1 − `share`).
  /// - Precondition: `share` is at least zero and below one, and `meanLength` at least one and long
  ///   enough for so many losses: `share`/(1 − `share`).
  public init(share: Double = 0, meanLength: Double? = nil) {
    precondition((0..<1).contains(share), "\(share) is no share of frames that can be lost")
    let meanLength = meanLength ?? 1 / (1 - share)
    precondition(
      meanLength >= Self.shortestLength(ofShare: share) && meanLength.isFinite,
      "losses of \(meanLength) frames cannot make up \(share) of all frames")
    self.share = share
    self.meanLength = meanLength
  }

  /// The least number of frames in a row that must be lost if `share` of all frames are, since one
  /// frame at least comes between.
  public static func shortestLength(ofShare share: Double) -> Double {
    max(share / (1 - share), 1)
  }

  /// The probability that the next frame gets lost, if there was none before it (`nil`), or that one
  /// got lost or not.
  func probability(after previous: Bool?) -> Double {
    switch previous {
    case nil: share
    case true: 1 - 1 / meanLength
    case false: share / ((1 - share) * meanLength)
    }
  }
}

internal import RealModule

/// What is done about echoes that do not move.
///
/// Its raw value is what a configuration file says: `mean`, `background:0.05`.
public enum ClutterRemoval: Hashable, Sendable {
  /// Nothing: they stand at zero velocity.
  case none

  /// The mean over the valid chirps of a frame is subtracted from each of them.
  case mean

  /// Each chirp less the one before it, which leaves one chirp fewer.
  case twoPulse

  /// The difference of second order of three chirps, which leaves two chirps fewer.
  case threePulse

  /// A background that follows each chirp by a share `rate` of the difference is subtracted, on
  /// and on across frames: a filter with a single pole at 1 − `rate`.
  case background(rate: Float)

  /// The chirps at the start of a frame that have too few before them.
  var order: Int {
    switch self {
    case .none, .mean, .background: 0
    case .twoPulse: 1
    case .threePulse: 2
    }
  }

  /// The amplitude that is left of an echo whose phase turns by `turns` from chirp to chirp.
  ///
  /// The mean is taken as one over many chirps, which leaves all that moves.
  public func gain(turns: Double) -> Double {
    let change = 2 * abs(Double.sin(.pi * turns))
    switch self {
    case .none: return 1
    case .mean: return change == 0 ? 0 : 1
    case .twoPulse: return change
    case .threePulse: return change * change
    case .background(let rate):
      // |1 − z⁻¹| / |1 − (1 − rate) z⁻¹| on the unit circle
      let pole = 1 - Double(rate)
      let distance = 1 + pole * pole - 2 * pole * .cos(2 * .pi * turns)
      return change == 0 ? 0 : change / distance.squareRoot()
    }
  }
}

extension ClutterRemoval: RawRepresentable {
  /// The removal called `rawValue`; without one the result is `nil`.
  public init?(rawValue: String) {
    switch rawValue {
    case "none": self = .none
    case "mean": self = .mean
    case "two-pulse": self = .twoPulse
    case "three-pulse": self = .threePulse
    default:
      guard rawValue.hasPrefix("background:"),
        let rate = Float(rawValue.dropFirst("background:".count)), rate > 0, rate <= 1
      else { return nil }
      self = .background(rate: rate)
    }
  }

  /// The name that ``init(rawValue:)`` understands.
  public var rawValue: String {
    switch self {
    case .none: "none"
    case .mean: "mean"
    case .twoPulse: "two-pulse"
    case .threePulse: "three-pulse"
    case .background(let rate): "background:\(rate)"
    }
  }
}

/// What is done about echoes that do not move.
public enum ClutterRemoval: String, Hashable, Sendable {
  /// Nothing: they stand at zero velocity.
  case none

  /// The mean over the valid chirps of a frame is subtracted from each of them.
  case mean
}

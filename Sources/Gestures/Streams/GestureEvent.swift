/// A gesture found in a stream.
public struct GestureEvent: Equatable, Sendable {
  /// When the gesture starts in seconds since the start of the recording.
  public var start: Double

  /// When the gesture ends in seconds since the start of the recording.
  public var end: Double

  /// Which gesture it is.
  public var prediction: Prediction

  /// The share of chirps that were lost, from zero to one, in the worst of the windows that told the
  /// gesture.
  public var damage: Double

  /// The end of the samples that made it sure, in seconds since the start of the recording.
  public var decided: Double

  /// Creates an event, which is sure at its end if nothing else is said.
  public init(
    start: Double, end: Double, prediction: Prediction, damage: Double = 0, decided: Double? = nil
  ) {
    self.start = start
    self.end = end
    self.prediction = prediction
    self.damage = damage
    self.decided = decided ?? end
  }

  /// The name of the gesture, or ``Prediction/unknownLabel``.
  public var label: String { prediction.answer }
}

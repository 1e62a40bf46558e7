/// A gesture found in a stream.
public struct GestureEvent: Equatable, Sendable {
  /// When the gesture starts in seconds since the start of the recording.
  public var start: Double

  /// When the gesture ends in seconds since the start of the recording.
  public var end: Double

  /// Which gesture it is.
  public var prediction: Prediction

  /// The share of chirps during the gesture that were lost, from zero to one.
  public var damage: Double

  /// Creates an event.
  public init(start: Double, end: Double, prediction: Prediction, damage: Double = 0) {
    self.start = start
    self.end = end
    self.prediction = prediction
    self.damage = damage
  }

  /// The name of the gesture.
  public var label: String { prediction.label }
}

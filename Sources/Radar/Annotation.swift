/// A gesture that someone marked in a recording.
public struct Annotation: Hashable, Sendable {
  /// The name of the gesture.
  public var label: String

  /// When the gesture starts in seconds since the start of the recording.
  public var start: Double

  /// When the gesture ends in seconds since the start of the recording.
  public var end: Double

  /// Creates an annotation.
  ///
  /// - Precondition: `end` is not before `start`.
  public init(label: String, start: Double, end: Double) {
    precondition(start <= end, "a gesture cannot end before it starts")
    self.label = label
    self.start = start
    self.end = end
  }

  /// The time half way through the gesture in seconds.
  public var middle: Double { (start + end) / 2 }
}

public import Radar

/// A recording in which gestures are marked, whatever it is stored in.
public struct LabelledRecording: Sendable {
  /// A name to call the recording by.
  public var name: String

  /// What the radar transmitted.
  public var waveform: Waveform

  /// The gestures, in order of time; what is not marked is background.
  public var annotations: [Annotation]

  /// The session in which it was made, if known.
  public var session: String?

  /// The person who made the gestures, if known.
  public var subject: String?

  /// Calls its argument with every frame, from the first to the last.
  public var forEachFrame: @Sendable (_ body: (borrowing Frame) throws -> Void) throws -> Void

  /// Creates a recording.
  ///
  /// - Parameters:
  ///   - name: A name to call the recording by.
  ///   - waveform: What the radar transmitted.
  ///   - annotations: The gestures.
  ///   - session: The session in which it was made, if known.
  ///   - subject: The person who made the gestures, if known.
  ///   - forEachFrame: Calls its argument with every frame, from the first to the last.
  public init(
    name: String, waveform: Waveform, annotations: [Annotation], session: String? = nil,
    subject: String? = nil,
    forEachFrame: @escaping @Sendable (_ body: (borrowing Frame) throws -> Void) throws -> Void
  ) {
    self.name = name
    self.waveform = waveform
    self.annotations = annotations.sorted { $0.start < $1.start }
    self.session = session
    self.subject = subject
    self.forEachFrame = forEachFrame
  }
}

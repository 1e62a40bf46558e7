internal import Dispatch
public import Radar
internal import Synchronization

/// The features of a recording together with the gestures marked in it.
public struct LabelledSequence: Sendable {
  /// The name of the recording.
  public var name: String

  /// The features of the recording.
  public var features: FeatureSequence

  /// The gestures, in order of time.
  public var annotations: [Annotation]

  /// The session in which it was made, if known.
  public var session: String?

  /// The person who made the gestures, if known.
  public var subject: String?

  /// Whether nobody makes a gesture in it.
  var isQuiet: Bool {
    annotations.allSatisfy { $0.label == GestureModel.backgroundLabel }
  }

  /// Reads the features of a recording.
  ///
  /// - Throws: ``GestureError/missingQuantity(recording:quantity:)`` if its radar does not measure
  ///   what the grid needs, and what reading throws.
  public init(_ recording: LabelledRecording, grid: FeatureGrid) throws {
    try grid.requireQuantities(of: recording.waveform, named: recording.name)
    name = recording.name
    annotations = recording.annotations
    session = recording.session
    subject = recording.subject
    var features = FeatureSequence(grid: grid)
    var extractor = FeatureExtractor(grid: grid, waveform: recording.waveform)
    try recording.forEachFrame { frame in
      extractor.append(frame) { features.append($0) }
    }
    self.features = features
  }

  /// Reads the features of many recordings, several at a time.
  ///
  /// - Parameters:
  ///   - recordings: The recordings, whose order the result keeps.
  ///   - grid: The axes of the features.
  /// - Returns: The sequences, in the order of the recordings.
  /// - Throws: The error of the first recording that has one.
  public static func read(
    _ recordings: [LabelledRecording], grid: FeatureGrid
  ) throws -> [LabelledSequence] {
    let results = Mutex(
      [Result<LabelledSequence, any Error>?](repeating: nil, count: recordings.count))
    DispatchQueue.concurrentPerform(iterations: recordings.count) { index in
      let result = Result { try LabelledSequence(recordings[index], grid: grid) }
      results.withLock { $0[index] = result }
    }
    return try results.withLock { $0 }.compactMap { try $0?.get() }
  }
}

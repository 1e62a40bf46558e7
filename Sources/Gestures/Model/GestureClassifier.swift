public import Radar

/// Names gestures with a trained model.
///
///     let classifier = GestureClassifier(model: try GestureModel(path: "model.safetensors"))
///     var stream = try classifier.stream(of: waveform)
///     for event in stream.append(samples) { print(event.label, event.start) }
public struct GestureClassifier: Sendable {
  /// The model that judges.
  public let model: GestureModel

  /// Creates a classifier.
  public init(model: GestureModel) { self.model = model }

  /// Starts a stream of samples.
  ///
  /// - Parameters:
  ///   - waveform: What the radar transmits.
  ///   - name: What to call the recording in an error.
  /// - Returns: A stream that has heard nothing.
  /// - Throws: ``GestureError`` if the model was trained on other waveforms.
  public func stream(
    of waveform: Waveform, named name: String = "the stream"
  ) throws -> GestureStream {
    try model.requireFit(of: waveform, named: name)
    return GestureStream(model: model, waveform: waveform)
  }

  /// The gestures in a recording, in order of time.
  ///
  /// - Parameters:
  ///   - frames: The frames of the recording.
  ///   - waveform: What the radar transmitted.
  /// - Returns: The gestures.
  /// - Throws: ``GestureError`` if the model was trained on other waveforms.
  public func events(in frames: [Frame], waveform: Waveform) throws -> [GestureEvent] {
    var stream = try stream(of: waveform)
    var events: [GestureEvent] = []
    for frame in frames { events += stream.append(frame) }
    return events + stream.finish()
  }

  /// What the gesture is that someone cut out of a recording.
  ///
  /// - Parameters:
  ///   - frames: The frames of the cut, the first of which need not have the time zero.
  ///   - waveform: What the radar transmitted.
  /// - Returns: The prediction for the middle of the cut.
  /// - Throws: ``GestureError`` if the model was trained on other waveforms, or the cut is empty.
  public func prediction(for frames: [Frame], waveform: Waveform) throws -> Prediction {
    try model.requireFit(of: waveform, named: "the cut")
    guard let first = frames.first else {
      throw GestureError.tooFew(what: "frames in the cut", found: 0, needed: 1)
    }
    var features = FeatureSequence(grid: model.grid)
    var extractor = FeatureExtractor(grid: model.grid, waveform: waveform)
    for var frame in frames {
      frame.time -= first.time
      extractor.append(frame) { features.append($0) }
    }
    let middle = Double(frames.count) * waveform.frameInterval / 2
    return model.prediction(for: features.window(centeredAt: middle))
  }
}

extension GestureModel {
  /// Whether the model can judge recordings of `waveform`.
  public func fits(_ waveform: Waveform) -> Bool {
    (try? requireFit(of: waveform, named: "")) != nil
  }

  /// Refuses a recording whose waveform the model cannot judge.
  ///
  /// - Throws: ``GestureError`` that says what was found and what was expected.
  public func check(_ recording: LabelledRecording) throws {
    try requireFit(of: recording.waveform, named: recording.name)
  }

  /// Refuses a waveform that the model cannot judge.
  func requireFit(of waveform: Waveform, named name: String) throws {
    try waveforms.require(waveform, grid: grid, named: name)
  }
}

internal import Networks
internal import Radar

extension BayesianGestureModel {
  /// A gesture found in a recording, and how sure its name is.
  public struct Event: Sendable {
    /// When the gesture starts in seconds.
    public var start: Double

    /// When it ends in seconds.
    public var end: Double

    /// What it is, and how sure the draws are.
    public var answer: Answer
  }

  /// The features of a recording on the axes of the model.
  ///
  /// - Throws: ``GestureError`` if the model was trained on other waveforms, and what reading throws.
  public func features(of recording: LabelledRecording) throws -> FeatureSequence {
    try check(recording)
    return try LabelledSequence(recording, grid: grid).features
  }

  /// The gestures in a recording, in order of time.
  ///
  /// When something happens is told by the mean of the distribution, in one pass; what it is, and how
  /// sure that is, by all draws.
  ///
  /// - Parameter features: The features of the recording, on the grid of the model.
  /// - Returns: The gestures.
  public func events(in features: FeatureSequence) -> [Event] {
    let mean = mean
    let found = ScoreTrack(of: features, judgedBy: mean) { _ in true }
      .findings(of: mean, settings: mean.detection)
      .map { mean.event(of: $0) }
    let windows = found.map { features.window(centeredAt: ($0.start + $0.end) / 2) }
    return zip(found, answers(to: windows)).map { event, answer in
      Event(start: event.start, end: event.end, answer: answer)
    }
  }

  /// One network with the means of the weights, which knows nothing of doubt.
  var mean: GestureModel {
    var model = GestureModel(
      labels: labels, grid: grid, waveforms: waveforms, durations: durations,
      marksBackground: false, network: .timeFrequency(networks[0].mean))
    model.calibration.temperature = calibration.temperature
    model.detection = detection
    return model
  }
}

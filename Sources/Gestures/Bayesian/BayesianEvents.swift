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
  /// When something happens is told by the first network with the means of its weights, in one pass; what
  /// it is, and how sure that is, by all draws.
  ///
  /// - Parameter features: The features of the recording, on the grid of the model.
  /// - Returns: The gestures.
  public func events(in features: FeatureSequence) -> [Event] {
    let mean = mean
    let found = ScoreTrack(of: features, judgedBy: mean) { _ in true }
      .findings(of: mean, settings: mean.detection)
    let windows = found.map { features.window(centeredAt: $0.middle) }
    return zip(found, answers(to: windows)).map { finding, answer in
      var event = Event(start: finding.start, end: finding.end, answer: answer)
      let unlikeness = leastUnlikeness(of: finding, in: features)
      event.answer.prediction.unfamiliarity = unlikeness ?? answer.prediction.unfamiliarity
      event.answer.prediction.isUnknown = unlikeness.map(isUnknown) ?? false
      return event
    }
  }

  /// How unlike what was learned a gesture looks in the window that is least so, as a stream of one
  /// network tells it, and `nil` if nothing is remembered.
  ///
  /// A gesture looks like itself in one of its windows only, and strange in those before and after.
  private func leastUnlikeness(
    of finding: EventDetector.Finding, in features: FeatureSequence
  ) -> Double? {
    guard !remembered.isEmpty else { return nil }
    let half = (finding.end - finding.middle) / 2
    let middles = Array(
      stride(
        from: finding.middle - half, through: finding.middle + half,
        by: Double(GestureStream.stride) * grid.timeStep))
    return unlikeness(of: middles.count) { features.window(centeredAt: middles[$0]) }.min()
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

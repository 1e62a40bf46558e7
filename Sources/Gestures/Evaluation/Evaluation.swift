internal import Radar

/// How well a model names the gestures of a data set, cut out and in their streams.
public struct Evaluation: Sendable {
  /// The gestures as they were cut out.
  public var classification: ClassificationReport

  /// The events found in the streams.
  public var events = EventReport()

  /// How well what the model does not know is told from what it does.
  public var rejection = RejectionReport()

  /// The recordings.
  public var recordings = 0

  /// What naming the gestures that were cut out cost, where it was measured.
  public internal(set) var cost = AnswerCost()

  /// Creates an evaluation of nothing.
  ///
  /// - Parameter labels: The names of all classes.
  public init(labels: [String]) {
    classification = ClassificationReport(labels: labels)
  }

  /// Adds all of another evaluation on the same classes.
  public mutating func add(_ other: Evaluation) {
    classification.add(other.classification)
    events.add(other.events)
    rejection.add(other.rejection)
    recordings += other.recordings
    cost.add(other.cost)
  }

  /// Judges `model` by the moments of `sequences` for which `includes` says yes.
  ///
  /// - Parameters:
  ///   - sequences: Features on the grid of the model.
  ///   - model: The model.
  ///   - includes: Whether a moment counts.
  public mutating func judge(
    _ sequences: [LabelledSequence], by model: GestureModel,
    includes: (_ sequence: Int, _ time: Double) -> Bool = { _, _ in true }
  ) {
    judgeGestures(of: sequences, by: model, includes: includes)
    judgeStreams(of: sequences, by: model, includes: includes) { index in
      ScoreTrack(of: sequences[index].features, judgedBy: model) { includes(index, $0) }
    }
  }

  /// Judges `model` by the gestures of `sequences` that were cut out and for which `includes` says yes.
  mutating func judgeGestures(
    of sequences: [LabelledSequence], by model: GestureModel,
    includes: (_ sequence: Int, _ time: Double) -> Bool
  ) {
    for (index, sequence) in sequences.enumerated() {
      judge(
        sequence.annotations.filter { includes(index, $0.middle) }, in: sequence.features, by: model
      )
    }
  }

  /// Judges the events that `model` tells in the moments of `sequences` for which `includes` says yes.
  ///
  /// - Parameters:
  ///   - sequences: Features on the grid of the model.
  ///   - model: The model.
  ///   - includes: Whether a moment counts.
  ///   - track: The windows of a sequence: those of the moments that count, and of others around them.
  mutating func judgeStreams(
    of sequences: [LabelledSequence], by model: GestureModel,
    includes: (_ sequence: Int, _ time: Double) -> Bool, track: (_ sequence: Int) -> ScoreTrack
  ) {
    for (index, sequence) in sequences.enumerated() {
      let steps = (0..<sequence.features.stepCount).count { step in
        includes(index, Double(step) * model.grid.timeStep)
      }
      guard steps > 0 else { continue }
      let found = track(index).findings(of: model, settings: model.detection)
        .map { model.event(of: $0) }
        .filter { includes(index, ($0.start + $0.end) / 2) }
      // Nobody can find what was never learned, but an answer to it is a false alarm.
      let findable = sequence.annotations.filter {
        includes(index, $0.middle) && model.labels.contains($0.label)
      }
      events.add(
        found, annotations: findable, seconds: Double(steps) * model.grid.timeStep,
        isQuiet: sequence.isQuiet)
      recordings += 1
    }
  }

  /// Judges the model by gestures that were cut out.
  private mutating func judge(
    _ annotations: [Annotation], in features: FeatureSequence, by model: GestureModel
  ) {
    let views = model.views(of: annotations.count) {
      features.window(centeredAt: annotations[$0].middle)
    }
    for (annotation, view) in zip(annotations, views) {
      let prediction = model.prediction(of: view, among: model.candidates)
      let isKnown = model.labels.contains(annotation.label)
      rejection.add(
        prediction, isKnown: isKnown, isRight: prediction.label == annotation.label,
        coverage: isKnown
          ? model.conformalSet(of: prediction, coverage: RejectionReport.promisedCoverage)
            .map { ($0.contains(annotation.label), $0.count) } : nil)
      if isKnown { classification.add(prediction, truth: annotation.label) }
    }
  }
}

internal import Radar

/// How well a model names the gestures of a data set, cut out and in their streams.
public struct Evaluation: Sendable {
  /// The gestures as they were cut out.
  public var classification: ClassificationReport

  /// The events found in the streams.
  public var events = EventReport()

  /// The recordings.
  public var recordings = 0

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
    recordings += other.recordings
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
    for (index, sequence) in sequences.enumerated() {
      let annotations = sequence.annotations.filter { annotation in
        includes(index, annotation.middle)
      }
      for annotation in annotations {
        classification.add(
          model.prediction(for: sequence.features.window(centeredAt: annotation.middle)),
          truth: annotation.label)
      }
      let steps = (0..<sequence.features.stepCount).count { step in
        includes(index, Double(step) * model.grid.timeStep)
      }
      guard steps > 0 else { continue }
      let found = Self.events(in: sequence.features, model: model).filter { event in
        includes(index, (event.start + event.end) / 2)
      }
      events.add(
        found, annotations: annotations, seconds: Double(steps) * model.grid.timeStep)
      recordings += 1
    }
  }

  /// The events that a stream of these features has.
  static func events(in features: FeatureSequence, model: GestureModel) -> [GestureEvent] {
    var detector = EventDetector(
      settings: model.detection, labels: model.labels, durations: model.durations,
      windowDuration: model.grid.duration)
    let step = model.grid.timeStep
    let middles = stride(
      from: 1, to: features.stepCount + model.grid.steps / 2, by: GestureStream.stride
    ).map { (Double($0) + 0.5 - Double(model.grid.steps) / 2) * step }.filter { $0 >= 0 }
    var events: [GestureEvent] = []
    for start in Swift.stride(from: 0, to: middles.count, by: 64) {
      let part = middles[start..<min(start + 64, middles.count)]
      let probabilities = model.probabilities(of: part.map { features.window(centeredAt: $0) })
      for (middle, row) in zip(part, probabilities) {
        if let event = detector.append(row, damage: 0, at: middle) { events.append(event) }
      }
    }
    return events + detector.finish()
  }
}

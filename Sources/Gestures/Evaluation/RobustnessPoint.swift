/// How well a model does under one condition: a point on the curve of a study that varies one thing
/// about the scene and leaves the rest as it is.
public struct RobustnessPoint: Sendable {
  /// What was varied, such as the distance in metres.
  public let value: Double

  /// How well the model does on gestures that were cut out, and in streams.
  public private(set) var evaluation: Evaluation

  /// The share of cut-out gestures that were named rightly, person by person.
  public private(set) var accuracy = ClusteredShare()

  private let model: GestureModel

  /// Creates a point at which nothing was judged yet.
  ///
  /// - Parameters:
  ///   - value: What was varied.
  ///   - model: The model to judge.
  public init(value: Double, model: GestureModel) {
    self.value = value
    self.model = model
    evaluation = Evaluation(labels: model.labels)
  }

  /// Judges the model by recordings made under this condition, each of another person.
  ///
  /// - Throws: ``GestureError`` if the model cannot judge them, and what reading throws.
  public mutating func judge(_ recordings: [LabelledRecording]) throws {
    for recording in recordings { try model.check(recording) }
    for sequence in try LabelledSequence.read(recordings, grid: model.grid) {
      var person = Evaluation(labels: model.labels)
      person.judge([sequence], by: model)
      let confusion = person.classification.confusion
      accuracy.add(
        .init(
          right: confusion.indices.map { confusion[$0][$0] }.reduce(0, +),
          count: person.classification.count))
      evaluation.add(person)
    }
  }
}

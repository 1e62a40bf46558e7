internal import Autodiff

extension Evaluation {
  /// Judges `model` by gestures made of points; those without a label count for nothing.
  public mutating func judge(_ sequences: [PointSequence], by model: PointGraphModel) {
    for sequence in sequences {
      guard let label = sequence.label else { continue }
      let prediction = cost.measure(1, parameterCount: model.parameterCount) {
        model.prediction(for: sequence)
      }
      if let prediction { classification.add(prediction, truth: label) }
    }
    recordings += Set(sequences.map(\.source)).count
  }
}

extension PointGraphTrainer {
  /// Trains and judges by turns, leaving out a group of people each time.
  ///
  /// - Parameters:
  ///   - sequences: Gestures of several people.
  ///   - groups: The number of groups into which the people are dealt, or `nil` for one each.
  ///   - progress: Called after every turn.
  /// - Returns: All turns together, and each of them.
  /// - Throws: ``GestureError`` if it is not known who made a gesture, or there are too few people.
  public func evaluate(
    _ sequences: [PointSequence], groups: Int?,
    progress: (_ fold: CrossValidation.Fold, _ total: Int) -> Void = { _, _ in }
  ) throws -> (total: Evaluation, folds: [CrossValidation.Fold]) {
    if let nameless = sequences.first(where: { $0.subject == nil }) {
      throw GestureError.missingGroup(recording: nameless.source, field: "subject")
    }
    var generator = SeededGenerator(seed: seed)
    let people = Set(sequences.compactMap(\.subject)).sorted().shuffled(using: &generator)
    let count = groups ?? people.count
    guard count > 1, people.count >= count else {
      throw GestureError.tooFew(what: "subjects", found: people.count, needed: max(count, 2))
    }
    let labels = Set(sequences.compactMap(\.label)).sorted()
    var total = Evaluation(labels: labels)
    var folds: [CrossValidation.Fold] = []
    for group in 0..<count {
      let held = Set(people.indices.filter { $0 % count == group }.map { people[$0] })
      func isHeld(_ sequence: PointSequence) -> Bool { held.contains(sequence.subject ?? "") }
      let model = try train(on: sequences.filter { !isHeld($0) })
      var evaluation = Evaluation(labels: labels)
      evaluation.judge(sequences.filter(isHeld), by: model)
      total.add(evaluation)
      let fold = CrossValidation.Fold(
        name: held.sorted().joined(separator: ","), evaluation: evaluation)
      folds.append(fold)
      progress(fold, count)
    }
    return (total, folds)
  }
}

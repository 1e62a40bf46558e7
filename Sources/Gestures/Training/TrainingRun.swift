internal import Autodiff
internal import Networks
internal import Radar

/// The models that a training fits one after the other.
struct TrainingRun {
  private let trainer: GestureTrainer
  private let blank: GestureModel
  private let sequences: [LabelledSequence]
  private var record: TrainingRecord?
  private let count: Int
  private var fitted = 0

  /// Begins a training of `count` models, or goes on with one that was interrupted.
  ///
  /// - Throws: ``GestureError/otherTraining(_:)``.
  init(
    trainer: GestureTrainer, blank: GestureModel, sequences: [LabelledSequence], count: Int,
    includes: (Int, Double) -> Bool
  ) throws {
    self.trainer = trainer
    self.blank = blank
    self.sequences = sequences
    self.count = count
    record = try trainer.checkpoint.map { checkpoint in
      try TrainingRecord(
        checkpoint,
        identity: trainer.identity(of: sequences, blank: blank, includes: includes),
        blank: blank, epochs: count * trainer.epochs)
    }
  }

  /// Fits the next model to the moments for which `includes` says yes.
  ///
  /// - Throws: What writing a checkpoint throws.
  mutating func fit(
    includes: (Int, Double) -> Bool, heldOut: (Int, Double) -> Bool,
    progress: (GestureTrainer.Progress) -> Void
  ) throws -> GestureModel {
    defer { fitted += 1 }
    let (fitted, epochs) = (fitted, trainer.epochs)
    var model = blank
    if let network = record?.network(ofFit: fitted) {
      model.network = network
      return model
    }
    let held = ExampleSet(sequences, labels: blank.labels, includes: heldOut).gestures
    let examples = ExampleSet(sequences, labels: blank.labels, includes: includes)
    func report(epoch: Int, loss: Double) {
      progress(
        GestureTrainer.Progress(
          epoch: fitted * epochs + epoch, epochs: count * epochs, loss: loss,
          validationAccuracy: accuracy(of: model, on: held)))
    }
    if case .envelope(let matcher) = model.network {
      model.network = .envelope(learned(matcher, from: examples))
      report(epoch: epochs, loss: 0)
      return model
    }
    if let start = trainer.start {
      model.network.adopt(start.network, answers: start.labels == model.labels)
    }
    var course = TrainingCourse(trainer: trainer, examples: examples)
    try record?.resume(&course, of: &model, fit: fitted)
    while course.epoch < max(epochs, 1) {
      let loss = course.runEpoch(of: &model)
      try record?.keep(course, of: model, isLast: course.epoch >= epochs)
      report(epoch: course.epoch, loss: loss)
    }
    course.finish(&model)
    record?.append(model.network)
    return model
  }

  /// The envelopes of gestures, as many moments without one, and as many beside one.
  private func learned(_ matcher: EnvelopeMatcher, from examples: ExampleSet) -> EnvelopeMatcher {
    var generator = SeededGenerator(seed: trainer.seed)
    var moments = examples.gestures.shuffled(using: &generator)
    let most = max(EnvelopeMatcher.mostExamples / 3, 1)
    moments = Array(moments.prefix(most))
    let beside = moments.compactMap { examples.offCentre(of: $0, using: &generator) }
    let background = examples.background.shuffled(using: &generator).prefix(moments.count)
    moments += beside + background
    var matcher = matcher
    matcher.learn(
      moments.map { moment in
        sequences[moment.sequence].features.window(centeredAt: moment.middle)
      }, classes: moments.map(\.label))
    return matcher
  }

  private func accuracy(of model: GestureModel, on examples: [ExampleSet.Example]) -> Double? {
    guard !examples.isEmpty else { return nil }
    let rows = model.scores(of: examples.count) {
      sequences[examples[$0].sequence].features.window(centeredAt: examples[$0].middle)
    }
    let right = zip(rows, examples).count { scores, example in
      model.candidates.max { scores[$0] < scores[$1] } == example.label
    }
    return Double(right) / Double(examples.count)
  }
}

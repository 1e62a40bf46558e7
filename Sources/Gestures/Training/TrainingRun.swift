internal import Autodiff
internal import Networks
internal import Radar
internal import RealModule

/// The models that a training fits one after the other.
struct TrainingRun {
  private let trainer: GestureTrainer
  private let blank: GestureModel
  private let sequences: [LabelledSequence]
  private var record: TrainingRecord<GestureNetwork>?
  private let count: Int
  private var fitted = 0

  /// The epochs after which the models were best that are fitted.
  private var bestEpochs: [Int] = []

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
        epochs: count * trainer.epochs
      ) { tensors in
        try GestureNetwork(
          blank.network.kind, grid: blank.grid, classes: blank.labels.count, tensors: tensors)
      }
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
    let held = ExampleSet(sequences, labels: blank.labels, includes: heldOut).gestures
    let examples = ExampleSet(sequences, labels: blank.labels, includes: includes)
    if let network = record?.network(ofFit: fitted) {
      model.network = network
      model.remember(examples)
      bestEpochs.append(record?.bestEpoch(ofFit: fitted) ?? epochs)
      return model
    }
    func report(epoch: Int, loss: Double, accuracy: Double?) {
      progress(
        GestureTrainer.Progress(
          epoch: fitted * epochs + epoch, epochs: count * epochs, loss: loss,
          validationAccuracy: accuracy))
    }
    if case .envelope(let matcher) = model.network {
      model.network = .envelope(learned(matcher, from: examples))
      report(epoch: epochs, loss: 0, accuracy: judge(model, on: held)?.accuracy)
      return model
    }
    if let start = trainer.start {
      model.network.adopt(start.network, answers: start.labels == model.labels)
    }
    var course = TrainingCourse(trainer: trainer, examples: examples)
    if let path = record?.interruption(ofFit: fitted) { try course.resume(&model, from: path) }
    // What learns from everything cannot tell when to stop: as the others did.
    let last = held.isEmpty && !bestEpochs.isEmpty ? Self.median(of: bestEpochs) : max(epochs, 1)
    while course.epoch < last, !course.isOver {
      let loss = course.runEpoch(of: &model)
      let averaged = course.averaged(model)
      let outcome = judge(averaged, on: held)
      if let outcome { course.follow(outcome.loss, of: averaged) }
      try record?.keep(course.checkpoint(of: model), epochs: epochs, isLast: course.isOver)
      report(epoch: course.epoch, loss: loss, accuracy: outcome?.accuracy)
    }
    course.finish(&model)
    model.remember(examples)
    bestEpochs.append(course.bestEpoch)
    record?.append(model.network, bestEpoch: course.bestEpoch)
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

  /// The share of gestures that `model` names right, and its mean loss, and `nil` without gestures.
  private func judge(
    _ model: GestureModel, on examples: [ExampleSet.Example]
  ) -> (accuracy: Double, loss: Double)? {
    guard !examples.isEmpty else { return nil }
    let views = model.views(of: examples.count) {
      sequences[examples[$0].sequence].features.window(centeredAt: examples[$0].middle)
    }
    var (right, loss) = (0, 0.0)
    for (view, example) in zip(views, examples) {
      let scores = view.scores
      let best = model.candidates.max { scores[$0] < scores[$1] }
      right += best == example.label ? 1 : 0
      let all = Array(scores.indices)
      loss -= Double.log(max(softmax(scores, over: all, temperature: 1)[example.label], 1e-12))
    }
    let count = Double(examples.count)
    return (Double(right) / count, loss / count)
  }

  /// The middle one of some numbers.
  private static func median(of numbers: [Int]) -> Int { numbers.sorted()[numbers.count / 2] }
}

internal import Autodiff
internal import Networks
internal import Radar
internal import RealModule

/// The models that a training fits one after the other.
struct TrainingRun {
  private let trainer: GestureTrainer
  private let blank: GestureModel
  private let sequences: [LabelledSequence]
  private let record: TrainingRecord

  /// The epochs after which the models were best that are fitted, by the seed of each.
  private var bestEpochs: [UInt64: [Int]] = [:]

  /// Begins with no model.
  ///
  /// - Parameters:
  ///   - trainer: How models are fitted.
  ///   - blank: A model that has learned nothing.
  ///   - sequences: What there is to learn from.
  ///   - record: Where what is reached is kept, perhaps among other networks.
  init(
    trainer: GestureTrainer, blank: GestureModel, sequences: [LabelledSequence],
    record: TrainingRecord
  ) {
    self.trainer = trainer
    self.blank = blank
    self.sequences = sequences
    self.record = record
  }

  /// Fits the next model to the moments for which `includes` says yes.
  ///
  /// - Parameters:
  ///   - seed: Where chance begins, if not where it does for the trainer.
  ///   - includes: Whether a moment of a sequence may be learned from.
  ///   - heldOut: Whether a moment says when to stop.
  ///   - progress: Called after every epoch.
  /// - Returns: The model.
  /// - Throws: What writing a checkpoint throws.
  mutating func fit(
    seed: UInt64? = nil, includes: (Int, Double) -> Bool, heldOut: (Int, Double) -> Bool,
    progress: (GestureTrainer.Progress) -> Void
  ) throws -> GestureModel {
    let epochs = max(trainer.epochs, 1)
    var (trainer, model) = (trainer, blank)
    if let seed {
      trainer.seed = seed
      model.network = GestureNetwork(
        trainer.network, grid: blank.grid, classes: blank.labels.count, seed: seed)
    }
    let held = ExampleSet(sequences, labels: blank.labels, includes: heldOut).gestures
    let examples = ExampleSet(sequences, labels: blank.labels, includes: includes)
    if let fit = record.nextFit() {
      model.network = try GestureNetwork(
        blank.network.kind, grid: blank.grid, classes: blank.labels.count, tensors: fit.tensors)
      model.remember(examples)
      bestEpochs[trainer.seed, default: []].append(fit.bestEpoch)
      return model
    }
    func report(epoch: Int, loss: Double, accuracy: Double?) {
      progress(
        GestureTrainer.Progress(
          epoch: record.epochsBefore + epoch, epochs: record.epochs, loss: loss,
          validationAccuracy: accuracy))
    }
    if case .envelope(let matcher) = model.network {
      model.network = .envelope(learned(matcher, from: examples))
      report(epoch: epochs, loss: 0, accuracy: judge(model, on: held)?.accuracy)
      record.append(model.network, epochs: epochs, bestEpoch: epochs)
      return model
    }
    if let start = trainer.start {
      model.network.adopt(start.network, answers: start.labels == model.labels)
    }
    var course = TrainingCourse(trainer: trainer, examples: examples)
    if let path = record.interruption() { try course.resume(&model, from: path) }
    // What learns from everything cannot tell when to stop: as the others did, of the same seed if any.
    let others = bestEpochs[trainer.seed] ?? bestEpochs.values.flatMap(\.self)
    let last = held.isEmpty && !others.isEmpty ? Self.median(of: others) : epochs
    while course.epoch < last, !course.isOver {
      let loss = course.runEpoch(of: &model)
      let averaged = course.averaged(model)
      let outcome = judge(averaged, on: held)
      if let outcome { course.follow(outcome.loss, of: averaged) }
      try record.keep(course.checkpoint(of: model), isLast: course.isOver)
      report(epoch: course.epoch, loss: loss, accuracy: outcome?.accuracy)
    }
    course.finish(&model)
    model.remember(examples)
    bestEpochs[trainer.seed, default: []].append(course.bestEpoch)
    record.append(model.network, epochs: epochs, bestEpoch: course.bestEpoch)
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

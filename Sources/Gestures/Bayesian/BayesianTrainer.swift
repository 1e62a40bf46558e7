internal import Autodiff
internal import Networks
internal import Radar

/// Learns distributions over networks from labelled recordings.
public struct BayesianTrainer: Sendable {
  /// How the distribution is learned.
  public var method: BayesianMethod

  /// The times every gesture is shown.
  public var epochs = 60

  /// Where random numbers begin: one seed, one result, whatever the number of threads.
  public var seed: UInt64 = 0

  /// The most threads to use.
  public var threads = 2

  /// The gestures of a step.
  public var batchSize = 32

  /// The highest learning rate.
  public var learningRate = 3e-3

  /// The share of gestures that is held out at a time, to tell what confidence means, as
  /// ``GestureTrainer/validationFraction`` says; from several networks where the model has several.
  public var validationFraction = 0.25

  /// How much the distance from the prior counts in variational inference: one is Bayes' rule, less
  /// is a colder posterior (Wenzel and others, 2020).
  public var divergenceWeight = 0.1

  /// Where to keep what a training needs to go on after it was interrupted, if anywhere.
  public var checkpoint: GestureTrainer.Checkpoint?

  /// Creates a trainer with the default recipe.
  public init(method: BayesianMethod) { self.method = method }

  /// Learns a model.
  ///
  /// - Parameters:
  ///   - recordings: Recordings of one kind of radar, some with gestures.
  ///   - progress: Called after every epoch with its number, that of all epochs, and the mean loss.
  /// - Returns: The model.
  /// - Throws: ``GestureError`` if the recordings do not make a data set, and what reading throws.
  public func train(
    on recordings: [LabelledRecording],
    progress: (_ epoch: Int, _ epochs: Int, _ loss: Double) -> Void = { _, _, _ in }
  ) throws -> BayesianGestureModel {
    let grid = try FeatureGrid.fitting(recordings)
    return try train(
      on: LabelledSequence.read(recordings, grid: grid),
      waveforms: WaveformFamily(of: recordings.map(\.waveform)), progress: progress)
  }

  /// Learns a model from features that were read before.
  ///
  /// - Parameters:
  ///   - sequences: Features on one grid.
  ///   - waveforms: The waveforms they come from.
  ///   - includes: Whether a moment of a sequence may be learned from.
  ///   - progress: Called after every epoch with its number, that of all epochs, and the mean loss.
  /// - Returns: The model.
  /// - Throws: ``GestureError/noLabels``, or ``GestureError/otherTraining(_:)`` if the checkpoint
  ///   belongs to another training.
  public func train(
    on sequences: [LabelledSequence], waveforms: WaveformFamily,
    includes: (_ sequence: Int, _ time: Double) -> Bool = { _, _ in true },
    progress: (_ epoch: Int, _ epochs: Int, _ loss: Double) -> Void = { _, _, _ in }
  ) throws -> BayesianGestureModel {
    let labels = try GestureTrainer.labels(of: sequences, includes: includes)
    guard let grid = sequences.first?.features.grid else { throw GestureError.noLabels }
    let whole = ExampleSet(sequences, labels: labels, includes: includes)
    let partition = try partition(of: sequences, marked: whole.gestures.count, includes: includes)
    let turns = turns(partition?.names ?? [], marked: whole.gestures.count)
    var model = BayesianGestureModel(
      labels: labels, grid: grid, waveforms: waveforms,
      durations: ExampleSet.durations(of: labels, in: sequences), method: method, networks: [])
    var calibration = BayesianCalibration(method: method)
    var generator = SeededGenerator(seed: seed)
    var run = try CourseRun<BayesianCourse>(
      of: (turns.count - 1) * method.judges + method.members, epochs: epochs,
      checkpoint: checkpoint,
      identity: { identity(of: sequences, model: model, includes: includes) },
      blank: {
        var generator = SeededGenerator(seed: seed)
        return BayesianNetwork(
          grid: grid, classes: labels.count, isVariational: method == .variational,
          using: &generator)
      })
    for turn in turns {
      func isHeldOut(_ sequence: Int, _ time: Double) -> Bool {
        turn.heldOut != nil && partition?.name(sequence, time) == turn.heldOut
      }
      let examples = ExampleSet(sequences, labels: labels) {
        includes($0, $1) && !isHeldOut($0, $1)
      }
      var judge = model
      judge.networks = []
      for _ in 0..<(turn.isKept ? method.members : method.judges) {
        let seed = generator.next()
        try judge.networks.append(
          run.next(
            { BayesianCourse(trainer: self, examples: examples, grid: grid, seed: seed) },
            progress: progress))
      }
      let heldOut = ExampleSet(sequences, labels: labels) {
        includes($0, $1) && isHeldOut($0, $1)
      }
      calibration.add(heldOut, judgedBy: judge, learnedFrom: examples)
      if turn.isKept { model.networks = judge.networks }
    }
    calibration.finish(&model, learnedFrom: whole)
    model.remember(whole)
    return model
  }

  /// The parts of the gestures that are held out by turns, and `nil` if there are too few gestures to
  /// say anything about confidence.
  private func partition(
    of sequences: [LabelledSequence], marked: Int, includes: (Int, Double) -> Bool
  ) throws -> MomentPartition? {
    guard validationFraction > 0 else { return nil }
    let count = max(Int((1 / validationFraction).rounded()), 2)
    guard marked >= 4 * count else { return nil }
    return try .random(
      of: sequences, count: count, seed: seed ^ 0x9E37_79B9_7F4A_7C15, includes: includes)
  }

  /// What is held out by turns, and whether the networks that learn from the rest belong to the model.
  ///
  /// Where the model has several networks, several learn in each turn, since what is calibrated is
  /// their mean: that of networks each of which is as sure as it is right is less sure than it is right
  /// (Rahaman and Thiery, 2021). The last ones learn from everything, unless there is plenty.
  private func turns(_ parts: [String], marked: Int) -> [(heldOut: String?, isKept: Bool)] {
    guard let first = parts.first else { return [(nil, true)] }
    if marked > GestureTrainer.fewGestures { return [(first, true)] }
    return parts.map { ($0, false) } + [(nil, true)]
  }
}

/// The state of the training of one network between epochs.
private struct BayesianCourse: InterruptibleCourse {
  private let trainer: BayesianTrainer
  private let examples: ExampleSet
  private let grid: FeatureGrid
  private var selection: EpochSelection

  /// How much the distance from the prior counts in the loss of one moment.
  private let divergenceShare: Float

  var network: BayesianNetwork
  var descent: AveragedDescent<BayesianNetwork>
  var generator: SeededGenerator

  var epochs: Int { trainer.epochs }
  var epoch: Int { selection.epoch }
  var hardest: [Int] { selection.hardest }

  init(trainer: BayesianTrainer, examples: ExampleSet, grid: FeatureGrid, seed: UInt64) {
    self.trainer = trainer
    self.examples = examples
    self.grid = grid
    selection = EpochSelection(of: examples)
    divergenceShare = Float(
      trainer.divergenceWeight / Double(max(selection.usualCount(after: trainer.epochs), 1)))
    generator = SeededGenerator(seed: seed)
    network = BayesianNetwork(
      grid: grid, classes: examples.labels.count,
      isVariational: trainer.method == .variational, using: &generator)
    let steps = selection.usualStepCount(epochs: trainer.epochs, batchSize: trainer.batchSize)
    descent = AveragedDescent(
      schedule: CosineSchedule(peak: trainer.learningRate, steps: steps),
      weightDecay: trainer.method == .variational ? 0 : 1e-3)
  }

  mutating func resume(after epoch: Int, hardest: [Int]) -> Bool {
    selection.resume(after: epoch, hardest: hardest)
  }

  /// Shows what the classifier is shown while it learns.
  ///
  /// - Returns: The mean loss.
  mutating func runEpoch() -> Double {
    let (network, grid, examples) = (network, grid, examples)
    let shown = selection.next(using: &generator) { background in
      stride(from: 0, to: background.count, by: 64).flatMap { start in
        let part = background[start..<min(start + 64, background.count)]
        let shape = [part.count, grid.steps, grid.velocityBins, grid.channels]
        let windows = Tensor(part.flatMap { examples.window(of: $0) }, shape: shape)
        // Background comes first among the labels.
        return network.meanScores(of: windows).softmax().sliced(0..<1, along: 1).elements
          .map(Double.init)
      }
    }
    return meanLoss(over: shown, batchSize: trainer.batchSize) { step($0) }
  }

  private mutating func step(_ chosen: [ExampleSet.Example]) -> Double {
    let batch = ExampleBatch(chosen, of: examples, grid: grid, using: &generator)
    let dropping = trainer.method.dropping
    let divergenceShare = divergenceShare
    return descent.step(&network, exampleCount: batch.count, threads: trainer.threads) {
      network, range in
      var chance = BayesianNetwork.Chance.each(batch.chance(range))
      let embedding = network.embedding(
        of: network.trunk(of: batch.windows(range)), dropping: dropping, chance: &chance)
      let scores = network.scores(of: embedding, chance: &chance)
      var loss = batch.loss(of: scores, range)
      if let divergence = network.divergence { loss = loss + divergence * divergenceShare }
      return loss * Float(range.count)
    }
  }
}

extension BayesianMethod {
  /// What is dropped while a network learns.
  fileprivate var dropping: BayesianNetwork.Dropping {
    switch self {
    case .dropout: .both
    // The layers before the last two have no distribution to keep them from learning by heart.
    case .variational, .ensemble, .laplace: .outer
    }
  }
}

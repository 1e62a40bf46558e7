internal import Autodiff
internal import Networks

/// The state, between epochs, of a network that has learned and whose last two layers go on learning,
/// with what is drawn in them where the method draws while it learns.
///
/// What comes before these is left as it is.
struct BayesianCourse: InterruptibleCourse {
  private let trainer: BayesianTrainer
  private let examples: ExampleSet
  private let grid: FeatureGrid
  private let start: BayesianNetwork
  private var selection: EpochSelection

  /// How much the distance from the prior counts in the loss of one moment.
  private let divergenceShare: Float

  var network: BayesianNetwork
  var descent: AveragedDescent<BayesianNetwork>
  var generator: SeededGenerator

  var epochs: Int { trainer.refiningEpochs }
  var epoch: Int { selection.epoch }
  var hardest: [Int] { selection.hardest }

  /// The standard deviation of the prior around the weights that were learned.
  private static let prior = 0.1

  /// Begins with the network of a model that has learned from `examples`.
  init(trainer: BayesianTrainer, examples: ExampleSet, around model: GestureModel, seed: UInt64) {
    guard case .timeFrequency(let start) = model.network else {
      preconditionFailure("only time–frequency networks have distributions around them")
    }
    self.trainer = trainer
    self.examples = examples
    grid = model.grid
    self.start = BayesianNetwork(start, isVariational: false)
    let epochs = trainer.refiningEpochs
    selection = EpochSelection(of: examples)
    divergenceShare = Float(
      trainer.divergenceWeight / Double(max(selection.usualCount(after: epochs), 1)))
    generator = SeededGenerator(seed: seed)
    network = BayesianNetwork(start, isVariational: trainer.method == .variational)
    descent = AveragedDescent(
      schedule: CosineSchedule(
        peak: trainer.base.learningRate / 3,
        steps: selection.usualStepCount(epochs: epochs, batchSize: trainer.base.batchSize)),
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
    return meanLoss(over: shown, batchSize: trainer.base.batchSize) { step($0) }
  }

  private mutating func step(_ chosen: [ExampleSet.Example]) -> Double {
    let batch = ExampleBatch(chosen, of: examples, grid: grid, using: &generator)
    let dropping = trainer.method == .dropout ? BayesianNetwork.Dropping.both : .outer
    let (start, divergenceShare) = (start, divergenceShare)
    return descent.step(&network, exampleCount: batch.count, threads: trainer.base.threads) {
      network, _, _ in
      // Nothing flows back into these, but weights decay.
      network.base.first = start.base.first
      network.base.second = start.base.second
    } _: { network, range in
      var chance = BayesianNetwork.Chance.each(batch.chance(range))
      let trunk = start.trunk(of: batch.windows(range))
      let embedding = network.embedding(of: trunk, dropping: dropping, chance: &chance)
      let scores = network.scores(of: embedding, chance: &chance)
      var loss = batch.loss(of: scores, range)
      if let divergence = network.divergence(fromNormal: Self.prior, around: start.base) {
        loss = loss + divergence * divergenceShare
      }
      return loss * Float(range.count)
    }
  }
}

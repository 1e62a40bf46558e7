internal import Autodiff
internal import Networks
internal import Radar

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// The state of a training between epochs.
struct TrainingCourse {
  private let trainer: GestureTrainer
  private let examples: ExampleSet
  private let schedule: CosineSchedule
  private var generator: SeededGenerator
  private var optimizer = Adam<GestureNetwork>(weightDecay: 1e-3)
  private var average: [Tensor<Float>] = []
  private var moments: EpochSelection
  private var selection: FilterSelection?

  /// The epochs in all.
  var epochs: Int { trainer.epochs }

  /// The epochs done.
  var epoch: Int { moments.epoch }

  /// How much of the running mean of weights a step keeps, at the end of training.
  private static let averageDecay: Float = 0.99

  init(trainer: GestureTrainer, examples: ExampleSet) {
    self.trainer = trainer
    self.examples = examples
    generator = SeededGenerator(seed: trainer.seed)
    moments = EpochSelection(of: examples)
    let steps = max(moments.usualCount / trainer.batchSize, 1) * trainer.epochs
    schedule = CosineSchedule(
      peak: trainer.learningRate, warmUp: min(max(steps / 20, 1), 100), steps: steps)
  }

  /// Shows the moments of an epoch.
  ///
  /// - Returns: The mean loss.
  mutating func runEpoch(of model: inout GestureModel) -> Double {
    if epoch == 0, let sparsity = trainer.sparsity,
      case .timeFrequency(let network) = model.network
    {
      selection = FilterSelection(sparsity, of: network, grid: model.grid)
    }
    let (judge, examples) = (model, examples)
    let shown = moments.next(using: &generator) { background in
      judge.scores(of: background.count) { examples.window(of: background[$0]) }
        .map { scores in
          judge.background.map { softmax(scores, over: Array(scores.indices), temperature: 1)[$0] }
            ?? 0
        }
    }
    let loss = meanLoss(over: shown, batchSize: trainer.batchSize) { step($0, improving: &model) }
    let progress = progress
    model.network.withTimeFrequency { selection?.endEpoch(of: &$0, progress: progress) }
    return loss
  }

  /// The share of the training that is done.
  private var progress: Double {
    min(Double(optimizer.stepCount) / Double(max(schedule.steps, 1)), 1)
  }

  /// Gives the model the running mean of its weights, which judges better than the last ones.
  func finish(_ model: inout GestureModel) {
    var index = 0
    model.network.visitParameters { _, parameter in
      parameter = average[index]
      index += 1
    }
    model.network.withTimeFrequency { network in
      if let selection { network = selection.finished(network) }
    }
  }

  private mutating func step(
    _ chosen: [ExampleSet.Example], improving model: inout GestureModel
  ) -> Double {
    let batch = ExampleBatch(chosen, of: examples, grid: model.grid, using: &generator)
    let (loss, gradient) = parallelValueWithGradient(
      of: model.network, exampleCount: batch.count, threads: trainer.threads
    ) { network, range in
      var dropping = batch.chance(range)
      let scores = network.trainingScores(of: batch.windows(range), using: &dropping)
      return scores.crossEntropy(with: batch.targets(range)) * Float(range.count)
    }
    let rate = schedule.rate(at: optimizer.stepCount)
    optimizer.update(&model.network, along: gradient, learningRate: rate)
    let progress = progress
    model.network.withTimeFrequency {
      selection?.follow(&$0, learningRate: rate, progress: progress)
    }
    updateAverage(with: model.network)
    return Double(loss)
  }

  private mutating func updateAverage(with network: GestureNetwork) {
    let weights = network.parameters.map(\.value)
    // In the beginning the mean forgets faster: it should not remember the random start.
    let count = Float(optimizer.stepCount)
    let decay = min(Self.averageDecay, count / (count + 10))
    average =
      average.isEmpty
      ? weights : zip(average, weights).map { $0 * decay + $1 * (1 - decay) }
  }
}

// MARK: - Interruptions

extension TrainingCourse {
  /// What is no tensor in the state of a course.
  private struct Notes: Codable {
    var hardest: [Int]
    var selection: FilterSelection.Memory?
  }

  /// Everything that the course needs to go on.
  func checkpoint(of model: GestureModel) -> TrainingCheckpoint<Adam<GestureNetwork>> {
    var checkpoint = TrainingCheckpoint(
      model: model.network, optimizer: optimizer, generator: generator)
    checkpoint.step = epoch
    for (index, tensor) in average.enumerated() { checkpoint.memory["average.\(index)"] = tensor }
    let notes = try? JSONEncoder().encode(
      Notes(hardest: moments.hardest, selection: selection?.memory))
    checkpoint.notes["course"] = notes.map { String(decoding: $0, as: UTF8.self) }
    return checkpoint
  }

  /// Goes on where the course was of which `path` is a checkpoint.
  ///
  /// - Throws: `CheckpointError` or `SafeTensorsError` if it is not of the same course.
  mutating func resume(_ model: inout GestureModel, from path: String) throws {
    var checkpoint = checkpoint(of: model)
    try checkpoint.resume(from: path)
    let text = checkpoint.notes["course"] ?? ""
    let shapes = model.network.parameters.map(\.value.shape)
    let average = shapes.indices.compactMap { checkpoint.memory["average.\($0)"] }
    guard let notes = try? JSONDecoder().decode(Notes.self, from: Data(text.utf8)),
      average.isEmpty || average.map(\.shape) == shapes,
      moments.resume(after: checkpoint.step, hardest: notes.hardest)
    else { throw CheckpointError.foreign(path) }
    model.network = checkpoint.model
    optimizer = checkpoint.optimizer
    generator = checkpoint.generator
    self.average = average
    if let sparsity = trainer.sparsity, let memory = notes.selection,
      case .timeFrequency(let network) = model.network
    {
      selection = FilterSelection(sparsity, of: network, grid: model.grid)
      selection?.memory = memory
    }
  }
}

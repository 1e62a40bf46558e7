internal import Autodiff
internal import Networks

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
  private var stopping: EarlyStopping

  /// The epochs done.
  var epoch: Int { moments.epoch }

  /// How much of the running mean of weights a step keeps, at the end of training.
  private static let averageDecay: Float = 0.99

  init(trainer: GestureTrainer, examples: ExampleSet) {
    self.trainer = trainer
    self.examples = examples
    generator = SeededGenerator(seed: trainer.seed)
    moments = EpochSelection(of: examples)
    stopping = EarlyStopping(epochs: trainer.epochs)
    let steps = moments.usualStepCount(epochs: trainer.epochs, batchSize: trainer.batchSize)
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
      judge.views(of: background.count) { examples.window(of: background[$0]) }
        .map { view in
          let scores = view.scores
          return judge.background.map {
            softmax(scores, over: Array(scores.indices), temperature: 1)[$0]
          }
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

  /// The model with the running mean of its weights, which judges better than the last ones.
  func averaged(_ model: GestureModel) -> GestureModel {
    var model = model
    model.network.setParameters(to: average)
    return model
  }

  /// Takes notice of the mean loss of the averaged model on held-out gestures.
  ///
  /// A network that becomes smaller is worse for a while, and is given the time.
  mutating func follow(_ loss: Double) {
    if selection == nil { stopping.follow(loss, after: epoch, weights: average) }
  }

  /// Whether going on would not make it better.
  var isOver: Bool { epoch >= max(trainer.epochs, 1) || stopping.isOver(after: epoch) }

  /// The epoch whose weights are the best: the last one, unless it is over before.
  var bestEpoch: Int { stopping.isOver(after: epoch) ? stopping.memory.best : epoch }

  /// Gives the model the weights that it ends with.
  func finish(_ model: inout GestureModel) {
    let isStopped = stopping.isOver(after: epoch)
    model.network.setParameters(to: isStopped ? stopping.weights : average)
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
    var stopping: EarlyStopping.Memory
  }

  /// Everything that the course needs to go on.
  func checkpoint(of model: GestureModel) -> TrainingCheckpoint<Adam<GestureNetwork>> {
    var checkpoint = TrainingCheckpoint(
      model: model.network, optimizer: optimizer, generator: generator)
    checkpoint.step = epoch
    for (index, tensor) in average.enumerated() { checkpoint.memory["average.\(index)"] = tensor }
    for (index, tensor) in stopping.weights.enumerated() {
      checkpoint.memory["best.\(index)"] = tensor
    }
    let notes = try? JSONEncoder().encode(
      Notes(
        hardest: moments.hardest, selection: selection?.memory, stopping: stopping.memory))
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
    let best = shapes.indices.compactMap { checkpoint.memory["best.\($0)"] }
    guard let notes = try? JSONDecoder().decode(Notes.self, from: Data(text.utf8)),
      average.isEmpty || average.map(\.shape) == shapes,
      notes.stopping.best == 0 || best.map(\.shape) == shapes,
      moments.resume(after: checkpoint.step, hardest: notes.hardest)
    else { throw CheckpointError.foreign(path) }
    model.network = checkpoint.model
    optimizer = checkpoint.optimizer
    generator = checkpoint.generator
    self.average = average
    stopping.memory = notes.stopping
    stopping.weights = best
    if let sparsity = trainer.sparsity, let memory = notes.selection,
      case .timeFrequency(let network) = model.network
    {
      selection = FilterSelection(sparsity, of: network, grid: model.grid)
      selection?.memory = memory
    }
  }
}

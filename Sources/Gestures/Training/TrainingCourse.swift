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
  private var generator: SeededGenerator
  private var descent: AveragedDescent<GestureNetwork>
  private var moments: EpochSelection
  private var selection: FilterSelection?
  private var stopping: EpochStopping

  /// The epochs done.
  var epoch: Int { moments.epoch }

  init(trainer: GestureTrainer, examples: ExampleSet) {
    self.trainer = trainer
    self.examples = examples
    generator = SeededGenerator(seed: trainer.seed)
    moments = EpochSelection(of: examples)
    stopping = EpochStopping(epochs: trainer.epochs)
    let steps = moments.usualStepCount(epochs: trainer.epochs, batchSize: trainer.batchSize)
    descent = AveragedDescent(
      schedule: CosineSchedule(peak: trainer.learningRate, steps: steps),
      weightDecay: 1e-3)
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
    let progress = descent.progress
    model.network.withTimeFrequency { selection?.endEpoch(of: &$0, progress: progress) }
    return loss
  }

  /// The model with the running mean of its weights, which judges better than the last ones.
  func averaged(_ model: GestureModel) -> GestureModel {
    var model = model
    model.network = descent.averaged(model.network)
    return model
  }

  /// Takes notice of the mean loss of the averaged model on held-out gestures.
  ///
  /// A network that becomes smaller is worse for a while, and is given the time.
  mutating func follow(_ loss: Double, of averaged: GestureModel) {
    guard selection == nil else { return }
    stopping.follow(loss, after: epoch, weights: averaged.network.parameters.map(\.value))
  }

  /// Whether going on would not make it better.
  var isOver: Bool { epoch >= max(trainer.epochs, 1) || stopping.isOver(after: epoch) }

  /// The epoch whose weights are the best: the last one, unless it is over before.
  var bestEpoch: Int { stopping.isOver(after: epoch) ? stopping.memory.best : epoch }

  /// Gives the model the weights that it ends with.
  func finish(_ model: inout GestureModel) {
    if stopping.isOver(after: epoch) {
      model.network.setParameters(to: stopping.weights)
    } else {
      model.network = descent.averaged(model.network)
    }
    model.network.withTimeFrequency { network in
      if let selection { network = selection.finished(network) }
    }
  }

  private mutating func step(
    _ chosen: [ExampleSet.Example], improving model: inout GestureModel
  ) -> Double {
    let batch = ExampleBatch(chosen, of: examples, grid: model.grid, using: &generator)
    var selection = selection
    defer { self.selection = selection }
    return descent.step(&model.network, exampleCount: batch.count, threads: trainer.threads) {
      network, rate, progress in
      network.withTimeFrequency {
        selection?.follow(&$0, learningRate: rate, progress: progress)
      }
    } _: { network, range in
      var dropping = batch.chance(range)
      let scores = network.trainingScores(of: batch.windows(range), using: &dropping)
      return batch.loss(of: scores, range) * Float(range.count)
    }
  }
}

// MARK: - Interruptions

extension TrainingCourse {
  /// What is no tensor in the state of a course.
  private struct Notes: Codable {
    var hardest: [Int]
    var selection: FilterSelection.Memory?
    var stopping: EpochStopping.Memory
  }

  /// Everything that the course needs to go on.
  func checkpoint(of model: GestureModel) -> TrainingCheckpoint<Adam<GestureNetwork>> {
    var checkpoint = descent.checkpoint(of: model.network, generator: generator)
    checkpoint.step = epoch
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
    let best = shapes.indices.compactMap { checkpoint.memory["best.\($0)"] }
    guard let notes = try? JSONDecoder().decode(Notes.self, from: Data(text.utf8)),
      notes.stopping.best == 0 || best.map(\.shape) == shapes,
      moments.resume(after: checkpoint.step, hardest: notes.hardest), descent.resume(checkpoint)
    else { throw CheckpointError.foreign(path) }
    model.network = checkpoint.model
    generator = checkpoint.generator
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

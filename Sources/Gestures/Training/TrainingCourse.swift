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
  private let augmentation = Augmentation()
  private let schedule: CosineSchedule
  private var generator: SeededGenerator
  private var optimizer = Adam<GestureNetwork>(weightDecay: 1e-3)
  private var average: [Tensor<Float>] = []
  private var selection: FilterSelection?

  /// The epochs in all.
  var epochs: Int { trainer.epochs }

  /// The epochs done.
  private(set) var epoch = 0

  /// The background that was hardest to tell from gestures when it was last looked for, as places in
  /// that of the examples.
  private var hardest: [Int] = []

  /// The share of the true class that is dealt out to all classes (Szegedy et al., 2016).
  private static let labelSmoothing: Float = 0.05

  /// How much of the running mean of weights a step keeps, at the end of training.
  private static let averageDecay: Float = 0.99

  /// The epochs after which the hardest background is looked for again.
  private static let searchInterval = 6

  init(trainer: GestureTrainer, examples: ExampleSet) {
    self.trainer = trainer
    self.examples = examples
    generator = SeededGenerator(seed: trainer.seed)
    let perEpoch = examples.gestures.count + min(examples.background.count, examples.gestures.count)
    let steps = max(perEpoch / trainer.batchSize, 1) * trainer.epochs
    schedule = CosineSchedule(
      peak: trainer.learningRate, warmUp: min(max(steps / 20, 1), 100), steps: steps)
  }

  /// Shows every gesture once, half as much of any background, as much of the hardest, and as much of
  /// the edges of gestures.
  ///
  /// - Returns: The mean loss.
  mutating func runEpoch(of model: inout GestureModel) -> Double {
    let half = max(examples.gestures.count / 2, 1)
    if epoch > 0, epoch.isMultiple(of: Self.searchInterval) {
      hardest = Array(backgroundByDifficulty(judgedBy: model).prefix(2 * half))
    }
    epoch += 1
    if epoch == 1, let sparsity = trainer.sparsity,
      case .timeFrequency(let network) = model.network
    {
      selection = FilterSelection(sparsity, of: network, grid: model.grid)
    }
    var shown = examples.gestures
    shown += examples.background.shuffled(using: &generator).prefix(half / 2)
    let quiet = examples.background.filter { examples.sequences[$0.sequence].isQuiet }
    shown += (quiet.isEmpty ? examples.background : quiet)
      .shuffled(using: &generator).prefix(half - half / 2)
    shown += hardest.shuffled(using: &generator).prefix(half).map { examples.background[$0] }
    for gesture in examples.gestures.shuffled(using: &generator).prefix(half) {
      examples.offCentre(of: gesture, using: &generator).map { shown.append($0) }
    }
    shown.shuffle(using: &generator)
    var sum = 0.0
    var steps = 0
    for start in stride(from: 0, to: shown.count, by: trainer.batchSize) {
      // A last, small batch would make a noisy step: what it holds comes again next time.
      guard start == 0 || start + trainer.batchSize <= shown.count else { break }
      sum += step(
        Array(shown[start..<min(start + trainer.batchSize, shown.count)]), improving: &model)
      steps += 1
    }
    let progress = progress
    model.network.withTimeFrequency { selection?.endEpoch(of: &$0, progress: progress) }
    return sum / Double(max(steps, 1))
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
    _ batch: [ExampleSet.Example], improving model: inout GestureModel
  ) -> Double {
    let classes = model.labels.count
    let grid = model.grid
    let seeds = batch.map { _ in generator.next() }
    let (examples, augmentation) = (examples, augmentation)
    let (loss, gradient) = parallelValueWithGradient(
      of: model.network, exampleCount: batch.count, threads: trainer.threads
    ) { network, range in
      var windows: [Float] = []
      var targets = [Float](
        repeating: Self.labelSmoothing / Float(classes), count: range.count * classes)
      var dropping = SeededGenerator(seed: seeds[range.lowerBound])
      for (row, index) in range.enumerated() {
        var varying = SeededGenerator(seed: seeds[index] ^ 0x5851_F42D_4C95_7F2D)
        windows += augmentation.window(of: batch[index], in: examples, using: &varying)
        targets[row * classes + batch[index].label] += 1 - Self.labelSmoothing
      }
      let shape = [range.count, grid.steps, grid.velocityBins, grid.channels]
      let scores = network.trainingScores(of: Tensor(windows, shape: shape), using: &dropping)
      return scores.crossEntropy(with: Tensor(targets, shape: [range.count, classes]))
        * Float(range.count)
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

  /// Background in the order of how much the model takes it for a gesture, the worst first,
  /// as places in that of the examples.
  private func backgroundByDifficulty(judgedBy model: GestureModel) -> [Int] {
    guard let index = model.background else { return [] }
    let places = examples.vigorousBackground
    let certainty = model.scores(of: places.count) {
      examples.window(of: examples.background[places[$0]])
    }.map { scores in softmax(scores, over: Array(scores.indices), temperature: 1)[index] }
    return places.indices.sorted { (certainty[$0], $0) < (certainty[$1], $1) }.map { places[$0] }
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
    let notes = try? JSONEncoder().encode(Notes(hardest: hardest, selection: selection?.memory))
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
      notes.hardest.allSatisfy({ examples.background.indices.contains($0) }),
      average.isEmpty || average.map(\.shape) == shapes
    else { throw CheckpointError.foreign(path) }
    model.network = checkpoint.model
    optimizer = checkpoint.optimizer
    generator = checkpoint.generator
    epoch = checkpoint.step
    self.average = average
    hardest = notes.hardest
    if let sparsity = trainer.sparsity, let memory = notes.selection,
      case .timeFrequency(let network) = model.network
    {
      selection = FilterSelection(sparsity, of: network, grid: model.grid)
      selection?.memory = memory
    }
  }
}

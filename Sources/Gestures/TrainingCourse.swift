internal import Autodiff
internal import Networks
internal import Radar

/// The state of a training between epochs.
struct TrainingCourse {
  private let trainer: GestureTrainer
  private let examples: ExampleSet
  private let gestures: [ExampleSet.Example]
  private let background: [ExampleSet.Example]
  private let augmentation = Augmentation()
  private let schedule: CosineSchedule
  private var generator: SeededGenerator
  private var optimizer = Adam<GestureNetwork>(weightDecay: 1e-3)
  private var average: [Tensor<Float>] = []
  private var epoch = 0

  /// The share of the true class that is dealt out to all classes (Szegedy et al., 2016).
  private static let labelSmoothing: Float = 0.05

  /// How much of the running mean of weights a step keeps, at the end of training.
  private static let averageDecay: Float = 0.99

  init(
    trainer: GestureTrainer, examples: ExampleSet, training: [ExampleSet.Example],
    generator: SeededGenerator
  ) {
    self.trainer = trainer
    self.examples = examples
    self.generator = generator
    let backgroundIndex = examples.labels.firstIndex(of: GestureModel.backgroundLabel)
    gestures = training.filter { $0.label != backgroundIndex }
    background = training.filter { $0.label == backgroundIndex }
    let perEpoch =
      gestures.count + min(background.count, backgroundShare(of: gestures.count, in: examples))
    let steps = max(perEpoch / trainer.batchSize, 1) * trainer.epochs
    schedule = CosineSchedule(
      peak: trainer.learningRate, warmUp: min(max(steps / 20, 1), 100), steps: steps)
  }

  /// Shows every gesture once, and about as much background as two classes have gestures.
  ///
  /// - Returns: The mean loss.
  mutating func runEpoch(of model: inout GestureModel) -> Double {
    epoch += 1
    var shown = gestures
    var silent = background.shuffled(using: &generator)
    if 8 * epoch > trainer.epochs { silent = withoutMissingMarks(silent, judgedBy: model) }
    shown += silent.prefix(backgroundShare(of: gestures.count, in: examples))
    for gesture in gestures.shuffled(using: &generator).prefix(gestures.count / 2) {
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
    return sum / Double(max(steps, 1))
  }

  /// Gives the model the running mean of its weights, which judges better than the last ones.
  func finish(_ model: inout GestureModel) {
    var index = 0
    model.network.visitParameters { _, parameter in
      parameter = average[index]
      index += 1
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
    optimizer.update(
      &model.network, along: gradient, learningRate: schedule.rate(at: optimizer.stepCount))
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

  /// Background without the moments that are most likely gestures nobody marked: the model, which
  /// has learned what the marked ones look like, names them as one of their recording.
  private func withoutMissingMarks(
    _ silent: [ExampleSet.Example], judgedBy model: GestureModel
  ) -> [ExampleSet.Example] {
    let candidates = silent.prefix(3 * backgroundShare(of: gestures.count, in: examples))
    let windows = candidates.map { example in
      examples.sequences[example.sequence].features.window(centeredAt: example.middle)
    }
    guard !windows.isEmpty else { return [] }
    return zip(candidates, model.probabilities(of: windows)).compactMap { example, probabilities in
      guard example.isUnmarked else { return example }
      let marked = Set(examples.sequences[example.sequence].annotations.map(\.label))
      let suspicion = zip(model.labels, probabilities)
        .filter { marked.contains($0.0) && $0.0 != GestureModel.backgroundLabel }
        .map(\.1).reduce(0, +)
      return suspicion > 0.5 ? nil : example
    }
  }
}

/// The background shown in an epoch: as much as two classes have gestures, and a third at least.
private func backgroundShare(of gestures: Int, in examples: ExampleSet) -> Int {
  max(2 * gestures / max(examples.labels.count - 1, 1), gestures / 3)
}

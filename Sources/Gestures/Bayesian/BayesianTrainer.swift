internal import Autodiff
internal import Networks
internal import Radar
internal import RealModule

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

  /// The share of gestures that is not learned from, but tells what confidence means.
  public var validationFraction = 0.15

  /// How much the distance from the prior counts in variational inference: one is Bayes' rule, less
  /// is a colder posterior (Wenzel and others, 2020).
  public var divergenceWeight = 0.1

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
  /// - Throws: ``GestureError/noLabels``.
  public func train(
    on sequences: [LabelledSequence], waveforms: WaveformFamily,
    includes: (_ sequence: Int, _ time: Double) -> Bool = { _, _ in true },
    progress: (_ epoch: Int, _ epochs: Int, _ loss: Double) -> Void = { _, _, _ in }
  ) throws -> BayesianGestureModel {
    let labels = try GestureTrainer.labels(of: sequences, includes: includes)
    guard let grid = sequences.first?.features.grid else { throw GestureError.noLabels }
    let examples = ExampleSet(sequences, labels: labels, includes: includes)
    var generator = SeededGenerator(seed: seed)
    let gestures = examples.gestures.shuffled(using: &generator)
    let held = Array(gestures.prefix(Int(Double(gestures.count) * validationFraction)))
    let learned = Array(gestures.dropFirst(held.count))
    var networks: [BayesianNetwork] = []
    for member in 0..<method.members {
      var course = BayesianCourse(
        trainer: self, examples: examples, gestures: learned, grid: grid, seed: generator.next())
      for epoch in 1...max(epochs, 1) {
        progress(member * epochs + epoch, method.members * epochs, course.runEpoch())
      }
      networks.append(course.finished)
    }
    var model = BayesianGestureModel(
      labels: labels, grid: grid, waveforms: waveforms,
      durations: ExampleSet.durations(of: labels, in: sequences), method: method,
      networks: networks)
    let windows = held.map { example in
      sequences[example.sequence].features.window(centeredAt: example.middle)
    }
    let truths = held.map { $0.label - 1 }
    if method == .laplace {
      let shown = (learned + examples.background).map { example in
        sequences[example.sequence].features.window(centeredAt: example.middle)
      }
      model.fitLaplace(to: shown, heldOut: windows, truths: truths)
    }
    model.fitTemperature(to: windows, truths: truths)
    return model
  }
}

/// The state of the training of one network between epochs.
private struct BayesianCourse {
  private let trainer: BayesianTrainer
  private let examples: ExampleSet
  private let gestures: [ExampleSet.Example]
  private let grid: FeatureGrid
  private let augmentation = Augmentation()
  private var network: BayesianNetwork
  private var descent: AveragedDescent<BayesianNetwork>
  private var generator: SeededGenerator

  /// The share of the true class that is dealt out to all classes.
  private static let labelSmoothing: Float = 0.05

  init(
    trainer: BayesianTrainer, examples: ExampleSet, gestures: [ExampleSet.Example],
    grid: FeatureGrid, seed: UInt64
  ) {
    self.trainer = trainer
    self.examples = examples
    self.gestures = gestures
    self.grid = grid
    generator = SeededGenerator(seed: seed)
    network = BayesianNetwork(
      grid: grid, classes: examples.labels.count,
      isVariational: trainer.method == .variational, using: &generator)
    let perEpoch = gestures.count + Self.backgroundShare(gestures.count, examples)
    let steps = max(perEpoch / trainer.batchSize, 1) * trainer.epochs
    descent = AveragedDescent(
      schedule: CosineSchedule(
        peak: trainer.learningRate, warmUp: min(max(steps / 20, 1), 100), steps: steps),
      weightDecay: trainer.method == .variational ? 0 : 1e-3)
  }

  /// The network with the running mean of its weights.
  var finished: BayesianNetwork { descent.averaged(network) }

  /// The background shown in an epoch: as much as two classes have gestures, and a third at least.
  private static func backgroundShare(_ gestures: Int, _ examples: ExampleSet) -> Int {
    let share = max(2 * gestures / max(examples.labels.count - 1, 1), gestures / 3)
    return min(share, examples.background.count)
  }

  /// Shows every gesture once, and some background.
  ///
  /// - Returns: The mean loss.
  mutating func runEpoch() -> Double {
    var shown = gestures
    shown += examples.background.shuffled(using: &generator)
      .prefix(Self.backgroundShare(gestures.count, examples))
    shown.shuffle(using: &generator)
    var sum = 0.0
    var steps = 0
    for start in stride(from: 0, to: shown.count, by: trainer.batchSize) {
      // A last, small batch would make a noisy step: what it holds comes again next time.
      guard start == 0 || start + trainer.batchSize <= shown.count else { break }
      sum += step(Array(shown[start..<min(start + trainer.batchSize, shown.count)]))
      steps += 1
    }
    return sum / Double(max(steps, 1))
  }

  private mutating func step(_ batch: [ExampleSet.Example]) -> Double {
    let seeds = batch.map { _ in generator.next() }
    let (examples, augmentation, grid) = (examples, augmentation, grid)
    let classes = examples.labels.count
    let drops = trainer.method != .variational
    let divergenceShare = Float(trainer.divergenceWeight / Double(max(gestures.count, 1)))
    return descent.step(&network, exampleCount: batch.count, threads: trainer.threads) {
      network, range in
      var windows: [Float] = []
      var targets = [Float](
        repeating: Self.labelSmoothing / Float(classes), count: range.count * classes)
      for (row, index) in range.enumerated() {
        var varying = SeededGenerator(seed: seeds[index] ^ 0x5851_F42D_4C95_7F2D)
        windows += augmentation.window(of: batch[index], in: examples, using: &varying)
        targets[row * classes + batch[index].label] += 1 - Self.labelSmoothing
      }
      let shape = [range.count, grid.steps, grid.velocityBins, grid.channels]
      var chance = BayesianNetwork.Chance.each(SeededGenerator(seed: seeds[range.lowerBound]))
      let embedding = network.embedding(
        of: network.trunk(of: Tensor(windows, shape: shape)), drops: drops, chance: &chance)
      let scores = network.scores(of: embedding, chance: &chance)
      var loss = scores.crossEntropy(with: Tensor(targets, shape: [range.count, classes]))
      if let divergence = network.divergence { loss = loss + divergence * divergenceShare }
      return loss * Float(range.count)
    }
  }
}

// MARK: - After the weights

extension BayesianGestureModel {
  /// Measures the curvature around the last layer, and chooses how much was believed before by what
  /// makes held-out gestures most probable.
  fileprivate mutating func fitLaplace(
    to shown: [[Float]], heldOut: [[Float]], truths: [Int]
  ) {
    let network = networks[0]
    var embeddings: [Float] = []
    var probabilities: [Float] = []
    for start in stride(from: 0, to: shown.count, by: 32) {
      let part = shown[start..<min(start + 32, shown.count)]
      let shape = [part.count, grid.steps, grid.velocityBins, grid.channels]
      var chance = BayesianNetwork.Chance.none
      let embedding = network.embedding(
        of: network.trunk(of: Tensor(Array(part.joined()), shape: shape)), drops: false,
        chance: &chance)
      embeddings += embedding.elements
      probabilities += network.scores(of: embedding, chance: &chance).softmax().elements
    }
    let inputs = Tensor(embeddings, shape: [shown.count, embeddings.count / max(shown.count, 1)])
    let outputs = Tensor(probabilities, shape: [shown.count, labels.count])
    var best = (loss: Double.infinity, laplace: KroneckerLaplace?.none)
    for exponent in stride(from: -1.0, through: 3, by: 0.5) {
      laplace = KroneckerLaplace(
        inputs: inputs, probabilities: outputs, precision: .pow(10, exponent))
      var model = self
      let loss = model.fitTemperature(to: heldOut, truths: truths)
      if loss < best.loss || best.laplace == nil { best = (loss, laplace) }
    }
    laplace = best.laplace
  }

  /// Sets the temperature under which held-out gestures are most probable.
  ///
  /// - Returns: The mean of minus the logarithm of the probability of what they are.
  @discardableResult
  fileprivate mutating func fitTemperature(to windows: [[Float]], truths: [Int]) -> Double {
    guard !windows.isEmpty else { return 0 }
    let draws = scores(of: windows)
    let smoothing = 1 / Double(windows.count + 2)
    func loss(_ temperature: Double) -> Double {
      var model = self
      model.temperature = temperature
      return zip(draws, truths).reduce(0) { sum, pair in
        let mean = meanProbabilities(of: pair.0.map { model.gestureProbabilities($0) })
        // The targets are not quite one, so that few gestures without a mistake do not tell the
        // model to be certain (Platt, 1999).
        return sum
          - mean.enumerated().reduce(0) { sum, item in
            let share = smoothing / Double(mean.count)
            let target = (item.offset == pair.1 ? 1 - smoothing : 0) + share
            return sum + target * .log(max(item.element, 1e-12))
          }
      } / Double(windows.count)
    }
    let candidates = stride(from: -2.0, through: 1.5, by: 0.05).map { Double.exp($0) }
    temperature = candidates.min { loss($0) < loss($1) } ?? 1
    return loss(temperature)
  }
}

internal import Autodiff
internal import Networks
internal import Radar

/// Learns to give gestures codes from labelled recordings.
public struct CodeTrainer: Sendable {
  /// The number of bits of a code.
  public var bits = 64

  /// The times every gesture is shown.
  public var epochs = 60

  /// Where random numbers begin: one seed, one result, whatever the number of threads.
  public var seed: UInt64 = 0

  /// The most threads to use.
  public var threads = 2

  /// The gestures of a step.
  public var batchSize = 64

  /// The highest learning rate.
  public var learningRate = 3e-3

  /// Where to keep what a training needs to go on after it was interrupted, if anywhere.
  public var checkpoint: GestureTrainer.Checkpoint?

  /// Creates a trainer with the default recipe.
  public init() {}

  /// How far training has come: the epochs done, and the mean loss over the last one.
  public typealias Progress = (epoch: Int, loss: Double)

  /// Learns a model.
  ///
  /// - Parameters:
  ///   - recordings: Recordings of one kind of radar, with gestures.
  ///   - progress: Called after every epoch.
  /// - Returns: The model.
  /// - Throws: ``GestureError`` if the recordings do not make a data set, and what reading throws.
  public func train(
    on recordings: [LabelledRecording], progress: (Progress) -> Void = { _ in }
  ) throws -> CodeModel {
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
  ///   - progress: Called after every epoch.
  /// - Returns: The model.
  /// - Throws: ``GestureError/noLabels``, ``GestureError/tooFew(what:found:needed:)``, or
  ///   ``GestureError/otherTraining(_:)`` if the checkpoint belongs to another training.
  public func train(
    on sequences: [LabelledSequence], waveforms: WaveformFamily,
    includes: (_ sequence: Int, _ time: Double) -> Bool = { _, _ in true },
    progress: (Progress) -> Void = { _ in }
  ) throws -> CodeModel {
    precondition((8...4096).contains(bits), "a code of \(bits) bits is too short or too long")
    let labels = try GestureTrainer.labels(of: sequences, includes: includes)
    guard labels.count > 2 else {
      throw GestureError.tooFew(what: "gestures", found: labels.count - 1, needed: 2)
    }
    guard let grid = sequences.first?.features.grid else { throw GestureError.noLabels }
    var course = CodeCourse(
      trainer: self, examples: ExampleSet(sequences, labels: labels, includes: includes),
      grid: grid)
    let record = try TrainingRecord(
      checkpoint,
      identity: identity(of: sequences, grid: grid, waveforms: waveforms, includes: includes),
      epochs: max(epochs, 1))
    try record.finish(&course) { epoch, _, loss in progress((epoch, loss)) }
    return course.finish(waveforms: waveforms)
  }
}

/// The network, and the points its codes gather around while it learns.
private struct CodeLearner: ParameterContainer, Sendable {
  var network: CodeNetwork
  var proxies: Tensor<Float>

  mutating func visitParameters(_ body: (String, inout Tensor<Float>) -> Void) {
    network.visitParameters(body)
    body("proxies", &proxies)
  }
}

/// The state of a training between epochs.
private struct CodeCourse: InterruptibleCourse {
  private let trainer: CodeTrainer
  private let examples: ExampleSet
  private let grid: FeatureGrid
  private let augmentation = Augmentation()
  private let loss = CodeLoss()
  var network: CodeLearner
  var generator: SeededGenerator
  var descent: AveragedDescent<CodeLearner>
  private(set) var epoch = 0

  var epochs: Int { trainer.epochs }

  /// The examples whose pairs are compared: as many as one thread differentiates at a time.
  private static let shardSize = 32

  init(trainer: CodeTrainer, examples: ExampleSet, grid: FeatureGrid) {
    self.trainer = trainer
    self.examples = examples
    self.grid = grid
    var generator = SeededGenerator(seed: trainer.seed)
    let network = CodeNetwork(grid: grid, bits: trainer.bits, using: &generator)
    let points = (0..<examples.labels.count * trainer.bits).map { _ in
      Float.random(in: -1...1, using: &generator)
    }
    self.network = CodeLearner(
      network: network, proxies: Tensor(points, shape: [examples.labels.count, trainer.bits]))
    self.generator = generator
    let perEpoch = examples.gestures.count + Self.backgroundShare(in: examples)
    let steps = max(perEpoch / trainer.batchSize, 1) * trainer.epochs
    descent = AveragedDescent(
      schedule: CosineSchedule(peak: trainer.learningRate, steps: steps),
      weightDecay: 1e-3)
  }

  /// The background shown in an epoch: as much as two gestures, or what there is.
  private static func backgroundShare(in examples: ExampleSet) -> Int {
    let share = 2 * examples.gestures.count / max(examples.labels.count - 1, 1)
    return min(examples.background.count, max(share, examples.gestures.count / 10))
  }

  /// Shows every gesture once, and some background.
  ///
  /// - Returns: The mean loss.
  mutating func runEpoch() -> Double {
    var shown = examples.gestures
    let silent = examples.background.shuffled(using: &generator)
    shown += silent.prefix(Self.backgroundShare(in: examples))
    shown.shuffle(using: &generator)
    epoch += 1
    return meanLoss(over: shown, batchSize: trainer.batchSize) { step($0) }
  }

  mutating func resume(after epoch: Int, hardest: [Int]) -> Bool {
    self.epoch = epoch
    return true
  }

  private mutating func step(_ chosen: [ExampleSet.Example]) -> Double {
    let batch = ExampleBatch(chosen, of: examples, grid: grid, using: &generator)
    let loss = loss
    let steepness = Float(1 + 3 * descent.progress)
    return descent.step(
      &network, exampleCount: batch.count, shardSize: Self.shardSize, threads: trainer.threads
    ) { learner, range in
      var dropping = batch.chance(range)
      let values = learner.network.trainingValues(of: batch.windows(range), using: &dropping)
      return loss(
        values, labels: batch.labels(range), proxies: learner.proxies, steepness: steepness)
        * Float(range.count)
    }
  }

  /// The model of the mean weights, and how far the codes of one gesture lie apart.
  consuming func finish(waveforms: WaveformFamily) -> CodeModel {
    let learner = finished
    let bits = trainer.bits
    // Background comes first among the labels.
    let background = BinaryCode(signsOf: learner.proxies.elements[..<bits])
    var model = CodeModel(
      grid: grid, waveforms: waveforms, labels: Array(examples.labels.dropFirst()),
      acceptance: bits / 4, background: background, network: learner.network)
    let shown = examples.gestures.shuffled(using: &generator).prefix(600)
    let windows = shown.map { example in
      augmentation.window(of: example, in: examples, using: &generator)
    }
    model = CodeModel(
      grid: grid, waveforms: waveforms, labels: model.labels,
      acceptance: Self.acceptance(of: model.codes(of: windows), labels: shown.map(\.label)),
      background: background, network: learner.network)
    return model
  }

  /// Half way between the usual distance of two codes of one class and that of a code to the
  /// nearest of another class.
  private static func acceptance(of codes: [BinaryCode], labels: [Int]) -> Int {
    var within: [Int] = []
    var without: [Int] = []
    for (index, code) in codes.enumerated() {
      var (nearest, same) = (Int.max, [Int]())
      for other in codes.indices where other != index {
        let distance = code.distance(to: codes[other])
        if labels[other] == labels[index] {
          same.append(distance)
        } else {
          nearest = min(nearest, distance)
        }
      }
      if !same.isEmpty { within.append(same.sorted()[same.count / 2]) }
      if nearest < .max { without.append(nearest) }
    }
    guard !within.isEmpty, !without.isEmpty else { return (codes.first?.bitCount ?? 4) / 4 }
    within.sort()
    without.sort()
    let usual = within[within.count * 9 / 10]
    let other = without[without.count / 2]
    return max((usual + other) / 2, usual)
  }
}

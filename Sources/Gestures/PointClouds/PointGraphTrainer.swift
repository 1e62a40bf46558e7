internal import Autodiff
internal import Networks
internal import RealModule

/// Learns to name gestures by points.
public struct PointGraphTrainer: Sendable {
  /// The times every gesture is shown.
  public var epochs = 20

  /// Where random numbers begin: one seed, one result, whatever the number of threads.
  public var seed: UInt64 = 0

  /// The most threads to use.
  public var threads = 2

  /// The gestures of a step.
  public var batchSize = 32

  /// The highest learning rate.
  public var learningRate = 3e-3

  /// The networks whose mean is the answer.
  ///
  /// The last of several does not learn from a quarter of the people: what it says of them tells what
  /// confidence means.
  public var members = 4

  /// Where to keep what a training needs to go on after it was interrupted, if anywhere.
  public var checkpoint: GestureTrainer.Checkpoint?

  /// Creates a trainer with the default recipe.
  public init() {}

  /// Learns a model.
  ///
  /// - Parameters:
  ///   - sequences: Gestures, of which those without a label are left out.
  ///   - progress: Called after every epoch with its number, that of all epochs, and the mean loss.
  /// - Returns: The model.
  /// - Throws: ``GestureError/tooFew(what:found:needed:)`` if there are not two kinds of gestures,
  ///   ``GestureError/otherTraining(_:)`` if the checkpoint belongs to another training, and what
  ///   writing it throws.
  public func train(
    on sequences: [PointSequence],
    progress: (_ epoch: Int, _ epochs: Int, _ loss: Double) -> Void = { _, _, _ in }
  ) throws -> PointGraphModel {
    let labels = Set(sequences.compactMap(\.label)).sorted()
    guard labels.count > 1 else {
      throw GestureError.tooFew(what: "kinds of gestures", found: labels.count, needed: 2)
    }
    let examples = sequences.compactMap { sequence -> PointCourse.Example? in
      guard let label = sequence.label.flatMap({ labels.firstIndex(of: $0) }) else { return nil }
      let points = sequence.points.filter(\.isSound)
      return points.isEmpty
        ? nil : PointCourse.Example(points: points, label: label, subject: sequence.subject)
    }
    var shape = PointGraphShape()
    let strengths = examples.flatMap(\.points).map { Float.log(onePlus: max($0.intensity, 0)) }
    shape.usualIntensity = strengths.reduce(0, +) / Float(max(strengths.count, 1))
    var generator = SeededGenerator(seed: seed)
    let heldOut = heldOutPeople(among: examples, using: &generator)
    var model = PointGraphModel(labels: labels, networks: [])
    let (count, classes) = (max(members, 1), labels.count)
    let record = try TrainingRecord(
      checkpoint, identity: identity(of: sequences), epochs: count * max(epochs, 1))
    for member in 0..<count {
      let isLast = member == members - 1
      let shown = examples.filter { !isLast || !heldOut.contains($0.subject ?? "") }
      let seed = generator.next()
      let course = PointCourse(
        trainer: self, examples: shown, shape: shape, classes: classes, seed: seed)
      try model.networks.append(record.network(of: course, progress: progress))
    }
    let judge = PointGraphModel(labels: labels, networks: model.networks.suffix(1))
    let answers = examples.filter { heldOut.contains($0.subject ?? "") }.compactMap { example in
      judge.logProbabilities(of: example.points).map {
        Calibration.HeldOut(scores: $0, truth: example.label)
      }
    }
    model.temperature =
      Calibration(of: answers, candidates: Array(labels.indices)).temperature
    return model
  }

  /// A quarter of the people, and none if there are few or there is no network to spare.
  private func heldOutPeople(
    among examples: [PointCourse.Example], using generator: inout SeededGenerator
  ) -> Set<String> {
    let people = Set(examples.compactMap(\.subject)).sorted().shuffled(using: &generator)
    return members > 1 && people.count > 3 ? Set(people.prefix(people.count / 4)) : []
  }
}

/// The state of a training between epochs.
private struct PointCourse: InterruptibleCourse {
  struct Example: Sendable {
    var points: [RadarPoint]
    var label: Int
    var subject: String?
  }

  private let trainer: PointGraphTrainer
  private let examples: [Example]
  private let augmentation = PointAugmentation()
  var network: PointGraphNetwork
  var generator: SeededGenerator
  var descent: AveragedDescent<PointGraphNetwork>
  private(set) var epoch = 0

  var epochs: Int { trainer.epochs }

  /// The share of the true class that is dealt out to all classes.
  private static let labelSmoothing: Float = 0.05

  init(
    trainer: PointGraphTrainer, examples: [Example], shape: PointGraphShape, classes: Int,
    seed: UInt64
  ) {
    self.trainer = trainer
    self.examples = examples
    var generator = SeededGenerator(seed: seed)
    network = PointGraphNetwork(shape: shape, classes: classes, using: &generator)
    self.generator = generator
    let steps = max(examples.count / trainer.batchSize, 1) * trainer.epochs
    descent = AveragedDescent(
      schedule: CosineSchedule(peak: trainer.learningRate, steps: steps, longestWarmUp: 50),
      weightDecay: 1e-2)
  }

  /// Shows every gesture once.
  ///
  /// - Returns: The mean loss.
  mutating func runEpoch() -> Double {
    let order = examples.indices.shuffled(using: &generator)
    epoch += 1
    return meanLoss(over: order, batchSize: trainer.batchSize) { step($0) }
  }

  mutating func resume(after epoch: Int, hardest: [Int]) -> Bool {
    self.epoch = epoch
    return true
  }

  private mutating func step(_ batch: [Int]) -> Double {
    let seeds = batch.map { _ in generator.next() }
    let (examples, augmentation) = (examples, augmentation)
    return descent.step(&network, exampleCount: batch.count, threads: trainer.threads) {
      network, range in
      var points = PointBatch(shape: network.shape)
      var labels: [Int] = []
      var dropping = SeededGenerator(seed: seeds[range.lowerBound])
      for index in range {
        var varying = SeededGenerator(seed: seeds[index] ^ 0x5851_F42D_4C95_7F2D)
        let example = examples[batch[index]]
        let varied = augmentation.varied(example.points, using: &varying)
        points.append(sample(varied, count: network.shape.points, using: &varying))
        labels.append(example.label)
      }
      let scores = network.trainingScores(of: points, using: &dropping)
      return scores.crossEntropy(labels: labels, smoothing: Self.labelSmoothing)
        * Float(range.count)
    }
  }
}

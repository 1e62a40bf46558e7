internal import Autodiff
internal import Networks
internal import Radar

/// Learns distributions over networks from labelled recordings.
public struct BayesianTrainer: Sendable {
  /// How the distribution is learned.
  public var method: BayesianMethod

  /// How the networks are learned, before their last two layers go on: as that of a classifier, with the
  /// same gestures held out to tell what confidence means.
  public var base: GestureTrainer

  /// How much the distance from the prior counts in variational inference: one is Bayes' rule, less
  /// is a colder posterior (Wenzel and others, 2020).
  public var divergenceWeight = 0.1

  /// The epochs in which the last two layers of a network that has learned go on learning.
  var refiningEpochs: Int { max(base.epochs / 4, 1) }

  /// Creates a trainer.
  ///
  /// - Parameters:
  ///   - method: How the distribution is learned.
  ///   - base: How the networks are learned: time–frequency ones of the usual size.
  public init(method: BayesianMethod, base: GestureTrainer = GestureTrainer()) {
    self.method = method
    self.base = base
  }

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
    let grid = try base.grid(for: recordings)
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
  /// - Precondition: ``base`` learns time–frequency networks, and none becomes smaller.
  public func train(
    on sequences: [LabelledSequence], waveforms: WaveformFamily,
    includes: @escaping (_ sequence: Int, _ time: Double) -> Bool = { _, _ in true },
    progress: (_ epoch: Int, _ epochs: Int, _ loss: Double) -> Void = { _, _, _ in }
  ) throws -> BayesianGestureModel {
    precondition(
      base.network == .timeFrequency && base.sparsity == nil,
      "distributions lie around time–frequency networks of the usual size")
    let blank = try base.blank(of: sequences, waveforms: waveforms, includes: includes)
    let heldOut = try HeldOutTurns(
      of: sequences, share: base.validationFraction, seed: base.seed, includes: includes)
    // Where the model has several networks, several learn in each turn, since what is calibrated is
    // their mean: that of networks each of which is as sure as it is right is less sure than it is
    // right (Rahaman and Thiery, 2021).
    let count = (heldOut.turns.count - 1) * method.judges + method.members
    let record = try TrainingRecord(
      base.checkpoint, identity: identity(of: sequences, blank: blank, includes: includes),
      epochs: count * (max(base.epochs, 1) + refiningEpochs))
    var run = TrainingRun(trainer: base, blank: blank, sequences: sequences, record: record)
    var generator = SeededGenerator(seed: base.seed)
    let seeds = [base.seed] + (1..<method.members).map { _ in generator.next() }
    var calibration = BayesianCalibration(method: method)
    var crossFitting = CrossFitting(sequences, includes: includes)
    var learned = ExampleSet(sequences, labels: blank.labels, includes: includes)
    var model = BayesianGestureModel(blank, method: method, networks: [])
    for turn in heldOut.turns {
      let isHeldOut = { heldOut.isHeldOut($0, $1, by: turn) }
      let isLearned = { heldOut.isLearned($0, $1, in: turn) }
      let examples = ExampleSet(sequences, labels: blank.labels, includes: isLearned)
      var judge = model
      judge.networks = try seeds.prefix(turn.isKept ? method.members : method.judges).map { seed in
        let fitted = try run.fit(seed: seed, includes: isLearned, heldOut: isHeldOut) {
          progress($0.epoch, $0.epochs, $0.loss)
        }
        let course = BayesianCourse(
          trainer: self, examples: examples, around: fitted, seed: generator.next())
        return try record.network(of: course, progress: progress)
      }
      if turn.isKept { (model.networks, learned) = (judge.networks, examples) }
      guard turn.part != nil else { continue }
      calibration.add(
        ExampleSet(sequences, labels: blank.labels, includes: isHeldOut), judgedBy: judge,
        learnedFrom: examples)
      crossFitting.add(sequences, judgedBy: judge.mean, includes: isHeldOut)
    }
    calibration.finish(&model, learnedFrom: learned)
    model.remember(learned)
    guard heldOut.isAny else { return model }
    model.detection = crossFitting.detection(
      falseAlarmsPerHour: base.falseAlarmsPerHour,
      shortestGap: ExampleSet.shortestGap(of: sequences.map(\.annotations), includes: includes))
    return model
  }
}

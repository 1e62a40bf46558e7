internal import Autodiff
internal import Networks
internal import Radar

/// Learns a model from labelled recordings.
public struct GestureTrainer: Sendable {
  /// The times every gesture is shown.
  public var epochs = 60

  /// Where random numbers begin: one seed, one result, whatever the number of threads.
  public var seed: UInt64 = 0

  /// The most threads to use.
  public var threads = 2

  /// The share of gestures that is held out at a time, to tell how well it goes, what confidence
  /// means and when to tell an event.
  ///
  /// Of up to a thousand gestures every one is held out once, by models that learn from the others,
  /// and the model that is returned learns from all; of more, the model learns from the others only.
  public var validationFraction = 0.25

  /// The most false alarms in an hour of recordings without any gesture, as far as can be told from
  /// those that were held out; without it, events agree with the marked gestures as well as possible.
  public var falseAlarmsPerHour: Double?

  /// The gestures of a step.
  public var batchSize = 32

  /// The highest learning rate.
  public var learningRate = 3e-3

  /// Which kind of network learns.
  public var network = NetworkKind.timeFrequency

  /// The range gates by which a network that is not started from another tells where echoes come from,
  /// beside their mean range, up to 64; none if zero.
  public var rangeGates = 0

  /// Whether the network becomes smaller while it learns, if it is a time–frequency one.
  public var sparsity: FilterSparsity?

  /// A model whose weights are the first ones, as far as they fit: what it has learned need not be
  /// learned again.
  public var start: GestureModel?

  /// Where to keep what a training needs to go on after it was interrupted, if anywhere.
  public var checkpoint: Checkpoint?

  /// The most gestures of which every one is held out once.
  static let fewGestures = 1000

  /// Creates a trainer with the default recipe.
  public init() {}

  /// How far training has come.
  public struct Progress: Sendable {
    /// The epochs done, of all models.
    public var epoch: Int

    /// The epochs in all, of all models.
    public var epochs: Int

    /// The mean loss over the epoch.
    public var loss: Double

    /// The share of the held-out gestures that are named right, and `nil` if none are held out.
    public var validationAccuracy: Double?
  }

  /// A model, and how well it will do.
  public struct Outcome: Sendable {
    /// The model.
    public var model: GestureModel

    /// The share of held-out gestures that were named right, and `nil` if none were held out.
    public var validationAccuracy: Double?
  }

  /// Learns a model.
  ///
  /// - Parameters:
  ///   - recordings: Recordings of one kind of radar, some with gestures.
  ///   - progress: Called after every epoch.
  /// - Returns: The model and how well it will do.
  /// - Throws: ``GestureError`` if the recordings do not make a data set, and what reading throws.
  public func train(
    on recordings: [LabelledRecording], progress: (Progress) -> Void = { _ in }
  ) throws -> Outcome {
    let grid = try grid(for: recordings)
    let sequences = try LabelledSequence.read(recordings, grid: grid)
    return try train(
      on: sequences, waveforms: WaveformFamily(of: recordings.map(\.waveform)), progress: progress)
  }

  /// The axes on which `recordings` are learned from: those of the model to start from, if there is
  /// one, since its weights mean nothing on others.
  ///
  /// - Throws: ``GestureError`` if the recordings do not make a data set, and what reading throws.
  public func grid(for recordings: [LabelledRecording]) throws -> FeatureGrid {
    guard let start else { return try .fitting(recordings, rangeGates: rangeGates) }
    for recording in recordings { try start.check(recording) }
    return start.grid
  }

  /// Learns a model from features that were read before.
  ///
  /// - Parameters:
  ///   - sequences: Features on one grid.
  ///   - waveforms: The waveforms they come from.
  ///   - includes: Whether a moment of a sequence may be learned from.
  ///   - progress: Called after every epoch.
  /// - Returns: The model and how well it will do.
  /// - Throws: ``GestureError/noLabels``, ``GestureError/tooFew(what:found:needed:)``, or
  ///   ``GestureError/otherTraining(_:)`` if the checkpoint belongs to another training.
  public func train(
    on sequences: [LabelledSequence], waveforms: WaveformFamily,
    includes: @escaping (_ sequence: Int, _ time: Double) -> Bool = { _, _ in true },
    progress: (Progress) -> Void = { _ in }
  ) throws -> Outcome {
    let blank = try blank(of: sequences, waveforms: waveforms, includes: includes)
    let heldOut = try HeldOutTurns(
      of: sequences, share: validationFraction, seed: seed, includes: includes)
    let record = try TrainingRecord(
      checkpoint, identity: identity(of: sequences, blank: blank, includes: includes),
      epochs: heldOut.turns.count * max(epochs, 1))
    var run = TrainingRun(trainer: self, blank: blank, sequences: sequences, record: record)
    var crossFitting = CrossFitting(sequences, includes: includes)
    var model = blank
    for turn in heldOut.turns {
      model = try run.fit(
        includes: { heldOut.isLearned($0, $1, in: turn) },
        heldOut: { heldOut.isHeldOut($0, $1, by: turn) }, progress: progress)
      guard turn.part != nil else { continue }
      crossFitting.add(sequences, judgedBy: model) { heldOut.isHeldOut($0, $1, by: turn) }
    }
    guard heldOut.isAny else { return Outcome(model: model) }
    model.detection = crossFitting.detection(
      falseAlarmsPerHour: falseAlarmsPerHour,
      shortestGap: ExampleSet.shortestGap(of: sequences.map(\.annotations), includes: includes))
    model.calibration = crossFitting.calibration(of: model)
    return Outcome(model: model, validationAccuracy: crossFitting.accuracy)
  }

  /// A model that has learned nothing.
  func blank(
    of sequences: [LabelledSequence], waveforms: WaveformFamily,
    includes: (_ sequence: Int, _ time: Double) -> Bool
  ) throws -> GestureModel {
    guard let grid = sequences.first?.features.grid else { throw GestureError.noLabels }
    let labels = try Self.labels(of: sequences, includes: includes)
    let marksBackground = sequences.enumerated().contains { index, sequence in
      sequence.annotations.contains {
        $0.label == GestureModel.backgroundLabel && includes(index, $0.middle)
      }
    }
    return GestureModel(
      labels: labels, grid: grid, waveforms: waveforms,
      durations: ExampleSet.durations(of: labels, in: sequences),
      marksBackground: marksBackground,
      network: GestureNetwork(network, grid: grid, classes: labels.count, seed: seed))
  }

  /// The classes in a data set: background first, then gestures by their names.
  static func labels(
    of sequences: [LabelledSequence], includes: (Int, Double) -> Bool
  ) throws -> [String] {
    var names: Set<String> = []
    for (index, sequence) in sequences.enumerated() {
      for annotation in sequence.annotations
      where includes(index, annotation.middle) {
        names.insert(annotation.label)
      }
    }
    names.remove(GestureModel.backgroundLabel)
    guard !names.isEmpty else { throw GestureError.noLabels }
    return [GestureModel.backgroundLabel] + names.sorted()
  }
}

internal import Radar

/// Training and judging by turns, so that no gesture is judged by a model that has seen it.
public struct CrossValidation: Sendable {
  /// What is held out.
  public enum Split: Hashable, Sendable {
    /// A part of all gestures, drawn at random; every gesture once.
    case folds(Int)

    /// All recordings of one session.
    case session

    /// All recordings of one person.
    case subject

    /// All gestures of one class, so that its model has never heard of it, and a part of the others.
    ///
    /// What counts is how well the unknown gestures are told from the known ones.
    case label
  }

  /// What is held out.
  public var split: Split

  /// How each model is learned.
  public var trainer: GestureTrainer

  /// Creates a cross-validation.
  public init(split: Split, trainer: GestureTrainer) {
    self.split = split
    self.trainer = trainer
  }

  /// One turn.
  public struct Fold: Sendable {
    /// What was held out: the number of the fold, or the name of the session, person or class.
    public var name: String

    /// How well it was named.
    public var evaluation: Evaluation
  }

  /// Trains and judges.
  ///
  /// - Parameters:
  ///   - recordings: Recordings of one kind of radar.
  ///   - progress: Called after every turn.
  /// - Returns: All turns together, and each of them.
  /// - Throws: ``GestureError`` if the recordings cannot be split, and what reading throws.
  public func evaluate(
    _ recordings: [LabelledRecording], progress: (_ fold: Fold, _ total: Int) -> Void = { _, _ in }
  ) throws -> (total: Evaluation, folds: [Fold]) {
    let grid = try trainer.grid(for: recordings)
    let sequences = try LabelledSequence.read(recordings, grid: grid)
    let labels = try GestureTrainer.labels(of: sequences) { _, _ in true }
    let waveforms = WaveformFamily(of: recordings.map(\.waveform))
    let parts = try partition(of: sequences)
    var folds: [Fold] = []
    var streams = HeldOutStreams(of: sequences, parts: parts)
    for part in parts.names {
      let model = try trainer.train(
        on: sequences, waveforms: waveforms, includes: { parts.isLearned($0, $1, without: part) }
      ).model
      var evaluation = Evaluation(labels: labels)
      evaluation.judgeGestures(of: sequences, by: model) {
        !parts.isLearned($0, $1, without: part)
      }
      streams.add(model)
      folds.append(Fold(name: part, evaluation: evaluation))
      folds.last.map { progress($0, parts.names.count) }
    }
    for index in folds.indices { streams.judge(index, into: &folds[index].evaluation) }
    var total = Evaluation(labels: labels)
    for fold in folds { total.add(fold.evaluation) }
    total.recordings = recordings.count
    return (total, folds)
  }

  func partition(of sequences: [LabelledSequence]) throws -> MomentPartition {
    switch split {
    case .folds(let count): try .random(of: sequences, count: count, seed: trainer.seed)
    case .session: try .groups(of: sequences, field: "session", \.session)
    case .subject: try .groups(of: sequences, field: "subject", \.subject)
    case .label: try .labels(of: sequences, seed: trainer.seed)
    }
  }
}

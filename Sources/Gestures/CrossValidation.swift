internal import Autodiff
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
    /// What was held out: the number of the fold, or the name of the session or person.
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
    let grid = try FeatureGrid.fitting(recordings)
    let sequences = try LabelledSequence.read(recordings, grid: grid)
    let labels = try GestureTrainer.labels(of: sequences) { _, _ in true }
    let waveforms = WaveformFamily(of: recordings.map(\.waveform))
    let parts = try parts(of: sequences)
    var total = Evaluation(labels: labels)
    var folds: [Fold] = []
    for part in parts.names {
      let model = try trainer.train(on: sequences, waveforms: waveforms) { sequence, time in
        parts.name(sequence, time) != part
      }
      var evaluation = Evaluation(labels: labels)
      evaluation.judge(sequences, by: model) { parts.name($0, $1) == part }
      total.add(evaluation)
      folds.append(Fold(name: part, evaluation: evaluation))
      folds.last.map { progress($0, parts.names.count) }
    }
    total.recordings = recordings.count
    return (total, folds)
  }

  /// To which part each moment of each sequence belongs.
  private struct Parts {
    var names: [String]
    var name: (_ sequence: Int, _ time: Double) -> String
  }

  private func parts(of sequences: [LabelledSequence]) throws -> Parts {
    switch split {
    case .folds(let count): return try randomParts(of: sequences, count: count)
    case .session: return try groups(of: sequences, field: "session", \.session)
    case .subject: return try groups(of: sequences, field: "subject", \.subject)
    }
  }

  private func groups(
    of sequences: [LabelledSequence], field: String, _ group: (LabelledSequence) -> String?
  ) throws -> Parts {
    let names = try sequences.map { sequence in
      guard let name = group(sequence) else {
        throw GestureError.missingGroup(recording: sequence.name, field: field)
      }
      return name
    }
    let distinct = Set(names).sorted()
    guard distinct.count > 1 else {
      throw GestureError.tooFew(what: "\(field)s", found: distinct.count, needed: 2)
    }
    return Parts(names: distinct) { sequence, _ in names[sequence] }
  }

  /// Random folds of gestures.
  ///
  /// Time belongs to the gesture that is nearest to it, so background is held out together with the
  /// gesture it surrounds; recordings without gestures are dealt out in pieces of ten seconds.
  private func randomParts(of sequences: [LabelledSequence], count: Int) throws -> Parts {
    let gestures = sequences.map(\.annotations.count).reduce(0, +)
    guard count > 1, gestures >= count else {
      throw GestureError.tooFew(
        what: count > 1 ? "gestures" : "folds", found: count > 1 ? gestures : count,
        needed: max(count, 2))
    }
    var generator = SeededGenerator(seed: trainer.seed)
    let deal = (0..<gestures).shuffled(using: &generator).map { "\($0 % count + 1)" }
    var next = 0
    let middles = sequences.map { sequence in
      sequence.annotations.map { annotation -> (time: Double, fold: String) in
        next += 1
        return (annotation.middle, deal[next - 1])
      }
    }
    return Parts(names: (1...count).map { "\($0)" }) { sequence, time in
      let nearest = middles[sequence].min { abs($0.time - time) < abs($1.time - time) }
      return nearest?.fold ?? "\((Int(max(time, 0) / 10) + sequence) % count + 1)"
    }
  }
}

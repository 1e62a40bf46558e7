internal import Networks
internal import Radar

/// A model of any kind whose answers to gestures that someone marked can be compared.
protocol ComparableModel: Sendable {
  /// The names of the gestures that it knows; there may be others among them.
  var labels: [String] { get }

  /// The number of numbers that were learned.
  var parameterCount: Int { get }

  /// Whether it answers `unknown` to what looks unlike all that it knows.
  var answersUnknown: Bool { get }

  /// What it says of the gestures in windows of features, `[step, velocityBin, channel]` each.
  func answers(to windows: [[Float]]) -> [BayesianGestureModel.Answer]
}

extension BayesianGestureModel: ComparableModel {
  var answersUnknown: Bool { unfamiliarityLimit != nil }
}

extension GestureModel: ComparableModel {
  var answersUnknown: Bool { calibration.unfamiliarityLimit != nil }

  /// What one network says by itself: how unfamiliar something is, by its probabilities alone, since
  /// that is what distributions over networks are compared with.
  func answers(to windows: [[Float]]) -> [BayesianGestureModel.Answer] {
    let gestures = labels.indices.filter { $0 != background }
    return views(of: windows).map { view in
      var prediction = prediction(of: view, among: gestures)
      prediction.unfamiliarity = improbability(of: view)
      let probabilities = labels.map { prediction.probabilities[$0] ?? 0 }
      return BayesianGestureModel.Answer(
        prediction: prediction, uncertainty: PredictiveUncertainty(of: [probabilities]))
    }
  }
}

extension CrossValidation {
  /// What a comparison says of one way to learn.
  public typealias Comparison = (
    total: BayesianReport, areas: [(label: String, area: Double)]
  )

  /// Learns as the cross-validation does, and judges how well each model knows what it knows.
  ///
  /// - Parameters:
  ///   - recordings: Recordings of one kind of radar.
  ///   - leavesOutClasses: Whether in a second round, for each kind of gesture, a model learns from
  ///     the others and from most of their examples, and has to tell the rest of these from the
  ///     unknown kind.
  ///   - progress: Called after every turn with its name.
  /// - Returns: The report on all turns, and the area under the curve for each kind left out.
  /// - Throws: ``GestureError`` if the recordings cannot be split, and what reading throws.
  public func compare(
    _ recordings: [LabelledRecording], leavesOutClasses: Bool,
    progress: (_ turn: String) -> Void = { _ in }
  ) throws -> Comparison {
    try compare(recordings, leavesOutClasses: leavesOutClasses, progress: progress) {
      sequences, waveforms, isCalibrated, includes in
      var trainer = trainer
      if !isCalibrated { trainer.validationFraction = 0 }
      return try trainer.train(on: sequences, waveforms: waveforms, includes: includes).model
    }
  }

  /// Learns distributions and judges them, so that no gesture is judged by a model that has seen it.
  ///
  /// - Parameters:
  ///   - recordings: Recordings of one kind of radar.
  ///   - trainer: How each model is learned.
  ///   - leavesOutClasses: Whether in a second round each kind of gesture is left out.
  ///   - progress: Called after every turn with its name.
  /// - Returns: The report on all turns, and the area under the curve for each kind left out.
  /// - Throws: ``GestureError`` if the recordings cannot be split, and what reading throws.
  public func compare(
    _ recordings: [LabelledRecording], bayesian trainer: BayesianTrainer, leavesOutClasses: Bool,
    progress: (_ turn: String) -> Void = { _ in }
  ) throws -> Comparison {
    try compare(recordings, leavesOutClasses: leavesOutClasses, progress: progress) {
      sequences, waveforms, isCalibrated, includes in
      var trainer = trainer
      // How much was believed before is told by what is held out, and changes what is unfamiliar.
      if !isCalibrated, trainer.method != .laplace { trainer.base.validationFraction = 0 }
      return try trainer.train(on: sequences, waveforms: waveforms, includes: includes)
    }
  }

  func compare(
    _ recordings: [LabelledRecording], leavesOutClasses: Bool, progress: (String) -> Void,
    train: (
      _ sequences: [LabelledSequence], _ waveforms: WaveformFamily, _ isCalibrated: Bool,
      _ includes: @escaping (_ sequence: Int, _ time: Double) -> Bool
    ) throws -> some ComparableModel
  ) throws -> Comparison {
    let grid = try trainer.grid(for: recordings)
    let sequences = try LabelledSequence.read(recordings, grid: grid)
    let waveforms = WaveformFamily(of: recordings.map(\.waveform))
    let gestures = try GestureTrainer.labels(of: sequences) { _, _ in true }.dropFirst()
    let parts = try partition(of: sequences)
    var total = BayesianReport(labels: Array(gestures))
    var areas: [(label: String, area: Double)] = []
    for part in parts.names {
      let model = try train(sequences, waveforms, true) {
        parts.isLearned($0, $1, without: part)
      }
      var report = BayesianReport(labels: Array(gestures))
      report.judge(sequences, byAny: model) { !parts.isLearned($0, $1, without: part) }
      total.add(report)
      // How unfamiliar something looks cannot be compared between models.
      if split == .label { report.areaUnderCurve.map { areas.append((part, $0)) } }
      progress("held out \(part)")
    }
    if split == .label { return (total, areas) }
    guard leavesOutClasses, let part = parts.names.first else { return (total, []) }
    for label in gestures {
      // What the left-out gesture looks like must not be learned as background either.
      let reduced = sequences.map { sequence in
        var reduced = sequence
        reduced.annotations.removeAll { $0.label == label }
        return reduced
      }
      let duration = grid.duration
      @Sendable func isNear(_ sequence: Int, _ time: Double) -> Bool {
        sequences[sequence].annotations.contains {
          $0.label == label && abs($0.middle - time) < duration
        }
      }
      let model = try train(reduced, waveforms, false) { sequence, time in
        parts.name(sequence, time) != part && !isNear(sequence, time)
      }
      var report = BayesianReport(labels: Array(gestures))
      report.judge(sequences, byAny: model) { sequence, time in
        parts.name(sequence, time) == part || isNear(sequence, time)
      }
      report.areaUnderCurve.map { areas.append((label, $0)) }
      progress("left out \(label)")
    }
    return (total, areas)
  }
}

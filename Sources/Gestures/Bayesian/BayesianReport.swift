internal import Autodiff
internal import Networks
internal import Radar

/// How well a Bayesian model knows what it knows.
public struct BayesianReport: Sendable {
  /// The gestures that were named.
  public private(set) var classification: ClassificationReport

  /// How unfamiliar gestures look whose class was learned, and those whose class was not.
  private var known: [Double] = []
  private var unknown: [Double] = []

  private var totals = (sum: 0.0, epistemic: 0.0, count: 0)
  private var time = Duration.zero
  private var answered = 0

  /// The numbers that a model has learned, the last one that was judged.
  public private(set) var parameterCount = 0

  /// Creates a report of nothing.
  public init(labels: [String]) { classification = ClassificationReport(labels: labels) }

  /// The mean entropy of the answers in nats.
  public var meanUncertainty: Double { totals.sum / Double(max(totals.count, 1)) }

  /// The mean part of it that other recordings would take away.
  public var meanEpistemic: Double { totals.epistemic / Double(max(totals.count, 1)) }

  /// The probability that an unknown gesture looks less familiar than a known one, ties counting
  /// half (Hanley and McNeil, 1982), and `nil` without gestures of both kinds.
  public var areaUnderCurve: Double? {
    guard !known.isEmpty, !unknown.isEmpty else { return nil }
    let wins = unknown.reduce(0.0) { sum, value in
      sum + known.reduce(0.0) { $0 + (value > $1 ? 1 : value == $1 ? 0.5 : 0) }
    }
    return wins / Double(known.count * unknown.count)
  }

  /// The time that an answer took, without the features, in microseconds.
  public var microsecondsPerGesture: Double { time / .microseconds(max(answered, 1)) }

  /// Adds everything in another report on the same classes.
  public mutating func add(_ other: BayesianReport) {
    classification.add(other.classification)
    known += other.known
    unknown += other.unknown
    totals.sum += other.totals.sum
    totals.epistemic += other.totals.epistemic
    totals.count += other.totals.count
    time += other.time
    answered += other.answered
    parameterCount = max(parameterCount, other.parameterCount)
  }

  /// Judges `model` by the marked gestures for which `includes` says yes.
  ///
  /// - Parameters:
  ///   - sequences: Features on the grid of the model.
  ///   - model: The model.
  ///   - includes: Whether a moment counts.
  public mutating func judge(
    _ sequences: [LabelledSequence], by model: BayesianGestureModel,
    includes: (_ sequence: Int, _ time: Double) -> Bool = { _, _ in true }
  ) {
    for (index, sequence) in sequences.enumerated() {
      let marks = sequence.annotations.filter { mark in
        mark.label != GestureModel.backgroundLabel && includes(index, mark.middle)
      }
      let windows = marks.map { sequence.features.window(centeredAt: $0.middle) }
      let unfamiliarity = model.unfamiliarity(of: windows)
      let start = ContinuousClock.now
      let answers = model.answers(to: windows)
      time += ContinuousClock.now - start
      answered += windows.count
      parameterCount = model.parameterCount
      for (place, answer) in answers.enumerated() {
        guard model.labels.contains(marks[place].label) else {
          unknown.append(unfamiliarity[place])
          continue
        }
        known.append(unfamiliarity[place])
        classification.add(answer.prediction, truth: marks[place].label)
        totals.sum += answer.uncertainty.total
        totals.epistemic += answer.uncertainty.epistemic
        totals.count += 1
      }
    }
  }
}

extension CrossValidation {
  /// Learns distributions and judges them, so that no gesture is judged by a model that has seen it.
  ///
  /// - Parameters:
  ///   - recordings: Recordings of one kind of radar.
  ///   - trainer: How each model is learned.
  ///   - leavesOutClasses: Whether in a second round, for each kind of gesture, a model learns from
  ///     the others and from most of their examples, and has to tell the rest of these from the
  ///     unknown kind.
  ///   - progress: Called after every turn with its name.
  /// - Returns: The report on all turns, and the area under the curve for each kind left out.
  /// - Throws: ``GestureError`` if the recordings cannot be split, and what reading throws.
  public func evaluate(
    _ recordings: [LabelledRecording], trainer: BayesianTrainer, leavesOutClasses: Bool,
    progress: (_ turn: String) -> Void = { _ in }
  ) throws -> (total: BayesianReport, areas: [(label: String, area: Double)]) {
    let grid = try FeatureGrid.fitting(recordings)
    let sequences = try LabelledSequence.read(recordings, grid: grid)
    let waveforms = WaveformFamily(of: recordings.map(\.waveform))
    let labels = try GestureTrainer.labels(of: sequences) { _, _ in true }
    let gestures = Array(labels.dropFirst())
    let parts = try partition(of: sequences)
    var total = BayesianReport(labels: gestures)
    for part in parts.names {
      let model = try trainer.train(on: sequences, waveforms: waveforms) { sequence, time in
        parts.name(sequence, time) != part
      }
      total.judge(sequences, by: model) { parts.name($0, $1) == part }
      progress("held out \(part)")
    }
    guard leavesOutClasses, let part = parts.names.first else { return (total, []) }
    var areas: [(label: String, area: Double)] = []
    for label in gestures {
      // What the left-out gesture looks like must not be learned as background either.
      let reduced = sequences.map { sequence in
        var reduced = sequence
        reduced.annotations.removeAll { $0.label == label }
        return reduced
      }
      func isNear(_ sequence: Int, _ time: Double) -> Bool {
        sequences[sequence].annotations.contains {
          $0.label == label && abs($0.middle - time) < grid.duration
        }
      }
      let model = try trainer.train(on: reduced, waveforms: waveforms) { sequence, time in
        parts.name(sequence, time) != part && !isNear(sequence, time)
      }
      var report = BayesianReport(labels: gestures)
      report.judge(sequences, by: model) { sequence, time in
        parts.name(sequence, time) == part || isNear(sequence, time)
      }
      report.areaUnderCurve.map { areas.append((label, $0)) }
      progress("left out \(label)")
    }
    return (total, areas)
  }
}

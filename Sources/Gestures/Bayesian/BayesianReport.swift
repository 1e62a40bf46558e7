internal import Autodiff
internal import Networks
internal import Radar

/// How well a Bayesian model knows what it knows.
public struct BayesianReport: Sendable {
  /// The gestures that were named.
  public private(set) var classification: ClassificationReport

  private var rejection = RejectionReport()

  /// Whether the models answer `unknown` to what looks unlike all that they know.
  private var answersUnknown = false

  private var totals = (sum: 0.0, epistemic: 0.0, count: 0)

  /// What the answers cost.
  public private(set) var cost = AnswerCost()

  /// Creates a report of nothing.
  public init(labels: [String]) { classification = ClassificationReport(labels: labels) }

  /// The mean entropy of the answers in nats.
  public var meanUncertainty: Double { totals.sum / Double(max(totals.count, 1)) }

  /// The mean part of it that other recordings would take away.
  public var meanEpistemic: Double { totals.epistemic / Double(max(totals.count, 1)) }

  /// The probability that an unknown gesture looks less familiar than a known one, ties counting
  /// half (Hanley and McNeil, 1982), and `nil` without gestures of both kinds.
  public var areaUnderCurve: Double? { rejection.areaUnderCurve }

  /// The share of the gestures of known classes that were answered `unknown`, and `nil` if the models
  /// never answer so.
  public var rejectedShareOfKnown: Double? {
    answersUnknown ? rejection.rejectedShareOfKnown : nil
  }

  /// The share of the gestures of classes never learned that were answered `unknown`, and `nil` if
  /// there are none or the models never answer so.
  public var rejectedShareOfUnknown: Double? {
    answersUnknown ? rejection.rejectedShareOfUnknown : nil
  }

  /// Adds everything in another report on the same classes.
  public mutating func add(_ other: BayesianReport) {
    classification.add(other.classification)
    rejection.add(other.rejection)
    answersUnknown = answersUnknown || other.answersUnknown
    totals.sum += other.totals.sum
    totals.epistemic += other.totals.epistemic
    totals.count += other.totals.count
    cost.add(other.cost)
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
    judge(sequences, byAny: model, includes: includes)
  }

  /// Judges one network by the marked gestures for which `includes` says yes, as any of those that it
  /// knows, so that it can be compared with a distribution over networks.
  ///
  /// How unfamiliar a gesture looks is told by the probabilities alone.
  ///
  /// - Parameters:
  ///   - sequences: Features on the grid of the model.
  ///   - model: The model.
  ///   - includes: Whether a moment counts.
  public mutating func judge(
    _ sequences: [LabelledSequence], by model: GestureModel,
    includes: (_ sequence: Int, _ time: Double) -> Bool = { _, _ in true }
  ) {
    judge(sequences, byAny: model, includes: includes)
  }

  mutating func judge(
    _ sequences: [LabelledSequence], byAny model: some ComparableModel,
    includes: (_ sequence: Int, _ time: Double) -> Bool
  ) {
    answersUnknown = answersUnknown || model.answersUnknown
    for (index, sequence) in sequences.enumerated() {
      let marks = sequence.annotations.filter { mark in
        mark.label != GestureModel.backgroundLabel && includes(index, mark.middle)
      }
      guard !marks.isEmpty else { continue }
      let windows = marks.map { sequence.features.window(centeredAt: $0.middle) }
      let answers = cost.measure(windows.count, parameterCount: model.parameterCount) {
        model.answers(to: windows)
      }
      for (mark, answer) in zip(marks, answers) {
        let isKnown = model.labels.contains(mark.label)
        rejection.add(answer.prediction, isKnown: isKnown)
        guard isKnown else { continue }
        classification.add(answer.prediction, truth: mark.label)
        totals.sum += answer.uncertainty.total
        totals.epistemic += answer.uncertainty.epistemic
        totals.count += 1
      }
    }
  }
}

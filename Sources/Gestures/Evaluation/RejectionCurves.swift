/// What rejecting costs, and what it saves, as curves.
extension RejectionReport {
  /// A point of the receiver operating characteristic: what happens if everything that looks at least
  /// as unfamiliar as some limit is rejected.
  public struct OperatingPoint: Equatable, Sendable {
    /// The share of known gestures that are rejected.
    public var falsePositiveRate: Double

    /// The share of unknown gestures that are rejected.
    public var truePositiveRate: Double
  }

  /// The receiver operating characteristic, from rejecting nothing to rejecting everything, one point
  /// for each limit, and empty without gestures of both kinds.
  public var operatingPoints: [OperatingPoint] {
    guard !known.isEmpty, !unknown.isEmpty else { return [] }
    let (known, unknown) = (known.sorted(by: >), unknown.sorted(by: >))
    var (rejectedKnown, rejectedUnknown) = (0, 0)
    var points = [OperatingPoint(falsePositiveRate: 0, truePositiveRate: 0)]
    for limit in Set(known + unknown).sorted(by: >) {
      while rejectedKnown < known.count, known[rejectedKnown] >= limit { rejectedKnown += 1 }
      while rejectedUnknown < unknown.count, unknown[rejectedUnknown] >= limit {
        rejectedUnknown += 1
      }
      points.append(
        OperatingPoint(
          falsePositiveRate: Double(rejectedKnown) / Double(known.count),
          truePositiveRate: Double(rejectedUnknown) / Double(unknown.count)))
    }
    return points
  }

  /// How often answers are wrong if only the surest are given.
  public struct RiskPoint: Equatable, Sendable {
    /// The share of gestures that are answered.
    public var coverage: Double

    /// The share of these answers that are wrong.
    public var risk: Double
  }

  /// Risk over coverage (El-Yaniv and Wiener, 2010), one point for each confidence that occurs, the
  /// surest answers first.
  public var riskCoverage: [RiskPoint] {
    let sorted = answers.sorted { $0.confidence > $1.confidence }
    var points: [RiskPoint] = []
    var wrong = 0
    for (index, answer) in sorted.enumerated() {
      wrong += answer.isRight ? 0 : 1
      let isLast = index + 1 == sorted.count || sorted[index + 1].confidence < answer.confidence
      guard isLast else { continue }
      points.append(
        RiskPoint(
          coverage: Double(index + 1) / Double(sorted.count),
          risk: Double(wrong) / Double(index + 1)))
    }
    return points
  }
}

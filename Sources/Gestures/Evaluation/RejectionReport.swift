/// How well a model tells what it does not know from what it does.
public struct RejectionReport: Sendable {
  /// The coverage that ``measuredCoverage`` is measured against.
  public static let promisedCoverage = 0.95

  /// How unfamiliar gestures look whose class was learned, and those whose class was not.
  private(set) var known: [Double] = []
  private(set) var unknown: [Double] = []

  /// How sure the answers to gestures are whose class was learned, and whether they are right.
  private(set) var answers: [(confidence: Double, isRight: Bool)] = []

  private var rejectedKnown = 0
  private var rejectedUnknown = 0
  private var sets = 0
  private var covered = 0
  private var setSizes = 0

  /// Creates a report of nothing.
  public init() {}

  /// Adds the prediction of one gesture.
  ///
  /// - Parameters:
  ///   - prediction: What the model says.
  ///   - isKnown: Whether the gesture is one that the model has learned.
  ///   - isRight: Whether the most probable class is the true one, and `nil` if that does not count.
  ///   - coverage: Whether the conformal set holds the true class, and how many classes it holds.
  public mutating func add(
    _ prediction: Prediction, isKnown: Bool, isRight: Bool? = nil,
    coverage: (holds: Bool, size: Int)? = nil
  ) {
    if isKnown, let isRight { answers.append((prediction.confidence, isRight)) }
    if isKnown {
      known.append(prediction.unfamiliarity)
      rejectedKnown += prediction.isUnknown ? 1 : 0
    } else {
      unknown.append(prediction.unfamiliarity)
      rejectedUnknown += prediction.isUnknown ? 1 : 0
    }
    if let coverage {
      sets += 1
      covered += coverage.holds ? 1 : 0
      setSizes += coverage.size
    }
  }

  /// Adds everything in another report.
  public mutating func add(_ other: RejectionReport) {
    known += other.known
    unknown += other.unknown
    answers += other.answers
    rejectedKnown += other.rejectedKnown
    rejectedUnknown += other.rejectedUnknown
    sets += other.sets
    covered += other.covered
    setSizes += other.setSizes
  }

  /// The number of gestures whose class was not learned.
  public var unknownCount: Int { unknown.count }

  /// The probability that an unknown gesture looks less familiar than a known one, ties counting
  /// half, and `nil` without gestures of both kinds.
  ///
  /// This is the area under the receiver operating characteristic (Hanley and McNeil, 1982).
  public var areaUnderCurve: Double? {
    guard !known.isEmpty, !unknown.isEmpty else { return nil }
    let wins = unknown.reduce(0.0) { sum, value in
      sum + known.reduce(0.0) { $0 + (value > $1 ? 1 : value == $1 ? 0.5 : 0) }
    }
    return wins / Double(known.count * unknown.count)
  }

  /// The share of known gestures that are answered `unknown`, and `nil` without any.
  public var rejectedShareOfKnown: Double? {
    known.isEmpty ? nil : Double(rejectedKnown) / Double(known.count)
  }

  /// The share of unknown gestures that are answered `unknown`, and `nil` without any.
  public var rejectedShareOfUnknown: Double? {
    unknown.isEmpty ? nil : Double(rejectedUnknown) / Double(unknown.count)
  }

  /// The share of conformal sets that hold the true class, and `nil` if the model makes none.
  public var measuredCoverage: Double? { sets == 0 ? nil : Double(covered) / Double(sets) }

  /// The mean number of classes in a conformal set, and `nil` if the model makes none.
  public var meanSetSize: Double? { sets == 0 ? nil : Double(setSizes) / Double(sets) }
}

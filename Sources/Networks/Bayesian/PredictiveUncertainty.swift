internal import RealModule

/// What the answers of several draws from a posterior say about how sure they are, in nats.
public struct PredictiveUncertainty: Codable, Hashable, Sendable {
  /// The entropy of the mean of the answers: all that is uncertain.
  public var total: Double

  /// The mean of the entropies of the answers: what would stay uncertain however much was learned.
  public var aleatoric: Double

  /// The rest, in which the answers contradict each other: the information that the answer would
  /// give about the weights, which more or other recordings would take away.
  public var epistemic: Double { max(total - aleatoric, 0) }

  /// Takes the uncertainty of `answers` apart (Depeweg and others, 2018).
  ///
  /// - Parameter answers: The probabilities of the classes in each draw, `[draw][class]`.
  /// - Precondition: There is a draw, and all have the same classes.
  public init(of answers: [[Double]]) {
    let mean = meanProbabilities(of: answers)
    total = entropy(of: mean)
    aleatoric = answers.map(entropy).reduce(0, +) / Double(answers.count)
  }

  /// Takes the uncertainty of a mean apart that was made more or less sure than that of `answers`: each
  /// part has the share in it that it has in theirs.
  ///
  /// - Parameters:
  ///   - answers: The probabilities of the classes in each draw, `[draw][class]`.
  ///   - calibratedMean: The probabilities of the classes.
  /// - Precondition: There is a draw, and all have the same classes.
  public init(of answers: [[Double]], calibratedMean: [Double]) {
    let drawn = PredictiveUncertainty(of: answers)
    total = entropy(of: calibratedMean)
    aleatoric = drawn.total > 0 ? total * min(drawn.aleatoric / drawn.total, 1) : total
  }
}

/// The mean of the probabilities in several draws.
///
/// - Precondition: There is a draw, and all have the same classes.
public func meanProbabilities(of answers: [[Double]]) -> [Double] {
  precondition(!answers.isEmpty, "no answers have no mean")
  var sums = [Double](repeating: 0, count: answers[0].count)
  for answer in answers {
    precondition(answer.count == sums.count, "answers differ in their classes")
    for index in sums.indices { sums[index] += answer[index] }
  }
  return sums.map { $0 / Double(answers.count) }
}

/// The entropy of a distribution over classes in nats.
private func entropy(of probabilities: [Double]) -> Double {
  probabilities.reduce(0) { $0 - ($1 > 0 ? $1 * .log($1) : 0) }
}

/// What a classifier says about one gesture.
public struct Prediction: Equatable, Sendable {
  /// The name of the most probable class.
  public var label: String

  /// The probability of that class, from zero to one.
  public var confidence: Double

  /// The probability of every class by its name.
  public var probabilities: [String: Double]

  /// Creates a prediction from the probability of each of `labels`.
  ///
  /// - Precondition: There is a probability for each label, and at least one label.
  public init(labels: [String], probabilities: [Double]) {
    precondition(
      labels.count == probabilities.count && !labels.isEmpty, "every class needs a probability")
    let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
    label = labels[best]
    confidence = probabilities[best]
    self.probabilities = Dictionary(
      zip(labels, probabilities), uniquingKeysWith: { first, _ in first })
  }
}

/// What a classifier says about one gesture.
public struct Prediction: Equatable, Sendable {
  /// The answer where no known gesture fits.
  public static let unknownLabel = "unknown"

  /// The name of the most probable class.
  public var label: String

  /// The probability of that class, from zero to one.
  public var confidence: Double

  /// The probability of every class by its name.
  public var probabilities: [String: Double]

  /// How unlike every known gesture it looks: zero or more, small for known ones.
  public var unfamiliarity: Double

  /// Whether it looks less like a known gesture than all but five in a hundred known ones do that are
  /// varied as in training.
  public var isUnknown: Bool

  /// Creates a prediction from the probability of each of `labels`.
  ///
  /// - Precondition: There is a probability for each label, and at least one label.
  public init(
    labels: [String], probabilities: [Double], unfamiliarity: Double = 0, isUnknown: Bool = false
  ) {
    precondition(
      labels.count == probabilities.count && !labels.isEmpty, "every class needs a probability")
    let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
    label = labels[best]
    confidence = probabilities[best]
    self.probabilities = Dictionary(
      zip(labels, probabilities), uniquingKeysWith: { first, _ in first })
    self.unfamiliarity = unfamiliarity
    self.isUnknown = isUnknown
  }

  /// The name to answer with: that of the most probable class, or ``unknownLabel``.
  public var answer: String { isUnknown ? Self.unknownLabel : label }
}

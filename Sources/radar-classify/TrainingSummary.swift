/// The last line that a training prints for programs.
struct TrainingSummary: Encodable {
  /// The model file.
  var model: String

  /// The share of held-out gestures that it names right, if any were held out and are named.
  var accuracy: Double?

  /// How a distribution over networks was learned, if one was.
  var bayes: String?

  /// The length of a code, if codes were learned.
  var bits: Int?

  /// The most bits in which a gesture may differ from an example of its kind, if codes were learned.
  var within: Int?

  private enum Key: CodingKey {
    case model, accuracy, bayes, bits, within
  }

  /// Writes the accuracy always, `null` if it is not known: programs count on the key.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(model, forKey: .model)
    try container.encode(accuracy, forKey: .accuracy)
    try container.encodeIfPresent(bayes, forKey: .bayes)
    try container.encodeIfPresent(bits, forKey: .bits)
    try container.encodeIfPresent(within, forKey: .within)
  }
}

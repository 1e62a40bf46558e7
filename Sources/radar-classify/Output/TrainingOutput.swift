/// What a training says while it learns: a bar for people, a line for each epoch for programs.
struct TrainingProgress {
  private var bar: ProgressBar
  private let console: OutputOptions

  init(console: OutputOptions) {
    self.console = console
    bar = ProgressBar(total: 1000, options: console)
  }

  /// Says that an epoch is done.
  mutating func show(epoch: Int, of epochs: Int, loss: Double, accuracy: Double? = nil) {
    if console.isJSON {
      try? Console.print(json: Line(epoch: epoch, epochs: epochs, loss: loss, accuracy: accuracy))
    } else {
      let held = accuracy.map { ", held out \((100 * $0).formatted(decimals: 1)) %" } ?? ""
      bar.show(1000 * epoch / max(epochs, 1), "loss \(loss.formatted(decimals: 4))\(held)")
    }
  }

  func clear() { bar.clear() }

  private struct Line: Encodable {
    var epoch: Int
    var epochs: Int
    var loss: Double
    var accuracy: Double?
  }
}

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

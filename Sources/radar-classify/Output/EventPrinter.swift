import Gestures
import Radar

/// Prints each gesture of a stream as soon as it is sure.
struct EventPrinter: ~Copyable {
  private var stream: GestureStream
  private let recording: String
  private let isAlone: Bool
  private let output: OutputOptions
  private var bar: ProgressBar
  private var frames = 0

  /// Creates a printer.
  ///
  /// - Parameters:
  ///   - stream: The stream that finds the gestures.
  ///   - recording: What to call the source.
  ///   - isAlone: Whether people know which source is meant.
  ///   - frames: How many frames there will be, if that is known.
  ///   - output: How results look.
  init(
    _ stream: consuming GestureStream, recording: String, isAlone: Bool, frames: Int?,
    output: OutputOptions
  ) {
    self.stream = stream
    self.recording = recording
    self.isAlone = isAlone
    self.output = output
    bar = ProgressBar(total: frames, options: output)
  }

  /// Takes the next frame.
  mutating func append(_ frame: borrowing Frame) throws {
    for event in stream.append(frame) { try print(event) }
    frames += 1
    bar.show(frames, recording)
  }

  /// Ends the stream.
  mutating func finish() throws {
    for event in stream.finish() { try print(event) }
    bar.clear()
    if stream.eventCount == 0, !output.isJSON { Console.report("\(recording): no gesture") }
    if let longest = stream.longestMotion, stream.restlessCount > 0 {
      let times = stream.restlessCount == 1 ? "once" : "\(stream.restlessCount) times"
      Console.report(
        "\(recording): \(times) something looked like a gesture that had been moving for more than"
          + " \(longest.formatted(decimals: 1)) s without a rest; gestures come out of rest")
    }
  }

  private func print(_ event: GestureEvent) throws {
    bar.clear()
    let set = stream.model.conformalSet(
      of: event.prediction, coverage: RejectionReport.promisedCoverage)
    guard !output.isJSON else {
      return try Console.print(json: Line(event, set: set, recording: recording))
    }
    let times = "\(event.start.formatted(decimals: 2))–\(event.end.formatted(decimals: 2)) s"
    let confidence = "\((100 * event.prediction.confidence).formatted(decimals: 0)) %"
    let damage =
      event.damage > 0 ? "  (\((100 * event.damage).formatted(decimals: 0)) % of chirps lost)" : ""
    let others = (set ?? []).filter { $0 != event.prediction.label }
    let doubt =
      others.isEmpty || event.prediction.isUnknown
      ? "" : "  (or \(others.joined(separator: ", ")))"
    let prefix = isAlone ? "" : "\(recording)  "
    let answer = "\(event.label.padded(to: 14))  \(confidence)\(doubt)\(damage)"
    Console.print("\(prefix)\(times.padded(to: 16))  \(answer)")
  }

  /// One event as a line of JSON.
  private struct Line: Encodable {
    var recording: String
    var startS: Double
    var endS: Double
    var label: String
    var confidence: Double
    var probabilities: [String: Double]
    var conformalSet: [String]?
    var damaged: Double

    init(_ event: GestureEvent, set: [String]?, recording: String) {
      conformalSet = set
      self.recording = recording
      startS = event.start
      endS = event.end
      label = event.label
      confidence = event.prediction.confidence
      probabilities = event.prediction.probabilities
      damaged = event.damage
    }
  }
}

extension String {
  /// The string with spaces after it, up to `width` characters.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(width - count, 0))
  }
}

import ArgumentParser
import Gestures
import Radar
import Recordings

struct Classify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Name every gesture in recordings of any length. This is what happens by default.",
    discussion: """
      Each gesture is printed as soon as it is sure: when it starts and ends in seconds, its name, \
      and how confident the model is. With --format json a line holds the keys recording, start_s, \
      end_s, label, confidence, probabilities and damaged (the share of chirps that were lost).

        radar-classify recordings/fmcw60-swipes.bin --format json
      """)

  @Argument(help: "The recordings.", completion: .file())
  var recordings: [String]

  @OptionGroup var model: ModelOptions
  @OptionGroup var gallery: GalleryOptions
  @OptionGroup var source: SourceOptions
  @OptionGroup var output: OutputOptions

  mutating func run() throws {
    if let path = gallery.gallery {
      return try GalleryAnswers(
        path: path, options: gallery, model: model.model, source: source, output: output
      ).run(recordings)
    }
    if let path = model.model, BayesianGestureModel.isBayesianModel(path: path) {
      return try BayesianTraining.classify(
        recordings, by: BayesianGestureModel(path: path), source: source, output: output)
    }
    if let path = model.model, PointGraphModel.isPointGraphModel(path: path) {
      return try PointGraphs.classify(
        recordings, by: PointGraphModel(path: path), output: output)
    }
    for path in recordings { try classify(path) }
  }

  private func classify(_ path: String) throws {
    var reader = try source.open(path)
    let waveform = reader.metadata.waveform
    let classifier = try GestureClassifier(model: model.load(for: waveform, of: path))
    var stream = try classifier.stream(of: waveform, named: path)
    var frame = Frame(shape: waveform.shape)
    var bar = ProgressBar(total: reader.metadata.frameCount ?? 0, options: output)
    var count = 0
    while try reader.read(into: &frame) {
      for event in stream.append(frame) { try print(event, of: path, bar: bar) }
      count += 1
      bar.show(count, path)
    }
    for event in stream.finish() { try print(event, of: path, bar: bar) }
    bar.clear()
    if stream.eventCount == 0, !output.isJSON { Console.report("\(path): no gesture") }
  }

  private func print(_ event: GestureEvent, of path: String, bar: ProgressBar) throws {
    bar.clear()
    guard !output.isJSON else { return try Console.print(json: Line(event, recording: path)) }
    let times = "\(event.start.formatted(decimals: 2))–\(event.end.formatted(decimals: 2)) s"
    let confidence = "\((100 * event.prediction.confidence).formatted(decimals: 0)) %"
    let damage =
      event.damage > 0 ? "  (\((100 * event.damage).formatted(decimals: 0)) % of chirps lost)" : ""
    let prefix = recordings.count > 1 ? "\(path)  " : ""
    Console.print(
      "\(prefix)\(times.padded(to: 16))  \(event.label.padded(to: 14))  \(confidence)\(damage)")
  }

  /// One event as a line of JSON.
  private struct Line: Encodable {
    var recording: String
    var startS: Double
    var endS: Double
    var label: String
    var confidence: Double
    var probabilities: [String: Double]
    var damaged: Double

    init(_ event: GestureEvent, recording: String) {
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

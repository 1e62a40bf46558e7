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
      end_s, label, confidence, probabilities, damaged (the share of chirps that were lost) and \
      conformal_set (the names among which the right one is, 95 times in 100).

        radar-classify recordings/fmcw60-swipes.bin --format json
        sensor | radar-classify - --config sensor.sigmf-meta
      """)

  @Argument(help: "The recordings; - for samples on standard input.", completion: .file())
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
    for path in recordings {
      do {
        if source.isStream(path) { try classifyStream(path) } else { try classify(path) }
      } catch let error as RecordingError where recordings.count > 1 {
        throw RecordingFailure(path: path, error: error)
      }
    }
  }

  private func classify(_ path: String) throws {
    var reader = try source.open(path)
    let metadata = reader.metadata
    var printer = try printer(for: metadata.waveform, of: path, frames: metadata.frameCount)
    var frame = Frame(shape: metadata.waveform.shape)
    while try reader.read(into: &frame) { try printer.append(frame) }
    try printer.finish()
    let reception = reader.reception
    if reception.packets > 0, reception.isDamaged {
      Console.report("\(path): \(reception.summary)")
    }
  }

  /// Reads a pipe until it ends or somebody presses Ctrl-C.
  private func classifyStream(_ path: String) throws {
    let source = source
    let input = StandardInput { try source.open(path) }
    let interruption = Interruption { input.stop() }
    guard let metadata = try input.metadata() else { return }
    let waveform = metadata.waveform
    var printer = try printer(for: waveform, of: path, frames: metadata.frameCount)
    var frame = Frame(shape: waveform.shape)
    var handedOn = Reception()
    while try input.read(into: &frame) {
      handedOn.count(frame)
      try printer.append(frame)
    }
    try printer.finish()
    var reception = input.reception
    reception.replaceFrames(by: handedOn)
    if interruption.hasHappened || reception.packets > 0 && reception.isDamaged {
      Console.report("\(path): \(reception.summary)")
    }
  }

  private func printer(
    for waveform: Waveform, of path: String, frames: Int?
  ) throws -> EventPrinter {
    let classifier = try GestureClassifier(model: model.load(for: waveform, of: path))
    return EventPrinter(
      try classifier.stream(of: waveform, named: path), recording: path,
      isAlone: recordings.count == 1, frames: frames, output: output)
  }
}

/// What is wrong with one of several recordings.
struct RecordingFailure: Error, CustomStringConvertible {
  var path: String
  var error: RecordingError

  /// The sentence of the error, with the recording if it does not name it.
  var description: String {
    let sentence = error.description
    return sentence.contains(path) ? sentence : "\(path): \(sentence)"
  }
}

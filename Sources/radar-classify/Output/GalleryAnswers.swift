import ArgumentParser
import Gestures

/// Naming gestures by a gallery of examples.
struct GalleryOptions: ParsableArguments {
  @Option(
    help: "Name gestures by the examples in this gallery, made by enroll; --model is a code model.",
    completion: .file())
  var gallery: String?

  @Option(
    help: """
      The most bits in which a gesture may differ from the nearest example of the gallery: beyond, \
      it is unknown. Without it, what the code model was found to need.
      """)
  var within: Int?

  mutating func validate() throws {
    guard (0...4096).contains(within ?? 0) else {
      throw ValidationError("--within must be from 0 to 4096.")
    }
  }
}

/// Prints what a gallery says about the gestures of recordings.
struct GalleryAnswers {
  var path: String
  var options: GalleryOptions
  var model: String?
  var source: SourceOptions
  var output: OutputOptions

  func run(_ recordings: [String]) throws {
    let archive = try CodeArchive(path: path)
    if archive.tornBytes > 0 {
      Console.report(
        "warning: \(path) ends with \(archive.tornBytes) bytes of a record never finished")
    }
    for name in recordings {
      let recording = try source.labelledRecording(name)
      let codes =
        try model.map { try CodeModel(path: $0) }
        ?? CodeModel.shipped(for: recording.waveform, named: name)
      var gallery = try Gallery(model: codes, archive: archive, path: path)
      if let within = options.within { gallery.reach = within }
      let answers = gallery.answers(in: try codes.features(of: recording))
      for answer in answers { try print(answer, of: name, several: recordings.count > 1) }
      if answers.isEmpty, !output.isJSON { Console.report("\(name): no gesture") }
    }
  }

  private func print(_ answer: Gallery.Answer, of recording: String, several: Bool) throws {
    if output.isJSON {
      return try Console.print(
        json: Line(
          recording: recording, startS: max(answer.start, 0), endS: answer.end, label: answer.label,
          confidence: answer.confidence, probabilities: answer.probabilities,
          distance: answer.distance))
    }
    let start = max(answer.start, 0)
    let times = "\(start.formatted(decimals: 2))–\(answer.end.formatted(decimals: 2)) s"
    let confidence = "\((100 * answer.confidence).formatted(decimals: 0)) %"
    Console.print(
      (several ? "\(recording)  " : "")
        + "\(times.padded(to: 16))  \(answer.label.padded(to: 14))  \(confidence)"
        + "  (\(answer.distance) bits from the nearest example)")
  }

  private struct Line: Encodable {
    var recording: String
    var startS: Double
    var endS: Double
    var label: String
    var confidence: Double
    var probabilities: [String: Double]
    var distance: Int
  }
}

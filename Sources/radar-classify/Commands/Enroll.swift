import ArgumentParser
import Gestures

struct Enroll: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Add a gesture to a gallery from one to five examples, without training.",
    discussion: """
      Each recording shows the gesture: where it is marked under this name, or without any marks \
      where the most moves. classify --gallery then names it wherever it is seen again.

        radar-classify enroll zigzag one.bin two.bin three.bin --gallery mine.codes
        radar-classify new.bin --gallery mine.codes
      """)

  @Argument(help: "The name of the gesture.")
  var name: String

  @Argument(help: "The recordings that show it.", completion: .file())
  var recordings: [String]

  @Option(help: "The gallery, which is created if there is none.", completion: .file())
  var gallery: String

  @OptionGroup var model: CodeModelOptions
  @OptionGroup var source: SourceOptions
  @OptionGroup var output: OutputOptions

  mutating func validate() throws {
    guard !recordings.isEmpty else { throw ValidationError("Which recordings show the gesture?") }
    guard !name.isEmpty, name.utf8.count < 1000, name != Gallery.unknownLabel,
      name != GestureModel.backgroundLabel
    else { throw ValidationError("\(name) cannot be the name of a gesture.") }
  }

  mutating func run() throws {
    var entries: [CodeArchive.Entry] = []
    var used: CodeModel?
    for path in recordings {
      let recording = try source.labelledRecording(path)
      let model = try used ?? model.load(for: recording.waveform, of: path)
      used = model
      entries += try model.examples(of: name, in: recording)
    }
    guard let used else { return }
    let total = try CodeArchive.append(
      entries, to: gallery, bitCount: used.bitCount, model: used.fingerprint)
    if output.isJSON {
      return try Console.print(
        json: Enrolled(gallery: gallery, label: name, examples: entries.count, total: total))
    }
    Console.print("\(gallery): \(entries.count) examples of \(name), \(total) in all")
  }

  private struct Enrolled: Encodable {
    var gallery: String
    var label: String
    var examples: Int
    var total: Int
  }
}

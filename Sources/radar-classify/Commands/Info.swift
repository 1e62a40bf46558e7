import ArgumentParser
import Radar
import Recordings

struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what is in a recording, and where each fact comes from.",
    discussion: """
      The whole recording is read, to count the chirps that were lost and to compare its SHA-512 \
      with the sidecar's, if it has one. In JSON, origins has the source of each fact by its key. \
      With --detect the samples themselves are asked how they are stored: the echo of a target \
      stands on one side of the range spectrum only if I and Q are in their places.
      """)

  @Argument(help: "The recording.", completion: .file())
  var recording: String

  @Flag(help: "Also find out from the samples how they are stored, and say how sure that is.")
  var detect = false

  @OptionGroup var source: SourceOptions
  @OptionGroup var output: OutputOptions

  mutating func run() throws {
    let isStream = source.isStream(recording)
    guard !detect || !isStream else {
      throw ValidationError("--detect reads samples a second time: a pipe has them only once.")
    }
    var reader = try source.open(recording)
    let metadata = reader.metadata
    var frame = Frame(shape: metadata.waveform.shape)
    var bar = ProgressBar(total: metadata.frameCount, options: output)
    var frames = 0
    while try reader.read(into: &frame) {
      frames += 1
      bar.show(frames, recording)
    }
    bar.clear()
    var facts = InfoFacts(metadata, recording: recording, reception: reader.reception)
    if isStream, metadata.checksum == nil { facts.checksum = "unchecked" }
    if detect { facts.layout = LayoutObject(try LayoutEvidence(of: metadata)) }
    if output.isJSON { return try Console.print(json: facts) }
    for line in facts.lines { Console.print(line) }
  }
}

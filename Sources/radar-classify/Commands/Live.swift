import ArgumentParser
import Gestures
import LiveSources
import Radar
import Recordings

struct Live: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Name gestures as a radar sees them.",
    discussion: """
      Listens to a DCA1000 and prints each gesture as soon as it is sure, like classify. Ctrl-C ends \
      it, and what became of frames and packets is said on standard error. Frames that come faster \
      than they can be judged are dropped and counted.

        radar-classify live --dca1000 --config radar.cfg
        radar-classify live --dca1000 127.0.0.1:4098 --config recordings/fmcw60-swipes.sigmf-meta
      """)

  @Option(
    defaultAsFlag: Endpoint.card,
    help: ArgumentHelp(
      "Listen to a DCA1000, on the address that it sends to.", valueName: "address:port"))
  var dca1000: Endpoint?

  @Option(
    help: "What the radar transmits: its .cfg, or the .sigmf-meta of a recording that it made.",
    completion: .file())
  var config: String

  @Option(
    help: "The most frames that wait while others are judged; without it, those of two seconds.")
  var buffer: Int?

  @OptionGroup var model: ModelOptions
  @OptionGroup var output: OutputOptions

  mutating func validate() throws {
    guard dca1000 != nil else {
      throw ValidationError("Say what to listen to: --dca1000, or --dca1000 ADDRESS:PORT.")
    }
    guard (1...100_000).contains(buffer ?? 1) else {
      throw ValidationError("--buffer must be from 1 to 100000.")
    }
  }

  mutating func run() throws {
    guard let dca1000 else { return }
    let metadata = try liveMetadata()
    let waveform = metadata.waveform
    let classifier = try GestureClassifier(model: model.load(for: waveform, of: config))
    let stream = try classifier.stream(of: waveform, named: config)
    var reader = try LiveReader(
      address: dca1000.address, port: dca1000.port, waveform: waveform,
      encoding: metadata.datagramEncoding, capacity: buffer)
    let name = Endpoint(address: dca1000.address, port: reader.port).description
    let interruption = Interruption(reader.stop)
    if !output.quiet { Console.report("listening on \(name)") }
    var printer = EventPrinter(stream, recording: name, isAlone: true, frames: nil, output: output)
    var frame = Frame(shape: waveform.shape)
    try withExtendedLifetime(interruption) {
      while try reader.read(into: &frame) { try printer.append(frame) }
    }
    try printer.finish()
    Console.report("\(name): \(reader.reception.summary)")
  }

  /// What the sidecar says of samples that are yet to come.
  private func liveMetadata() throws -> RecordingMetadata {
    try RecordingMetadata(path: SourceOptions.standardInput, configuration: config)
  }
}

public import ArgumentParser
import Foundation
import Radar
public import Recordings

struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a recording in another form, with its labels.",
    discussion: """
      The name of the output asks for its form: NAME.sigmf-data or NAME.bin (nothing but samples), \
      NAME.sigmf (an archive), NAME.npy, NAME.npz, NAME.wav and NAME.cfile (continuous wave), \
      NAME_Raw_0.bin, NAME.pcap and NAME.pcapng (packets of a DCA1000), or a folder with a slash \
      at its end (Infineon's). A SigMF sidecar beside it holds waveform, labels and lost chirps.

        radar-classify convert capture.pcap hand.sigmf --config capture.cfg
        radar-classify convert hand.sigmf hand.npz
      """)

  @Argument(help: "The recording to read.", completion: .file())
  var input: String

  @Argument(help: "The recording to write.", completion: .file())
  var output: String

  @Option(
    name: .customLong("to-datatype"),
    help: "How to store a sample, as SigMF names it; without it, as the input does or nearest.")
  var newDatatype: Datatype?

  @Option(
    name: .customLong("to-iq-order"),
    help: ArgumentHelp(
      "How I and Q shall interleave; without it, as in the input or nearest.", valueName: "order"))
  var newOrder: SampleOrder?

  @Option(
    name: .customLong("to-axes"), parsing: .upToNextOption,
    help: ArgumentHelp(
      "The order of axes, outermost first; without it, as in the input.", valueName: "axis"))
  var newAxes: [RecordingAxis] = []

  @OptionGroup var source: SourceOptions
  @OptionGroup var console: OutputOptions

  /// Endings of files that hold something else than what would be written under their names.
  private static let foreignEndings = [".h5", ".hdf5", ".mat", ".csv", ".txt", ".json"]

  mutating func validate() throws {
    let name = output.lowercased()
    if let ending = Self.foreignEndings.first(where: name.hasSuffix) {
      throw ValidationError(
        "No recording is written as \(ending): see radar-classify help convert.")
    }
  }

  mutating func run() throws {
    let interruption = Interruption.discardingUnfinishedFiles()
    defer { withExtendedLifetime(interruption) {} }
    var reader = try source.open(input)
    let metadata = reader.metadata
    // Samples pass through numbers of 24 significant bits.
    if [.i32, .u32, .i64, .u64, .f64].contains(metadata.encoding.datatype.scalar), !console.quiet {
      Console.report(
        "warning: samples of \(metadata.encoding.datatype) keep 24 significant bits")
    }
    let form = RecordingForm(path: output)
    var encoding = form.encoding(like: metadata.encoding, of: metadata.waveform)
    if let newDatatype { encoding.datatype = newDatatype }
    if let newOrder { encoding.order = newOrder }
    if !newAxes.isEmpty { encoding.axes = newAxes }
    var writer = try RecordingWriter(
      path: output, waveform: metadata.waveform, encoding: encoding, session: metadata.session,
      subject: metadata.subject, summary: metadata.summary, startTime: metadata.startTime,
      remarks: metadata.remarks)
    var frame = Frame(shape: metadata.waveform.shape)
    var bar = ProgressBar(total: metadata.frameCount, options: console)
    var frames = 0
    var changed = 0
    while try reader.read(into: &frame) {
      changed += encoding.changes(in: frame.samples)
      try writer.write(frame)
      frames += 1
      bar.show(frames, output)
    }
    bar.clear()
    let written = try writer.finish(
      annotations: metadata.isLabelled ? metadata.annotations : nil)
    let lost = written.lostChirps.reduce(0) { $0 + $1.count }
    let summary = Summary(
      recording: written.path, form: form.rawValue, datatype: encoding.datatype.description,
      frames: frames, lostChirps: lost, changedNumbers: changed,
      gestures: written.annotations.map(\.label))
    if changed > 0 {
      Console.report(
        "warning: \(changed) numbers do not fit \(encoding.datatype), and became the nearest that"
          + " does")
    }
    if console.isJSON { return try Console.print(json: summary) }
    Console.print(
      "\(written.path)  \(frames) frames of \(encoding.datatype)"
        + (lost > 0 ? ", \(lost) chirps lost" : "")
        + (metadata.isLabelled ? ", \(written.annotations.count) gestures" : ", not labelled"))
  }

  private struct Summary: Encodable {
    var recording: String
    var form: String
    var datatype: String
    var frames: Int
    var lostChirps: Int
    var changedNumbers: Int
    var gestures: [String]
  }
}

extension RecordingAxis: ExpressibleByArgument {}

public import ArgumentParser
import Gestures
import Radar
public import Recordings

/// Where a recording says what it is.
struct SourceOptions: ParsableArguments {
  @Option(
    help: "The sidecar of the recording, if it is not found by the recording's base name.",
    completion: .file())
  var config: String?

  @Option(help: "The frequency of a continuous wave whose recording does not say it, in hertz.")
  var carrier: Double?

  @Option(help: "The samples per second of a continuous wave whose recording does not say it.")
  var sampleRate: Double?

  @Option(help: "How a sample is stored, as SigMF names it (ci16_le), if nothing else says it.")
  var datatype: Datatype?

  @Option(
    help: ArgumentHelp(
      "How I and Q interleave, if nothing else says it.", valueName: "order"))
  var iqOrder: SampleOrder?

  /// What the options say of the samples.
  var hints: RecordingHints {
    RecordingHints(
      carrierFrequency: carrier, sampleRate: sampleRate, datatype: datatype, order: iqOrder)
  }

  /// The path that means standard input.
  static let standardInput = "-"

  func open(_ path: String) throws -> RecordingReader {
    guard path != Self.standardInput || !StandardInput.isTerminal else {
      throw ValidationError("Standard input is a terminal: pipe a recording into the command.")
    }
    guard !isStream(path) else {
      // A stream can be read once only.
      return try RecordingReader(path: path, configuration: config, hints: hints)
    }
    let metadata = try RecordingMetadata(path: path, configuration: config, hints: hints)
    // Samples that are not those of the sidecar must not be judged: better seconds late than wrong.
    if metadata.checksum != nil { try metadata.verifyChecksum() }
    warnOfContradiction(metadata)
    return try RecordingReader(metadata)
  }

  /// Whether `path` is standard input or a pipe.
  func isStream(_ path: String) -> Bool {
    path == Self.standardInput || RecordingReader.isStream(path)
  }

  func validate() throws {
    guard carrier ?? 1 > 0, sampleRate ?? 1 > 0 else {
      throw ValidationError("--carrier and --sample-rate must be positive.")
    }
  }

  /// Says on standard error if the samples surely are stored otherwise than the sidecar says.
  private func warnOfContradiction(_ metadata: RecordingMetadata) {
    guard let evidence = try? LayoutEvidence(of: metadata), evidence.contradictsSidecar,
      let found = evidence.found
    else { return }
    Console.report(
      "warning: \(metadata.path) says that samples are \(evidence.stated), but they look"
        + " \(found): see radar-classify info --detect")
  }
}

/// Which model judges.
struct ModelOptions: ParsableArguments {
  @Option(
    help: "The model. Without it, the shipped model that fits the recording's waveform.",
    completion: .file(extensions: ["safetensors"]))
  var model: String?

  /// The model from `--model`, or the shipped one that fits.
  func load(for waveform: Waveform, of recording: String) throws -> GestureModel {
    if let model { return try GestureModel(path: model) }
    return try GestureModel.shipped(for: waveform, named: recording)
  }
}

extension SourceOptions {
  /// A recording as the classifier sees it, with the marks that its sidecar holds.
  func labelledRecording(_ path: String) throws -> LabelledRecording {
    guard !isStream(path) else {
      throw ValidationError("\(path) is read more than once: it must be a file.")
    }
    return LabelledRecording(try open(path).metadata, name: path)
  }
}

/// The recordings of a data set, as the classifier sees them.
func labelledRecordings(in folder: String) throws -> [LabelledRecording] {
  let dataSet = try DataSet(path: folder)
  return (dataSet.recordings + dataSet.unlabelled).map { LabelledRecording($0, name: $0.path) }
}

extension LabelledRecording {
  /// The recording that `metadata` describes, with the marks that its sidecar holds.
  fileprivate init(_ metadata: RecordingMetadata, name: String) {
    self.init(
      name: name, waveform: metadata.waveform, annotations: metadata.annotations,
      session: metadata.session, subject: metadata.subject
    ) { body in
      if metadata.checksum != nil { try metadata.verifyChecksum() }
      var reader = try RecordingReader(metadata)
      var frame = Frame(shape: metadata.waveform.shape)
      while try reader.read(into: &frame) { try body(frame) }
    }
  }
}

extension Datatype: ExpressibleByArgument {
  /// Reads the name that SigMF gives a datatype.
  public init?(argument: String) { self.init(argument) }
}

extension SampleOrder: ExpressibleByArgument {}

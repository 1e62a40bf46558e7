import ArgumentParser
import Gestures
import Radar
import Recordings

/// Where a recording says what it is.
struct SourceOptions: ParsableArguments {
  @Option(
    help: "The sidecar of the recording, if it is not found by the recording's base name.",
    completion: .file())
  var config: String?

  func open(_ path: String) throws -> RecordingReader {
    let reader = try RecordingReader(path: path, configuration: config)
    // Samples that are not those of the sidecar must not be judged: better seconds late than wrong.
    if reader.metadata.checksum != nil { try reader.metadata.verifyChecksum() }
    return reader
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

/// The recordings of a data set, as the classifier sees them.
func labelledRecordings(in folder: String) throws -> [LabelledRecording] {
  let dataSet = try DataSet(path: folder)
  return (dataSet.recordings + dataSet.unlabelled).map { metadata in
    LabelledRecording(
      name: metadata.path, waveform: metadata.waveform, annotations: metadata.annotations,
      session: metadata.session, subject: metadata.subject
    ) { body in
      if metadata.checksum != nil { try metadata.verifyChecksum() }
      var reader = try RecordingReader(path: metadata.path)
      var frame = Frame(shape: metadata.waveform.shape)
      while try reader.read(into: &frame) { try body(frame) }
    }
  }
}

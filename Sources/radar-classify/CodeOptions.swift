import ArgumentParser
import Gestures
import Radar
import Recordings

/// Which network gives gestures codes.
struct CodeModelOptions: ParsableArguments {
  @Option(
    help: """
      The code model, made by train --codes. Without it, the shipped one that fits the \
      recording's waveform.
      """,
    completion: .file(extensions: ["safetensors"]))
  var model: String?

  /// The model from `--model`, or the shipped one that fits.
  func load(for waveform: Waveform, of recording: String) throws -> CodeModel {
    if let model { return try CodeModel(path: model) }
    return try CodeModel.shipped(for: waveform, named: recording)
  }
}

extension SourceOptions {
  /// A recording as the classifier sees it, with the marks that its sidecar holds.
  func labelledRecording(_ path: String) throws -> LabelledRecording {
    guard !isStream(path) else {
      throw ValidationError("\(path) is read more than once: it must be a file.")
    }
    let metadata = try open(path).metadata
    let config = config
    return LabelledRecording(
      name: path, waveform: metadata.waveform, annotations: metadata.annotations,
      session: metadata.session, subject: metadata.subject
    ) { body in
      var reader = try RecordingReader(path: path, configuration: config)
      var frame = Frame(shape: metadata.waveform.shape)
      while try reader.read(into: &frame) { try body(frame) }
    }
  }
}

import ArgumentParser
import Gestures
import Radar

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

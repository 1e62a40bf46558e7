internal import CModels
public import Radar

extension CodeModel {
  /// The shipped code model for recordings of `waveform`.
  ///
  /// - Parameters:
  ///   - waveform: What the radar transmitted.
  ///   - name: What to call the recording in an error.
  /// - Returns: The first shipped model that fits.
  /// - Throws: ``GestureError/otherWaveform(recording:found:expected:)`` if none does.
  public static func shipped(
    for waveform: Waveform, named name: String = "the recording"
  ) throws -> CodeModel {
    let models = try (0..<shippedCodeModelCount()).map { index in
      let file = unsafe shippedCodeModel(index)
      return try CodeModel(
        bytes: unsafe Array(UnsafeBufferPointer(start: file.bytes, count: file.count)))
    }
    for model in models where (try? model.check(waveform, named: name)) != nil { return model }
    throw GestureError.otherWaveform(
      recording: name, found: waveform.summary,
      expected: models.map(\.waveforms.summary).joined(separator: ", or "))
  }
}

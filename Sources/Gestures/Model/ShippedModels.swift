internal import CModels
public import Radar

extension GestureModel {
  /// The shipped model for recordings of `waveform`.
  ///
  /// - Parameters:
  ///   - waveform: What the radar transmitted.
  ///   - name: What to call the recording in an error.
  /// - Returns: The first shipped model that fits.
  /// - Throws: ``GestureError/otherWaveform(recording:found:expected:)`` if none does.
  public static func shipped(for waveform: Waveform, named name: String = "the recording") throws
    -> GestureModel
  {
    let models = try shippedModels()
    for model in models where model.fits(waveform) { return model }
    throw GestureError.otherWaveform(
      recording: name, found: waveform.summary,
      expected: models.map(\.waveforms.summary).joined(separator: ", or "))
  }

  /// All models that come with this package.
  static func shippedModels() throws -> [GestureModel] {
    try (0..<shippedModelCount()).map { index in
      let file = unsafe shippedModel(index)
      return try GestureModel(
        bytes: unsafe Array(UnsafeBufferPointer(start: file.bytes, count: file.count)))
    }
  }
}

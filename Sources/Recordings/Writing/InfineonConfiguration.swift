internal import Radar

extension RecordingMetadata {
  /// Writes the configuration beside the array of a folder of the Radar Fusion GUI.
  ///
  /// - Throws: `RecordingError.unwritable` if it cannot be written.
  func writeInfineonConfiguration(_ form: RecordingForm) throws(RecordingError) {
    guard form == .infineonFolder, case .beat(let bandwidth) = waveform.ranging,
      let file = files.first
    else { return }
    let shape = waveform.shape
    let antennas = (1...shape.receivers).map { JSONValue.number(Double($0)) }
    let fields: [String: JSONValue] = [
      "rx_antennas": .array(antennas), "tx_antennas": .array([.number(1)]),
      "start_frequency_Hz": .number(waveform.centerFrequency - bandwidth / 2),
      "end_frequency_Hz": .number(waveform.centerFrequency + bandwidth / 2),
      "num_chirps_per_frame": .number(Double(shape.chirps)),
      "num_samples_per_chirp": .number(Double(shape.samplesPerChirp)),
      "chirp_repetition_time_s": .number(waveform.chirpInterval),
      "frame_repetition_time_s": .number(waveform.frameInterval), "mimo_mode": .string("off"),
    ]
    let document = JSONValue.object([
      "device_config": .object(["fmcw_single_shape": .object(fields)])
    ])
    var output = try OutputFile(path: folder(of: file) + "config.json")
    do {
      try output.write(document.document()[...])
    } catch let error as RecordingError {
      throw error
    } catch {
      throw .unwritable(path: output.path, reason: "it has a number that is not finite")
    }
    try output.commit()
  }
}

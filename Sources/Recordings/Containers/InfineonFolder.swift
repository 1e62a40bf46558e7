internal import Radar

/// A recording of Infineon's Radar Fusion GUI: an array of ADC samples and the configuration.
///
/// The samples are real and unsigned, of 12 bits, in the order of receivers, chirps, samples.
struct InfineonFolder: Sendable {
  /// The configuration.
  let path: String

  private let fields: SidecarFields

  /// Reads the configuration at `path`.
  init(path: String) throws(RecordingError) {
    let document = try SidecarFields(JSONValue(contentsOf: path), path: path)
    self.path = path
    fields = try document.object("device_config").object("fmcw_single_shape")
  }

  /// What the configuration says of the array, which is the only one of `files`.
  func metadata(files: [String], byteCount: Int?) throws(RecordingError) -> RecordingMetadata {
    let file = files[0]
    let header = try NumPyHeader(path: file)
    let shape = try shape(datatype: header.datatype)
    let expected = [header.shape[0], shape.receivers, shape.chirps, shape.samplesPerChirp]
    guard header.shape == expected, !header.isFortranOrder else {
      throw .invalidField(
        path: file, field: "shape", found: "\(header.shape)",
        expected: "\(expected): frames, receivers, chirps, samples as in \(path)")
    }
    var metadata = RecordingMetadata(
      format: .infineon, files: files, sidecar: path, waveform: try waveform(shape: shape),
      encoding: SampleEncoding(
        datatype: header.datatype, axes: [.frame, .receiver, .chirp, .sample],
        gaps: [.init(position: 0, count: header.byteCount)]),
      annotations: [], isLabelled: false)
    try metadata.measure(byteCount: byteCount)
    return metadata
  }

  private func shape(datatype: Datatype) throws(RecordingError) -> FrameShape {
    let mode = try fields.string("mimo_mode") ?? "off"
    guard mode == "off" else {
      throw fields.invalid("mimo_mode", expected: "\"off\": one transmitter at a time")
    }
    return try FrameShape(
      untrustedChirps: try count("num_chirps_per_frame"),
      receivers: max(try fields.list("rx_antennas").count, 1),
      samplesPerChirp: try count("num_samples_per_chirp"), transmitters: 1, datatype: datatype)
  }

  private func waveform(shape: FrameShape) throws(RecordingError) -> Waveform {
    // Older versions of the program have other names for the two ends of the sweep.
    let isOlder = fields.has("lower_frequency_Hz")
    let start = try fields.positive(
      isOlder ? "lower_frequency_Hz" : "start_frequency_Hz", upTo: 1e12)
    let endName = isOlder ? "upper_frequency_Hz" : "end_frequency_Hz"
    let end = try fields.positive(endName, upTo: 1e12)
    guard end > start else {
      throw fields.invalid(endName, expected: "above the \(start.quoted) Hz of the start")
    }
    let chirpInterval = try fields.positive("chirp_repetition_time_s", upTo: 3600)
    let frameInterval = try fields.positive("frame_repetition_time_s", upTo: 86400)
    let busy = Double(shape.chirps) * chirpInterval
    guard frameInterval > 0.99 * busy else {
      throw fields.invalid(
        "frame_repetition_time_s",
        expected: "at least the \(busy.quoted) s of \(shape.chirps) chirps")
    }
    return Waveform(
      ranging: .beat(bandwidth: end - start), centerFrequency: (start + end) / 2,
      chirpInterval: chirpInterval, frameInterval: frameInterval, shape: shape)
  }

  private func count(_ name: String) throws(RecordingError) -> Int {
    try fields.require(name, fields.integer(name, in: 1...1_000_000))
  }
}

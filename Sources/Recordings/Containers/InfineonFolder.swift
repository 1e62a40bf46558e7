internal import Radar

/// A recording of Infineon's Radar Fusion GUI: ADC samples and the configuration.
///
/// The samples are real and unsigned, of 12 bits. In an array they are in the order of receivers,
/// chirps, samples. In the queue of the sensor two of them share three bytes, and those that the
/// receivers took at once lie side by side.
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
  func metadata(files: SampleFiles) throws(RecordingError) -> RecordingMetadata {
    guard files.form == .array else { return try queue(files: files) }
    let header = try NumPyHeader(files)
    let shape = try shape(datatype: header.datatype)
    let expected = [header.shape[0], shape.receivers, shape.chirps, shape.samplesPerChirp]
    guard header.shape == expected, !header.isFortranOrder else {
      throw .invalidField(
        path: files.name, field: "shape", found: "\(header.shape)",
        expected: "\(expected): frames, receivers, chirps, samples as in \(path)")
    }
    let encoding = SampleEncoding(
      datatype: header.datatype, axes: [.frame, .receiver, .chirp, .sample],
      gaps: [.init(position: 0, count: header.byteCount)])
    return try metadata(
      files: files, claimedBytes: header.claimedBytes, encoding: encoding, shape: shape,
      source: "the header of")
  }

  /// What the configuration says of what came out of the sensor's queue.
  private func queue(files: SampleFiles) throws(RecordingError) -> RecordingMetadata {
    let datatype = Datatype(.real, .u12)
    return try metadata(
      files: files, claimedBytes: nil,
      encoding: SampleEncoding(datatype: datatype, axes: [.frame, .chirp, .sample, .receiver]),
      shape: shape(datatype: datatype), source: "the queue of the sensor, which packs 12 bits, in")
  }

  private func metadata(
    files: SampleFiles, claimedBytes: Int?, encoding: SampleEncoding, shape: FrameShape,
    source: String
  ) throws(RecordingError) -> RecordingMetadata {
    var metadata = RecordingMetadata(
      format: .infineon, files: files.names, sidecar: path, waveform: try waveform(shape: shape),
      encoding: encoding, annotations: [], isLabelled: false)
    for (fact, name) in Self.names { metadata.origins[fact] = "\(name) in \(path)" }
    for fact in [RecordingFact.datatype, .axes, .order] {
      metadata.origins[fact] = "\(source) \(files.names.joined(separator: ", "))"
    }
    if files.byteCount == nil { metadata.claimedBytes = claimedBytes }
    try metadata.measure(byteCount: files.byteCount ?? claimedBytes)
    return metadata
  }

  /// What says each fact.
  private static let names: [RecordingFact: String] = [
    .waveform: "fmcw_single_shape", .centerFrequency: "the two frequencies",
    .bandwidth:
      "the two frequencies", .chirpInterval: "chirp_repetition_time_s",
    .frameInterval: "frame_repetition_time_s", .chirps: "num_chirps_per_frame",
    .receivers: "rx_antennas", .samples: "num_samples_per_chirp", .transmitters: "mimo_mode",
    .receiverPositions: "a row half a wavelength apart, as there is no position",
  ]

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

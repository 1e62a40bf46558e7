internal import Radar

/// A profile for the command line of TI's mmWave radars: what it says of a capture.
///
/// The carrier is the centre of the sampled sweep, not the start of the ramp as in some programs
/// of the vendor: for a sweep of 4 GHz the two differ by a fortieth.
struct MMWaveProfile: Sendable {
  let path: String

  /// The commands in the order of the file: the last of a name is the one in force.
  let commands: [MMWaveCommand]

  /// Reads the profile at `path`, or the configuration of mmWave Studio.
  init(path: String) throws(RecordingError) {
    self.path = path
    guard !path.hasSuffix(".json") else {
      commands = try StudioConfiguration(path: path).commands
      return
    }
    let text = String(decoding: try ByteSource.contents(of: path), as: UTF8.self)
    commands = text.split(whereSeparator: \.isNewline)
      .compactMap { MMWaveCommand($0, path: path) }
  }

  /// What the profile says of the samples in `files`.
  ///
  /// - Parameter files: The files of the capture.
  /// - Returns: The same in the terms that all formats share.
  /// - Throws: `RecordingError` if it contradicts the samples or itself.
  func metadata(files: SampleFiles) throws(RecordingError) -> RecordingMetadata {
    try refuseOtherModes()
    let burst = try burst()
    let ramp = try ramp(profile: burst.profile)
    let receivers = try command("channelCfg").integer(0, in: 1...15)
    let datatype = try datatype()
    let shape = try FrameShape(
      untrustedChirps: burst.chirps, receivers: receivers.nonzeroBitCount,
      samplesPerChirp: ramp.samples, transmitters: burst.transmitters, datatype: datatype)

    let frame = try command("frameCfg")
    let frameInterval = try frame.positive(4) * 1e-3
    let busy = Double(burst.chirps) * ramp.chirpInterval
    guard frameInterval > 0.99 * busy else {
      throw frame.invalid(
        4, expected: "at least the \((busy * 1e3).quoted) ms of \(burst.chirps) chirps")
    }
    var encoding = try encoding(datatype: datatype, receiverMask: receivers)
    encoding.packets = files.form.packets
    if try hasHeaders() { try addHeaders(to: &encoding, shape: shape, files: files) }
    var metadata = RecordingMetadata(
      format: .dca1000, files: files.names, sidecar: path,
      waveform: Waveform(
        ranging: .beat(bandwidth: ramp.bandwidth), centerFrequency: ramp.centerFrequency,
        chirpInterval: ramp.chirpInterval, frameInterval: frameInterval, shape: shape),
      encoding: encoding, annotations: [], isLabelled: false)
    metadata.origins = origins()
    try metadata.measure(byteCount: files.byteCount)

    // A capture may be stopped early, but not go on after the last frame.
    let asked = try frame.integer(3, in: 0...65535)
    if let frames = metadata.frameCount, asked > 0, frames > asked {
      throw frame.invalid(3, expected: "the \(frames) frames of the capture, or 0 for any number")
    }
    return metadata
  }

  /// Where each fact comes from.
  private func origins() -> [RecordingFact: String] {
    let sources: [RecordingFact: String] = [
      .waveform: "frameCfg and profileCfg",
      .centerFrequency: "the centre of the sampled sweep"
        + " (not the start of the ramp) by profileCfg",
      .bandwidth: "slope and samples of profileCfg",
      .chirpInterval: "idle and ramp times of profileCfg", .frameInterval: "frameCfg",
      .chirps: "frameCfg and chirpCfg", .receivers: "channelCfg", .samples: "profileCfg",
      .transmitters: "the masks of chirpCfg", .datatype: "adcCfg", .order: "adcbufCfg",
      .axes: "adcbufCfg", .significantBits: "adcCfg",
    ]
    var origins = sources.mapValues { "\($0) in \(path)" }
    origins[.receiverPositions] = "in a row half a wavelength apart, as nothing says otherwise"
    return origins
  }

  /// The command called `name`.
  func command(_ name: String) throws(RecordingError) -> MMWaveCommand {
    guard let command = commands.last(where: { $0.name == name }) else {
      throw .missingField(path: path, field: name)
    }
    return command
  }

  /// Refuses what is no plain sequence of equal frames.
  private func refuseOtherModes() throws(RecordingError) {
    let others = ["advFrameCfg", "subFrameCfg", "contModeCfg"]
    if let other = commands.first(where: { others.contains($0.name) }) {
      throw .invalidField(
        path: path, field: other.name, found: "given",
        expected: "supported: only a sequence of equal frames is, as frameCfg makes it")
    }
    // Transmitters that send at once with different signs need another Doppler transform.
    if commands.contains(where: { $0.name == "bpmCfg" }) {
      try command("bpmCfg").require(1, 0, "transmitters that take turns")
    }
    if commands.contains(where: { $0.name == "dfeDataOutputMode" }) {
      try command("dfeDataOutputMode").require(0, 1, "a sequence of equal frames")
    }
  }
}

// MARK: - Time and frequency

extension MMWaveProfile {
  /// The chirps of a frame, and the profile that all of them follow.
  private func burst() throws(RecordingError) -> (profile: Int, chirps: Int, transmitters: Int) {
    let frame = try command("frameCfg")
    let first = try frame.integer(0, in: 0...511)
    let last = try frame.integer(1, in: first...511)
    let loops = try frame.integer(2, in: 1...65535)

    var profiles: Set<Int> = []
    var masks: [Int] = []
    for index in first...last {
      let chirp = try chirp(index)
      profiles.insert(try chirp.integer(2, in: 0...3))
      for variation in 3...6 { try chirp.require(variation, 0, "a chirp as its profile says") }
      masks.append(try chirp.integer(7, in: 1...7))
    }
    guard let profile = profiles.first, profiles.count == 1 else {
      throw .invalidField(
        path: path, field: "chirpCfg", found: "of \(profiles.count) profiles",
        expected: "of one: all chirps of a frame are equal")
    }
    // Transmitters take turns if the masks repeat after one chirp of each.
    let turn = Set(masks).count
    guard masks.count.isMultiple(of: turn),
      masks.indices.allSatisfy({ masks[$0] == masks[$0 % turn] })
    else {
      throw .invalidField(
        path: path, field: "chirpCfg", found: "a sequence \(masks) of transmitters",
        expected: "one in which they take turns")
    }
    return (profile, masks.count * loops, turn)
  }

  /// The command for the chirp at `index`.
  private func chirp(_ index: Int) throws(RecordingError) -> MMWaveCommand {
    for command in commands.reversed() where command.name == "chirpCfg" {
      if try command.number(0) <= Double(index), try command.number(1) >= Double(index) {
        return command
      }
    }
    throw .missingField(path: path, field: "chirpCfg of chirp \(index)")
  }

  /// The sweep of a chirp while it is sampled: frequencies in hertz, times in seconds.
  private func ramp(
    profile index: Int
  ) throws(RecordingError) -> (
    centerFrequency: Double, bandwidth: Double, chirpInterval: Double, samples: Int
  ) {
    var found: MMWaveCommand?
    for command in commands where command.name == "profileCfg" {
      if try command.number(0) == Double(index) { found = command }
    }
    guard let profile = found else {
      throw .missingField(path: path, field: "profileCfg \(index)")
    }
    let start = try profile.positive(1) * 1e9
    let idle = try profile.positive(2) * 1e-6
    let converterStart = max(try profile.number(3), 0) * 1e-6
    let rampEnd = try profile.positive(4) * 1e-6
    let slope = try profile.positive(7) * 1e12
    let samples = try profile.integer(9, in: 1...65535)
    let sampling = Double(samples) / (try profile.positive(10) * 1e3)
    guard converterStart + sampling <= rampEnd * (1 + 1e-9) else {
      throw profile.invalid(
        4,
        expected: "at least the \(((converterStart + sampling) * 1e6).quoted) µs until the last of"
          + " \(samples) samples")
    }
    return (
      start + slope * (converterStart + sampling / 2), slope * sampling, idle + rampEnd, samples
    )
  }
}

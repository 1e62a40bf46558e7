/// The file ending in `.mmwave.json` that mmWave Studio writes: the same as a profile, in JSON.
///
/// It becomes the commands of a profile, so that there is one understanding of a capture.
struct StudioConfiguration: Sendable {
  /// The commands that would configure the radar in the same way.
  let commands: [MMWaveCommand]

  /// Reads the configuration at `path`.
  ///
  /// - Throws: `RecordingError` if something is missing.
  init(path: String) throws(RecordingError) {
    let document = try SidecarFields(JSONValue(contentsOf: path), path: path)
    guard let device = try document.objects("mmWaveDevices").first else {
      throw .missingField(path: path, field: "mmWaveDevices")
    }
    let radar = try device.object("rfConfig")
    let channels = try radar.object("rlChanCfg_t")
    let converter = try radar.object("rlAdcOutCfg_t").object("fmt")
    let format = try device.object("rawDataCaptureConfig").object("rlDevDataFmtCfg_t")
    let isReal = try Self.number("b2AdcOutFmt", of: converter) == 0
    var commands = [
      MMWaveCommand(
        "channelCfg", try ["rxChannelEn", "txChannelEn"].numbers(of: channels), path: path),
      MMWaveCommand(
        "adcCfg", try ["b2AdcBits", "b2AdcOutFmt"].numbers(of: converter), path: path),
      MMWaveCommand(
        "adcbufCfg",
        [-1, isReal ? 1 : 0] + (try ["iqSwapSel", "chInterleave"].numbers(of: format)) + [1],
        path: path),
    ]
    let capture = try device.object("rawDataCaptureConfig")
    if capture.has("rlDevLaneEnable_t") {
      commands.append(
        MMWaveCommand(
          "laneCfg", try ["laneEn"].numbers(of: capture.object("rlDevLaneEnable_t")), path: path))
    }
    for profile in try radar.objects("rlProfiles") {
      let names = [
        "profileId", "startFreqConst_GHz", "idleTimeConst_usec", "adcStartTimeConst_usec",
        "rampEndTime_usec",
      ]
      let fields = try profile.object("rlProfileCfg_t")
      commands.append(
        MMWaveCommand(
          "profileCfg",
          try names.numbers(of: fields) + [0, 0]
            + ["freqSlopeConst_MHz_usec"].numbers(of: fields) + [0]
            + ["numAdcSamples", "digOutSampleRate"].numbers(of: fields), path: path))
    }
    for chirp in try radar.objects("rlChirps") {
      let names = [
        "chirpStartIdx", "chirpEndIdx", "profileId", "startFreqVar_MHz", "freqSlopeVar_KHz_usec",
        "idleTimeVar_usec", "adcStartTimeVar_usec", "txEnable",
      ]
      commands.append(
        MMWaveCommand(
          "chirpCfg", try names.numbers(of: chirp.object("rlChirpCfg_t")), path: path))
    }
    let names = [
      "chirpStartIdx", "chirpEndIdx", "numLoops", "numFrames", "framePeriodicity_msec",
    ]
    commands.append(
      MMWaveCommand("frameCfg", try names.numbers(of: radar.object("rlFrameCfg_t")), path: path))
    self.commands = commands
  }

  /// The number called `name`, which masks write as text such as `0x3`.
  fileprivate static func number(
    _ name: String, of fields: SidecarFields
  ) throws(RecordingError) -> Double {
    if let text = try? fields.string(name) {
      let digits = text.hasPrefix("0x") ? Int(text.dropFirst(2), radix: 16) : Int(text)
      guard let digits else { throw fields.invalid(name, expected: "a number") }
      return Double(digits)
    }
    return try fields.require(name, fields.number(name, in: -1e12...1e12))
  }
}

extension [String] {
  /// The numbers that have these names.
  fileprivate func numbers(of fields: SidecarFields) throws(RecordingError) -> [Double] {
    var numbers: [Double] = []
    for name in self { numbers.append(try StudioConfiguration.number(name, of: fields)) }
    return numbers
  }
}

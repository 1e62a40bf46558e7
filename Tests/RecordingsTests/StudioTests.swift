import Foundation
import Radar
import Recordings
import Testing

@Suite("mmWave Studio")
struct StudioTests {
  private static let chirps = (0...1).map {
    """
    {"rlChirpCfg_t": {"chirpStartIdx": \($0), "chirpEndIdx": \($0), "profileId": 0,
     "startFreqVar_MHz": 0.0, "freqSlopeVar_KHz_usec": 0.0, "idleTimeVar_usec": 0.0,
     "adcStartTimeVar_usec": 0.0, "txEnable": "0x\($0 + 1)"}}
    """
  }.joined(separator: ",")

  private static let configuration = """
    {"mmWaveDevices": [{"rfConfig": {
      "rlChanCfg_t": {"rxChannelEn": "0x5", "txChannelEn": "0x3", "cascading": 0},
      "rlAdcOutCfg_t": {"fmt": {"b2AdcBits": 2, "b2AdcOutFmt": 1}},
      "rlProfiles": [{"rlProfileCfg_t": {"profileId": 0, "startFreqConst_GHz": 77.0,
        "idleTimeConst_usec": 30.0, "adcStartTimeConst_usec": 6.0, "rampEndTime_usec": 62.0,
        "freqSlopeConst_MHz_usec": 60.0, "numAdcSamples": 16, "digOutSampleRate": 2500}}],
      "rlChirps": [\(chirps)],
      "rlFrameCfg_t": {"chirpStartIdx": 0, "chirpEndIdx": 1, "numLoops": 4, "numFrames": 0,
        "framePeriodicity_msec": 50.0}},
      "rawDataCaptureConfig": {"rlDevDataFmtCfg_t": {"iqSwapSel": 1, "chInterleave": 1}}}]}
    """

  private static let profile = """
    channelCfg 5 3 0
    adcCfg 2 1
    adcbufCfg -1 0 1 1 1
    profileCfg 0 77 30 6 62 0 0 60 1 16 2500 0 0 30
    chirpCfg 0 0 0 0 0 0 0 1
    chirpCfg 1 1 0 0 0 0 0 2
    frameCfg 0 1 4 0 50 1 0
    """

  private static let frameBytes = 8 * 2 * 16 * 4
  private static let stored = (0..<3 * frameBytes).map { UInt8(truncatingIfNeeded: $0 / 5) }

  @Test("The configuration says the same as a profile")
  func configuration() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.mmwave.json", Array(Self.configuration.utf8))
    try folder.write("b.cfg", Array(Self.profile.utf8))
    let found = try RecordingMetadata(path: folder.write("a.bin", Self.stored))
    let expected = try RecordingMetadata(path: folder.write("b.bin", Self.stored))
    #expect(found.waveform == expected.waveform && found.encoding == expected.encoding)
    #expect(
      found.origins[.receivers] == "channelCfg in \(folder.path)/a.mmwave.json")
    try folder.write(
      "a.mmwave.json", Array(Self.configuration.replacing("numLoops", with: "loops").utf8))
    let path = folder.path + "/a.bin"
    let error = #expect(throws: RecordingError.self) { try RecordingMetadata(path: path) }
    #expect(error?.description.hasSuffix("a.mmwave.json lacks numLoops") == true)
  }

  @Test(
    "The lanes decide how samples lie",
    arguments: [
      ("0x3", 1, SampleOrder.q0q1i0i1, nil), ("0xF", 1, .q4i4, nil), ("0xF", 0, .q4i4, 4),
    ] as [(String, Int, SampleOrder, Int?)])
  func lanes(mask: String, interleave: Int, order: SampleOrder, lanes: Int?) throws {
    let folder = try TemporaryFolder()
    let text = Self.configuration
      .replacing(
        "\"chInterleave\": 1}",
        with: "\"chInterleave\": \(interleave)},"
          + " \"rlDevLaneEnable_t\": {\"laneEn\": \"\(mask)\"}")
    try folder.write("a.mmwave.json", Array(text.utf8))
    let bytes = [UInt8](repeating: 0, count: 2 * Self.frameBytes)
    let encoding = try RecordingMetadata(path: folder.write("a.bin", bytes)).encoding
    #expect(encoding.order == order && encoding.lanes?.count == lanes)
    #expect(encoding.axes.last == (lanes == nil ? .sample : .receiver))
  }

  @Test("Lanes that no card takes are refused")
  func refusedLanes() throws {
    let folder = try TemporaryFolder()
    for (mask, interleave, sentence) in [
      ("0x7", 1, "argument 1 of laneCfg is 7, not two lanes or four"),
      ("0x3", 0, "argument 1 of laneCfg is 3, not four lanes"),
    ] {
      let text = Self.configuration
        .replacing(
          "\"chInterleave\": 1}",
          with: "\"chInterleave\": \(interleave)},"
            + " \"rlDevLaneEnable_t\": {\"laneEn\": \"\(mask)\"}")
      try folder.write("a.mmwave.json", Array(text.utf8))
      let path = try folder.write("a.bin", Self.stored)
      let error = #expect(throws: RecordingError.self) { try RecordingMetadata(path: path) }
      #expect(error?.description.contains(sentence) == true, "\(String(describing: error))")
    }
  }

  private static func setup(_ files: [String], count: Int, hardware: String = "DCA1000") -> String {
    let list = files.map { "{\"processedFileName\": \"C:\\\\captures\\\\\($0)\"}" }
    return """
      {"captureHardware": "\(hardware)", "configUsed": "C:\\\\captures\\\\my.mmwave.json",
       "capturedFiles": {"numFilesCollected": \(count), "fileBasePath": "C:\\\\captures",
         "files": [\(list.joined(separator: ", "))]}}
      """
  }

  @Test("A setup names the files of a capture and its configuration")
  func setup() throws {
    let folder = try TemporaryFolder()
    try folder.write("my.mmwave.json", Array(Self.configuration.utf8))
    try folder.write("one.bin", Array(Self.stored[..<1001]))
    try folder.write("two.bin", Array(Self.stored[1001...]))
    let names = ["one.bin", "two.bin"]
    let setup = try folder.write("my.setup.json", Array(Self.setup(names, count: 2).utf8))
    let metadata = try RecordingMetadata(path: setup)
    #expect(metadata.files.map { $0.split(separator: "/").last } == ["one.bin", "two.bin"])
    #expect(metadata.frameCount == 3 && metadata.format == .dca1000)
    try folder.write("whole.mmwave.json", Array(Self.configuration.utf8))
    #expect(
      try readFrames(setup) == readFrames(folder.write("whole.bin", Self.stored)))

    // A setup beside samples of its name, and by its own option, is found as well.
    try folder.write("one.setup.json", Array(Self.setup(names, count: 2).utf8))
    #expect(try RecordingMetadata(path: folder.path + "/one.bin").files.count == 2)
    #expect(
      try RecordingMetadata(path: folder.path + "/one.bin", configuration: setup).files.count == 2)
  }

  @Test(
    "A setup that contradicts itself is refused",
    arguments: [
      (["one.bin"], 2, "DCA1000", "numFilesCollected is 2, not 1 as files are listed"),
      ([], 0, "DCA1000", "lacks capturedFiles.files[0].processedFileName"),
      (["one.bin"], 1, "TSW1400", "captureHardware is \"TSW1400\", not \"DCA1000\""),
      (["three.bin"], 1, "DCA1000", "there is no file"),
    ] as [([String], Int, String, String)])
  func refusals(files: [String], count: Int, hardware: String, sentence: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("my.mmwave.json", Array(Self.configuration.utf8))
    try folder.write("one.bin", Self.stored)
    let text = Self.setup(files, count: count, hardware: hardware)
    let path = try folder.write("my.setup.json", Array(text.utf8))
    let error = #expect(throws: RecordingError.self) { try RecordingMetadata(path: path) }
    #expect(error?.description.contains(sentence) == true, "\(String(describing: error))")
  }

  @Test("Headers of chirps are found in a capture of the network")
  func headersInPackets() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.cfg", Array((Self.profile + "\nlvdsStreamCfg -1 1 1 0").utf8))
    var header = bytes([0x0ADC, 0x0CDA, 0x0ADC, 0x0CDA, 176, 0, 0, 0])
    header += [UInt8](repeating: 0x0F, count: 48)
    let plain = (0..<16).flatMap { chirp in
      header + (0..<32).flatMap { bytes([-chirp - $0, chirp + $0]) }
    }
    let expected = try readFrames(folder.write("a.bin", plain))
    // Records of a hundred bytes, whose first comes after the second.
    var records = stride(from: 0, to: plain.count, by: 100).map { position in
      let payload = Array(plain[position..<min(position + 100, plain.count)])
      return bytes([position / 100 + 1, payload.count], width: 4) + bytes([position], width: 6)
        + payload
    }
    records.swapAt(0, 1)
    try folder.write("b_Raw_0.bin", records.flatMap { $0 })
    let found = try readFrames(
      folder.path + "/b_Raw_0.bin", configuration: folder.path + "/a.cfg")
    #expect(found == expected && found.count == 2)
  }
}

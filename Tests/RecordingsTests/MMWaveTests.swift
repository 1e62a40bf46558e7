import Foundation
import Radar
import Recordings
import Testing

@Suite("TI capture")
struct MMWaveTests {
  /// Two transmitters that take turns, two receivers of four, four loops.
  private static let profile = """
    % a comment
    sensorStop
    dfeDataOutputMode 1
    channelCfg 5 3 0
    adcCfg 2 1
    adcbufCfg -1 0 1 1 1
    profileCfg 0 77 30 6 62 0 0 60 1 16 2500 0 0 30
    chirpCfg 0 0 0 0 0 0 0 1
    chirpCfg 1 1 0 0 0 0 0 2
    frameCfg 0 1 4 0 50 1 0
    lvdsStreamCfg -1 0 1 0
    sensorStart
    """

  private static let frameBytes = 8 * 2 * 16 * 4

  /// What the profile says after `old` was replaced by `new`.
  private func metadata(
    _ old: String = "", _ new: String = "", byteCount: Int = frameBytes
  ) throws -> RecordingMetadata {
    let folder = try TemporaryFolder()
    let profile = Self.profile.replacingOccurrences(of: old, with: new)
    #expect(old.isEmpty || profile != Self.profile)
    try folder.write("a.cfg", Array(profile.utf8))
    return try RecordingMetadata(
      path: folder.write("a.bin", [UInt8](repeating: 0, count: byteCount)))
  }

  @Test("The axes follow from the profile")
  func axes() throws {
    let metadata = try metadata(byteCount: 3 * Self.frameBytes)
    let waveform = metadata.waveform
    #expect(metadata.format == .dca1000 && metadata.frameCount == 3 && !metadata.isLabelled)
    #expect(
      waveform.shape
        == FrameShape(
          chirps: 8, receivers: 2, samplesPerChirp: 16, sampleKind: .complex, transmitters: 2))
    // The formulas in terms of slope S, rate fs, samples N and interval Tc.
    let (slope, rate, samples, interval) = (60e12, 2.5e6, 16.0, 92e-6)
    let close = { (a: Double?, b: Double) in abs((a ?? 0) / b - 1) < 1e-12 }
    #expect(close(waveform.rangeResolution, speedOfLight * rate / (2 * slope * samples)))
    #expect(close(waveform.maximumRange, speedOfLight * rate / (2 * slope)))
    #expect(close(waveform.centerFrequency, 77e9 + 60e12 * (6e-6 + 3.2e-6)))
    #expect(close(waveform.maximumVelocity, waveform.wavelength / (4 * interval * 2)))
    #expect(close(waveform.velocityResolution, waveform.wavelength / (2 * interval * 2 * 4)))
    #expect(close(waveform.frameInterval, 50e-3))
    #expect(close(metadata.duration, 150e-3))
  }

  @Test(
    "Bits and orders follow from the profile",
    arguments: [
      ("", "", SampleOrder.q0q1i0i1, nil, FrameShape.SampleKind.complex),
      ("bufCfg -1 0 1", "bufCfg -1 0 0", .i0i1q0q1, nil, .complex),
      ("bufCfg -1 0 1 1", "bufCfg -1 0 1 0", .q4i4, nil, .complex),
      ("adcbufCfg -1 0 1 1 1", "adcbufCfg 0 0 1 1", .i0i1q0q1, nil, .complex),
      ("adcCfg 2 1", "adcCfg 0 2", .q0q1i0i1, 12, .complex),
      ("adcCfg 2 1\nadcbufCfg -1 0 1", "adcCfg 1 0\nadcbufCfg -1 1 1", .iq, 14, .real),
    ] as [(String, String, SampleOrder, Int?, FrameShape.SampleKind)])
  func encoding(
    old: String, new: String, order: SampleOrder, bits: Int?, kind: FrameShape.SampleKind
  ) throws {
    let encoding = try metadata(old, new, byteCount: 2 * Self.frameBytes).encoding
    #expect(encoding.order == order && encoding.significantBits == bits)
    #expect(encoding.datatype == Datatype(kind, .i16))
  }

  @Test("Samples are found in the order of two lanes")
  func samples() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.cfg", Array(Self.profile.utf8))
    // I = 100 · chirp + 50 · receiver + sample, Q = −I, in groups of two with Q first.
    var stored: [Int] = []
    for chirp in 0..<8 {
      for receiver in 0..<2 {
        for sample in stride(from: 0, to: 16, by: 2) {
          let value = 100 * chirp + 50 * receiver + sample
          stored += [-value, -value - 1, value, value + 1]
        }
      }
    }
    let path = try folder.write("a.bin", bytes(stored))
    let frame = try readFrames(path)[0]
    #expect(frame.samples[2 * ((5 * 2 + 1) * 16 + 7)] == 557)
    #expect(frame.samples[2 * ((5 * 2 + 1) * 16 + 7) + 1] == -557)
    #expect(frame.samples[2 * 16 + 1] == -50)
  }

  @Test(
    "What cannot be read is refused in a sentence",
    arguments: [
      (
        "frameCfg", "advFrameCfg",
        "advFrameCfg is given, not supported: only a sequence of equal"
          + " frames is, as frameCfg makes it"
      ),
      (
        "OutputMode 1", "OutputMode 3",
        "argument 1 of dfeDataOutputMode is 3, not 1: a sequence of"
          + " equal frames"
      ),
      (
        "adcCfg 2 1", "adcCfg 2 0",
        "argument 2 of adcbufCfg is 0, not 1: adcCfg says that samples"
          + " are real"
      ),
      ("adcCfg 2 1", "adcCfg 7 1", "argument 1 of adcCfg is 7, not a whole number from 0 to 2"),
      (
        "channelCfg 5", "channelCfg 0",
        "argument 1 of channelCfg is 0, not a whole number from 1"
          + " to 15"
      ),
      (
        "frameCfg 0 1 4 0 50", "frameCfg 0 1 4 0 0.5",
        "argument 5 of frameCfg is 0.5, not at least"
          + " the 0.736 ms of 8 chirps"
      ),
      (
        "frameCfg 0 1 4 0 50", "frameCfg 0 1 4 1 50",
        "argument 4 of frameCfg is 1, not the 2"
          + " frames of the capture, or 0 for any number"
      ),
      (
        "0 0 0 0 0 2", "0 0 0 0 5 2",
        "argument 7 of chirpCfg is 5, not 0: a chirp as its profile"
          + " says"
      ),
      (
        "16 2500", "256 2500",
        "argument 5 of profileCfg is 62, not at least the 108.4 µs until the"
          + " last of 256 samples"
      ),
      (
        "sensorStart", "bpmCfg -1 1 0 1",
        "argument 2 of bpmCfg is 1, not 0: transmitters that take turns"
      ),
      (
        "frameCfg 0 1 4 0 50 1 0", "frameCfg 0 1",
        "frameCfg is a command of 2 numbers, not one of"
          + " at least 3"
      ),
    ])
  func refusals(old: String, new: String, sentence: String) throws {
    let error = #expect(throws: RecordingError.self) {
      try metadata(old, new, byteCount: 2 * Self.frameBytes)
    }
    #expect(
      error?.description.hasSuffix("a.cfg: " + sentence) == true, "\(String(describing: error))")
  }

  @Test("A command that is missing is named")
  func missingCommand() throws {
    for name in ["channelCfg", "adcCfg", "adcbufCfg", "frameCfg"] {
      let error = #expect(throws: RecordingError.self) { try metadata(name, "sensorStop") }
      #expect(error?.description.hasSuffix("a.cfg lacks \(name)") == true)
    }
    let error = #expect(throws: RecordingError.self) {
      try metadata("chirpCfg 1 1", "chirpCfg 2 2")
    }
    #expect(error?.description.hasSuffix("a.cfg lacks chirpCfg of chirp 1") == true)
  }

  @Test("Four lanes carry the receivers that are on")
  func fourLanes() throws {
    let folder = try TemporaryFolder()
    let profile = Self.profile.replacing("bufCfg -1 0 1 1", with: "bufCfg -1 0 0 0")
    try folder.write("a.cfg", Array(profile.utf8))
    // Receivers 0 and 2 of four are on: I = 100 · lane + chirp, Q = −I, −1 on the other lanes.
    let lanes = [0, 1, 2, 3]
    let stored = (0..<8).flatMap { chirp in
      (0..<16).flatMap { _ in
        lanes.map { $0 % 2 == 0 ? 100 * $0 + chirp : -1 }
          + lanes.map { $0 % 2 == 0 ? -100 * $0 - chirp : -1 }
      }
    }
    let frames = try readFrames(folder.write("a.bin", bytes(stored)))
    #expect(frames.count == 1)
    #expect(frames[0].samples[..<2] == [0, 0])
    let place = 2 * ((5 * 2 + 1) * 16 + 9)
    #expect(frames[0].samples[place...place + 1] == [205, -205])
    #expect(!frames[0].samples.contains(-1000) && frames[0].samples.count == 512)
  }

  @Test("Headers before chirps are passed over, in both orders of words", arguments: [true, false])
  func headers(isByLane: Bool) throws {
    let folder = try TemporaryFolder()
    let profile = Self.profile.replacing("lvdsStreamCfg -1 0", with: "lvdsStreamCfg -1 1")
    try folder.write("a.cfg", Array(profile.utf8))
    // A header of 64 bytes before 128 of samples: the length does not count its own 16.
    var header = bytes([0x0ADC, 0x0CDA, 0x0ADC, 0x0CDA, 176, 0, 0, 0])
    header += [UInt8](repeating: 0x0F, count: 48)
    var stored: [UInt8] = []
    for chirp in 0..<16 {
      let samples = (0..<32).flatMap { bytes([-chirp - $0, chirp + $0]) }
      stored += header + samples
    }
    if isByLane {
      stored = stride(from: 0, to: stored.count, by: 8).flatMap { word in
        [0, 1, 4, 5, 2, 3, 6, 7].map { stored[word + $0] }
      }
    }
    let frames = try readFrames(folder.write("a.bin", stored))
    #expect(frames.count == 2)
    #expect(frames[1].samples[(7 * 2 * 16 * 2)...].prefix(4) == [15, -15, 16, -16])
    #expect(throws: RecordingError.self) {
      try readFrames(folder.write("a.bin", [UInt8](repeating: 7, count: stored.count)))
    }
  }

  @Test("A capture in several files is one recording")
  func series() throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    try folder.write("adc_data.cfg", Array(Self.profile.utf8))
    let stored = (0..<3 * Self.frameBytes).map { UInt8(truncatingIfNeeded: $0 / 5) }
    try folder.write("whole.cfg", Array(Self.profile.utf8))
    let whole = try readFrames(folder.write("whole.bin", stored))
    // The files are not cut at frames, nor at samples.
    try folder.write("adc_data_0.bin", Array(stored[..<1001]))
    try folder.write("adc_data_1.bin", Array(stored[1001..<1500]))
    try folder.write("adc_data_2.bin", Array(stored[1500...]))
    let metadata = try RecordingMetadata(path: path + "/adc_data_0.bin")
    #expect(metadata.files.count == 3 && metadata.frameCount == 3)
    #expect(try readFrames(path + "/adc_data_0.bin") == whole)
    #expect(throws: RecordingError.self) { try RecordingMetadata(path: path + "/adc_data_1.bin") }
  }
}

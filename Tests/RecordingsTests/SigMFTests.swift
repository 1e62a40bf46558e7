import Foundation
import Radar
import Recordings
import Testing

@Suite("SigMF recording")
struct SigMFTests {
  /// The sentence with which a recording of these fields is refused.
  private func refusal(
    _ changes: [String: any Sendable], removing: [String] = [], byteCount: Int = smallFrameBytes,
    captures: [[String: any Sendable]] = [], annotations: [[String: any Sendable]] = []
  ) throws -> String {
    let folder = try TemporaryFolder()
    let fields = smallFields.merging(changes) { $1 }.filter { !removing.contains($0.key) }
    try folder.write("a.sigmf-meta", global: fields, captures: captures, annotations: annotations)
    let path = try folder.write("a.sigmf-data", [UInt8](repeating: 1, count: byteCount))
    do {
      _ = try RecordingMetadata(path: path)
      return "accepted"
    } catch {
      #expect(!error.description.contains("\n"))
      return error.description.replacingOccurrences(of: folder.path + "/", with: "")
    }
  }

  @Test(
    "A field that is missing is named",
    arguments: [
      "core:datatype", "radar:waveform", "radar:center_frequency_hz", "radar:bandwidth_hz",
      "radar:chirp_interval_s", "radar:frame_interval_s", "radar:samples_per_chirp",
      "radar:chirps_per_frame", "radar:receivers",
    ])
  func missingField(name: String) throws {
    let found = try refusal([:], removing: [name])
    #expect(found == "a.sigmf-meta lacks \(name)")
  }

  @Test(
    "A field that is wrong is quoted",
    arguments: [
      ("core:datatype", "cq7", "\"cq7\", not a datatype of SigMF such as \"ci16_le\""),
      ("radar:waveform", "sonar", "\"sonar\", not fmcw, cw or pulsed"),
      ("radar:receivers", 0, "0, not a whole number from 1 to 1000000000"),
      ("radar:receivers", 2.5, "2.5, not a whole number from 1 to 1000000000"),
      ("radar:receivers", "two", "\"two\", not a whole number from 1 to 1000000000"),
      (
        "radar:bandwidth_hz", -1.0,
        "-1, not a positive number up to 120000000000"
      ),
      ("radar:frame_interval_s", 1e-3, "0.001, not at least the 0.004 s of 4 chirps"),
      ("radar:iq_order", "ii", "\"ii\", not one of iq, qi, i0i1q0q1, q0q1i0i1, i4q4, q4i4"),
      ("radar:sample_bits", 17, "17, not a whole number from 1 to 16"),
      ("radar:transmitters", 3, "4, not a multiple of the 3 transmitters"),
      ("core:sha512", "abc", "\"abc\", not 128 hexadecimal digits"),
      ("core:num_channels", 3, "3, not 2 as radar:receivers"),
    ] as [(String, any Sendable, String)])
  func wrongField(name: String, value: any Sendable, sentence: String) throws {
    let field = name == "radar:transmitters" ? "radar:chirps_per_frame" : name
    let found = try refusal([name: value])
    #expect(found == "a.sigmf-meta: \(field) is \(sentence)")
  }

  @Test("Axes must name every axis once")
  func axes() throws {
    #expect(
      try refusal(["radar:axes": ["frame", "chirp", "sample"]])
        == "a.sigmf-meta: radar:axes is frame, chirp, sample, not each axis once")
    #expect(
      try refusal(["radar:axes": ["frame", "chirp", "sample", "receiver", "chirp"]])
        .contains("each axis once"))
    #expect(
      try refusal(["radar:axes": ["frame", "chirp", "antenna", "sample"]])
        == "a.sigmf-meta: radar:axes is a list with \"antenna\", not one of frame, chirp,"
        + " transmitter, receiver and sample")
  }

  @Test("A shape beyond memory is refused, not computed")
  func oversizedFrame() throws {
    let huge = 1_000_000_000
    #expect(
      try refusal([
        "radar:receivers": huge, "radar:chirps_per_frame": huge, "radar:samples_per_chirp": huge,
      ]) == "a frame takes 8e+27 bytes, more than the limit of 25165824")
  }

  @Test("A file that is cut inside a frame is refused with the numbers")
  func cutFile() throws {
    #expect(
      try refusal([:], byteCount: 250)
        == "the recording ends inside a frame: after 2 whole frames, at byte 192, there are 58"
        + " bytes left of the 96 that a frame takes")
    #expect(try refusal([:], byteCount: 0) == "a.sigmf-data is empty: it has 0 bytes")
    #expect(try refusal([:], byteCount: 192) == "accepted")
  }

  @Test("A continuous wave may not end inside a sample")
  func cutSample() throws {
    let fields: [String: any Sendable] = ["radar:waveform": "cw", "core:sample_rate": 1000]
    #expect(
      try refusal(fields, byteCount: 8 * 9 + 4)
        == "the recording ends inside a frame: after 0 whole frames, at byte 72, there are 4"
        + " bytes left of the 8 that a frame takes")
    #expect(try refusal(["radar:waveform": "cw"]) == "a.sigmf-meta lacks core:sample_rate")
  }

  @Test("Labels beyond the end are refused")
  func labelBeyondEnd() throws {
    #expect(
      try refusal(
        [:], annotations: [["core:sample_start": 12, "core:sample_count": 1, "core:label": "tap"]])
        == "a.sigmf-meta: annotations[0].core:sample_count is 1, not within the 0.005 s of the"
        + " recording: it reaches 0.00533333333 s")
  }

  @Test("A file without a sidecar says which ones it looked for")
  func missingSidecar() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a.b.bin", Array("just text".utf8))
    let base = folder.path + "/a.b"
    #expect(
      throws: RecordingError.missingSidecar(
        path: path,
        candidates: [".sigmf-meta", ".cfg", ".mmwave.json", ".setup.json"].map { base + $0 })
    ) { try RecordingReader(path: path).metadata }
    try folder.write("a.b.sigmf-meta", Array("not JSON".utf8))
    #expect(
      throws: RecordingError.malformedSidecar(
        path: base + ".sigmf-meta", reason: "its 8 bytes are not JSON")
    ) { try RecordingReader(path: path).metadata }
  }

  @Test("A folder and nothing at all are no recordings")
  func noFile() throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    #expect(throws: RecordingError.folder(path: path)) { try RecordingMetadata(path: path) }
    #expect(throws: RecordingError.missingFile(path: path + "/a.bin")) {
      try RecordingMetadata(path: path + "/a.bin")
    }
    try folder.write("a.sigmf-meta", global: smallFields)
    #expect(throws: RecordingError.missingFile(path: path + "/a.sigmf-data")) {
      try RecordingMetadata(path: path + "/a.sigmf-meta")
    }
  }

  @Test("A sidecar cannot speak of a file elsewhere")
  func foreignDataset() throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    let fields = smallFields.merging(["core:dataset": "../b.bin"]) { $1 }
    try folder.write("a.sigmf-meta", global: fields)
    let error = #expect(throws: RecordingError.self) {
      try RecordingMetadata(path: path + "/a.sigmf-meta")
    }
    #expect(
      error?.description.hasSuffix("\"../b.bin\", not the name of a file beside the sidecar")
        == true)
    try folder.write("a.bin", [UInt8](repeating: 0, count: smallFrameBytes))
    #expect(throws: RecordingError.self) { try RecordingMetadata(path: path + "/a.bin") }
  }

  @Test("A checksum that differs is refused with both")
  func checksum() throws {
    let folder = try TemporaryFolder()
    let expected = String(repeating: "a", count: 128)
    try folder.write(
      "a.sigmf-meta", global: smallFields.merging(["core:sha512": expected]) { $1 })
    let path = try folder.write("a.sigmf-data", [UInt8](repeating: 0, count: smallFrameBytes))
    let metadata = try RecordingMetadata(path: path)
    let error = #expect(throws: RecordingError.self) { try metadata.verifyChecksum() }
    // Of 96 zeros, by coreutils.
    let found = """
      e866b15da9e5b18d4b3bde250fc08a208399440f37471313c5b4006e4151b0f4\
      464b2cd7246899935d58660c0749cd11570bb8240760a6e46bb175be18cdaffe
      """
    #expect(
      error == .wrongChecksum(path: path, found: found, expected: expected))
  }

  @Test("Channels, captures with headers and trailing bytes are SigMF's own")
  func coreFields() throws {
    let folder = try TemporaryFolder()
    var fields = smallFields.filter { $0.key != "radar:axes" && $0.key != "radar:receivers" }
    fields["core:datatype"] = "ri8"
    fields["core:num_channels"] = 2
    fields["core:dataset"] = "a.raw"
    fields["core:trailing_bytes"] = 3
    fields["core:offset"] = 1000
    fields["radar:chirps_per_frame"] = 1
    try folder.write(
      "a.sigmf-meta", global: fields,
      captures: [
        ["core:sample_start": 1000, "core:header_bytes": 2],
        ["core:sample_start": 1003, "core:header_bytes": 1],
      ],
      annotations: [
        ["core:sample_start": 1003, "core:label": "tap"],
        ["core:sample_start": 1000, "core:sample_count": 3, "core:label": "background"],
        ["core:sample_start": 1001, "core:comment": "no label"],
      ])
    let path = try folder.write(
      "a.raw", [99, 99, 0, 10, 1, 11, 2, 12, 99, 3, 13, 4, 14, 255, 15, 99, 99, 99])
    let frames = try readFrames(path)
    #expect(frames.map(\.samples) == [[0, 1, 2, 10, 11, 12], [3, 4, -1, 13, 14, 15]])
    let metadata = try RecordingMetadata(path: path)
    #expect(
      metadata.annotations == [
        Annotation(label: "tap", start: 5e-3, end: 10e-3),
        Annotation(label: "background", start: 0, end: 5e-3),
      ])
    #expect(metadata.isLabelled)
  }

  @Test(
    "A continuous wave has frames of about 16 ms",
    arguments: [(1000, 16), (48000, 512 * 2), (10, 1), (1e12, 1 << 16), (2000, 32)]
      as [(Double, Int)])
  func continuousWave(sampleRate: Double, chirps: Int) throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "a.sigmf-meta",
      global: [
        "core:datatype": "cf32_le", "core:sample_rate": sampleRate, "radar:waveform": "cw",
        "radar:center_frequency_hz": 24.125e9, "radar:label": "wave",
      ])
    let path = try folder.write("a.sigmf-data", [UInt8](repeating: 0, count: 40 * 8))
    let metadata = try RecordingMetadata(path: path)
    #expect(metadata.waveform.shape.chirps == chirps)
    #expect(metadata.waveform.isContinuous && metadata.waveform.kind == .cw)
    let duration = try #require(metadata.duration)
    #expect(abs(duration * sampleRate - 40) < 1e-9)
    #expect(metadata.frameCount == (40 + chirps - 1) / chirps)
    #expect(metadata.annotations == [Annotation(label: "wave", start: 0, end: duration)])
  }
}

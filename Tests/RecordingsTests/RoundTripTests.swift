import Foundation
import Radar
import Recordings
import Testing

@Suite("Recording writer")
struct RecordingWriterTests {
  private static func waveform(
    _ ranging: Waveform.Ranging, _ kind: FrameShape.SampleKind, transmitters: Int = 1
  ) -> Waveform {
    let isContinuous = ranging == .none
    return Waveform(
      ranging: ranging, centerFrequency: 60e9, chirpInterval: isContinuous ? 1e-3 : 7e-4,
      frameInterval: isContinuous ? 16e-3 : 13e-3,
      shape: FrameShape(
        chirps: 16, receivers: isContinuous ? 2 : 3, samplesPerChirp: isContinuous ? 1 : 8,
        sampleKind: kind,
        transmitters: transmitters))
  }

  /// Frames of every whole number that `datatype` can hold and a `Float` can, in disorder.
  private static func randomFrames(_ waveform: Waveform, _ datatype: Datatype, count: Int)
    -> [Frame]
  {
    var random = SystemRandomNumberGenerator()
    let bits = min(datatype.scalar.bits, 24)
    let range =
      datatype.scalar.isUnsigned ? 0...(1 << bits) - 1 : -(1 << (bits - 1))...(1 << (bits - 1)) - 1
    return (0..<count).map { index in
      var frame = Frame(
        shape: waveform.shape, index: index, time: Double(index) * waveform.frameInterval)
      frame.samples = frame.samples.map { _ in Float(Int.random(in: range, using: &random)) }
      return frame
    }
  }

  private static let datatypes = Datatype.Scalar.allCases.flatMap { scalar in
    [FrameShape.SampleKind.real, .complex].flatMap { kind in
      [Datatype(kind, scalar, .littleEndian), Datatype(kind, scalar, .bigEndian)]
    }
  }

  @Test("What is written is read, in every datatype", arguments: datatypes)
  func everyDatatype(datatype: Datatype) throws {
    let folder = try TemporaryFolder()
    for ranging in [
      Waveform.Ranging.beat(bandwidth: 4e9), .none, .sampled(start: 0.05, step: 0.03),
    ] {
      let waveform = Self.waveform(ranging, datatype.sampleKind)
      let frames = Self.randomFrames(waveform, datatype, count: 3)
      let path = folder.path + "/hand.sigmf-data"
      var writer = try RecordingWriter(
        path: path, waveform: waveform, encoding: SampleEncoding(datatype: datatype))
      for frame in frames { try writer.write(frame) }
      try writer.finish()
      #expect(try readFrames(path) == frames)
    }
  }

  @Test("What is written is read, in every order", arguments: SampleOrder.allCases)
  func everyOrder(order: SampleOrder) throws {
    let folder = try TemporaryFolder()
    let waveform = Self.waveform(.beat(bandwidth: 4e9), .complex, transmitters: 2)
    for axes: [RecordingAxis] in [
      [.frame, .sample, .transmitter, .receiver, .chirp], [.frame, .chirp, .sample, .receiver],
    ] {
      let encoding = SampleEncoding(
        datatype: Datatype(.complex, .i16), order: order, axes: axes, significantBits: 12)
      var frame = Frame(shape: waveform.shape)
      frame.samples = frame.samples.indices.map { Float($0 % 4096 - 2048) }
      let path = folder.path + "/hand.bin"
      var writer = try RecordingWriter(path: path, waveform: waveform, encoding: encoding)
      try writer.write(frame)
      try writer.finish()
      #expect(try readFrames(path) == [frame])
    }
  }

  @Test("A reader knows what the writer knew", arguments: ["hand.sigmf-data", "hand.bin"])
  func metadata(name: String) throws {
    let folder = try TemporaryFolder()
    var waveform = Self.waveform(.beat(bandwidth: 4e9), .complex, transmitters: 4)
    waveform.receiverPositions = [SIMD2(0, 0), SIMD2(2.5e-3, 0), SIMD2(0, 2.5e-3)]
    let path = "\(folder.path)/\(name)"
    var writer = try RecordingWriter(
      path: path, waveform: waveform, session: "evening", subject: "ada", summary: "a \"test\"/ü")
    for index in 0..<10 { try writer.write(Frame(shape: waveform.shape, index: index)) }
    // Three frames in, and to the middle of a chirp.
    let annotations = [
      Annotation(label: "swipe", start: 3 * 13e-3, end: 5 * 13e-3 + 1.5 * 7e-4),
      Annotation(label: "push", start: 7 * 13e-3, end: 130e-3),
    ]
    let written = try writer.finish(annotations: annotations)
    let read = try RecordingMetadata(path: path)
    #expect(read.waveform == waveform)
    #expect(read.frameCount == 10)
    #expect(abs(try #require(read.duration) - 130e-3) < 1e-12)
    #expect(read.session == "evening" && read.subject == "ada" && read.summary == "a \"test\"/ü")
    #expect(read.checksum == written.checksum && read.checksum != nil)
    #expect(read.isLabelled)
    #expect(read.annotations.map(\.label) == ["swipe", "push"])
    for (found, expected) in zip(read.annotations, annotations) {
      #expect(abs(found.start - expected.start) < 1e-9 && abs(found.end - expected.end) < 1e-9)
    }
    try read.verifyChecksum()
    #expect(try RecordingMetadata(path: folder.path + "/hand.sigmf-meta") == read)
  }

  @Test("Integers saturate as an ADC does")
  func saturation() throws {
    let folder = try TemporaryFolder()
    let waveform = Self.waveform(.beat(bandwidth: 4e9), .real)
    var frame = Frame(shape: waveform.shape)
    frame.samples[0...4] = [1e9, -1e9, 2.5, -0.4, 32767.4]
    var writer = try RecordingWriter(path: folder.path + "/a.bin", waveform: waveform)
    try writer.write(frame)
    try writer.finish()
    #expect(
      try readFrames(folder.path + "/a.bin")[0].samples[0...4] == [32767, -32768, 3, 0, 32767])
  }

  @Test("A continuous wave may end inside a frame")
  func continuousWave() throws {
    let folder = try TemporaryFolder()
    let waveform = Self.waveform(.none, .complex)
    var written = Self.randomFrames(waveform, Datatype(.complex, .i16), count: 3)
    for chirp in 5..<16 { written[2].validity[chirp] = false }
    for scalar in (5 * 4)..<(16 * 4) { written[2].samples[scalar] = 0 }
    // Lost chirps with more to come are kept as zeros, and stay marked.
    written[1].validity[15] = false
    for scalar in (15 * 4)..<(16 * 4) { written[1].samples[scalar] = 0 }
    var writer = try RecordingWriter(path: folder.path + "/a.sigmf-data", waveform: waveform)
    for frame in written { try writer.write(frame) }
    let metadata = try writer.finish(annotations: [])
    #expect(metadata.frameCount == 3)
    #expect(abs(try #require(metadata.duration) - 37e-3) < 1e-12)
    let read = try readFrames(folder.path + "/a.sigmf-data")
    #expect(read.map(\.samples) == written.map(\.samples))
    #expect(read[2].validity == written[2].validity)
    #expect(read[1].validity == written[1].validity)
  }

  @Test("A writer that is dropped leaves nothing behind")
  func dropped() throws {
    let folder = try TemporaryFolder()
    let waveform = Self.waveform(.beat(bandwidth: 4e9), .real)
    do {
      var writer = try RecordingWriter(path: folder.path + "/a.bin", waveform: waveform)
      try writer.write(Frame(shape: waveform.shape))
      #expect(try folder.contents.allSatisfy { $0 != "a.bin" && $0 != "a.sigmf-meta" })
    }
    #expect(try folder.contents == [])
    #expect(throws: RecordingError.emptyFile(path: folder.path + "/a.bin")) {
      let empty = try RecordingWriter(path: folder.path + "/a.bin", waveform: waveform)
      try empty.finish()
    }
    #expect(try folder.contents == [])
  }

  @Test("A folder that does not exist takes no recording")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/nowhere/a.bin"
    #expect(
      throws: RecordingError.unwritable(path: path, reason: "no such file or directory")
    ) {
      _ = try RecordingWriter(path: path, waveform: Self.waveform(.none, .real)).finish()
    }
  }

  @Test("What is no file is not replaced by one")
  func notReplaced() throws {
    let folder = try TemporaryFolder()
    let pipe = folder.path + "/pipe.bin"
    try #require(unsafe mkfifo(pipe, 0o600) == 0)
    #expect(
      throws: RecordingError.unwritable(
        path: pipe, reason: "it is a device or a pipe, and would be replaced")
    ) { _ = try RecordingWriter(path: pipe, waveform: Self.waveform(.none, .real)).finish() }
    let path = folder.path
    #expect(throws: RecordingError.unwritable(path: path, reason: "it is a folder")) {
      _ = try RecordingWriter(path: path, waveform: Self.waveform(.none, .real)).finish()
    }
    #expect(try folder.contents == ["pipe.bin"] && RecordingReader.isStream(pipe))
  }

  @Test("A frame of another shape traps")
  func wrongShape() async {
    await #expect(processExitsWith: .failure) {
      let folder = try TemporaryFolder()
      let waveform = RecordingWriterTests.waveform(.none, .real)
      var writer = try RecordingWriter(path: folder.path + "/a.bin", waveform: waveform)
      try writer.write(
        Frame(
          shape: FrameShape(chirps: 1, receivers: 1, samplesPerChirp: 1, sampleKind: .real)))
    }
  }
}

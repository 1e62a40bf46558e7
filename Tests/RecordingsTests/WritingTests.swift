import Foundation
import Radar
import Recordings
import Testing

@Suite("Every form of a recording")
struct WritingTests {
  private static func waveform(
    _ ranging: Waveform.Ranging, _ kind: FrameShape.SampleKind
  ) -> Waveform {
    let isContinuous = ranging == .none
    return Waveform(
      ranging: ranging, centerFrequency: 60e9, chirpInterval: isContinuous ? 1e-3 : 7e-4,
      frameInterval: isContinuous ? 16e-3 : 13e-3,
      shape: FrameShape(
        chirps: 16, receivers: isContinuous ? 2 : 3, samplesPerChirp: isContinuous ? 1 : 8,
        sampleKind: kind))
  }

  /// A form, by the name it is asked for with, and what it can hold.
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var datatype: Datatype
    var ranging: Waveform.Ranging
    var testDescription: String { "\(name) \(datatype) \(ranging)" }
  }

  static let cases: [Case] = {
    let scalars: [Datatype.Scalar] = [.i8, .i16, .u16, .i32, .f32, .f64]
    let datatypes = scalars.flatMap { scalar in
      [Datatype(.real, scalar), Datatype(.complex, scalar), Datatype(.complex, scalar, .bigEndian)]
    }
    let fmcw = Waveform.Ranging.beat(bandwidth: 4e9)
    let framed = [
      "a.sigmf-data", "a.bin", "a.sigmf", "a.npy", "a.npz", "a_Raw_0.bin", "a.pcap",
      "a.pcapng",
    ].flatMap { name in
      datatypes.flatMap { datatype in
        [fmcw, .none].map { Case(name: name, datatype: datatype, ranging: $0) }
      }
    }
    let audio = [Datatype.Scalar.u8, .i16, .i24, .i32, .f32, .f64].flatMap { scalar in
      [FrameShape.SampleKind.real, .complex].map {
        Case(name: "a.wav", datatype: Datatype($0, scalar), ranging: .none)
      }
    }
    return framed + audio + [
      Case(name: "a.cfile", datatype: Datatype(.complex, .f32), ranging: .none),
      Case(name: "a.cfile", datatype: Datatype(.complex, .f32), ranging: fmcw),
      Case(name: "a/", datatype: Datatype(.real, .u16), ranging: fmcw),
      Case(name: "a.bin", datatype: Datatype(.real, .u12), ranging: fmcw),
    ]
  }()

  private static func frames(_ waveform: Waveform, _ datatype: Datatype) -> [Frame] {
    (0..<5).map { index in
      var frame = Frame(
        shape: waveform.shape, index: index, time: Double(index) * waveform.frameInterval)
      let offset = datatype.scalar.isUnsigned ? 0 : 100
      frame.samples = frame.samples.indices.map { Float(($0 * 7 + index * 31) % 200 - offset) }
      return frame
    }
  }

  private static func write(
    _ frames: [Frame], to path: String, waveform: Waveform, datatype: Datatype
  ) throws -> RecordingMetadata {
    var writer = try RecordingWriter(
      path: path, waveform: waveform, encoding: SampleEncoding(datatype: datatype),
      session: "evening", startTime: "2026-11-25T09:00:00Z", remarks: ["core:author": "ada"])
    for frame in frames { try writer.write(frame) }
    return try writer.finish(annotations: [
      Annotation(label: "tap", start: waveform.frameInterval, end: 2 * waveform.frameInterval)
    ])
  }

  @Test("What is written is read, and written again has the same bytes", arguments: cases)
  func roundTrip(form: Case) throws {
    let folder = try TemporaryFolder()
    let waveform = Self.waveform(form.ranging, form.datatype.sampleKind)
    let frames = Self.frames(waveform, form.datatype)
    let path = folder.path + "/" + form.name
    let written = try Self.write(frames, to: path, waveform: waveform, datatype: form.datatype)
    let names = try folder.contents
    let file = form.name.hasSuffix("/") ? path + "radar.npy" : path
    let first = try Data(contentsOf: URL(fileURLWithPath: file))

    for pieceBytes in [1, 7, 1 << 16] {
      var reader = try RecordingReader(RecordingMetadata(path: path), pieceBytes: pieceBytes)
      #expect(reader.metadata.annotations.map(\.label) == ["tap"])
      #expect(reader.metadata.startTime == "2026-11-25T09:00:00Z")
      #expect(reader.metadata.remarks == ["core:author": "ada"])
      #expect(reader.metadata.checksum == written.checksum)
      try reader.metadata.verifyChecksum()
      var frame = Frame(shape: waveform.shape)
      var read: [Frame] = []
      while try reader.read(into: &frame) { read.append(frame) }
      #expect(read == frames)
    }
    // Written again from what was read, over itself.
    _ = try Self.write(frames, to: path, waveform: waveform, datatype: form.datatype)
    #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == first)
    #expect(try folder.contents == names)
  }

  @Test("Lost chirps stay lost in another form", arguments: ["a.sigmf", "a.npy", "a.pcap"])
  func losses(name: String) throws {
    let folder = try TemporaryFolder()
    let waveform = Self.waveform(.beat(bandwidth: 4e9), .complex)
    var frames = Self.frames(waveform, Datatype(.complex, .i16))
    for chirp in 12..<16 { frames[1].validity[chirp] = false }
    frames[2].validity = frames[2].validity.map { _ in false }
    frames[4].validity[3] = false
    let path = folder.path + "/" + name
    let written = try Self.write(
      frames, to: path, waveform: waveform, datatype: Datatype(.complex, .i16))
    #expect(written.lostChirps == [28..<48, 67..<68])
    let metadata = try RecordingMetadata(path: path)
    #expect(metadata.lostChirps == written.lostChirps)
    #expect(try readFrames(path).map(\.validity) == frames.map(\.validity))
    #expect(metadata.annotations.count == 1)
  }

  @Test("What a form cannot hold is refused before a file is made")
  func refusals() throws {
    let folder = try TemporaryFolder()
    let fmcw = Self.waveform(.beat(bandwidth: 4e9), .complex)
    let wave = Self.waveform(.none, .real)
    for (name, waveform, datatype, sentence) in [
      (
        "a.wav", fmcw, Datatype(.complex, .i16), "the waveform is fmcw, not cw: audio has no frames"
      ),
      ("a.wav", wave, Datatype(.real, .i8), "the datatype is ri8, not one that WAV has"),
      ("a.npy", wave, Datatype(.real, .i24), "the datatype is ri24_le, not one that NumPy has"),
      ("a/", fmcw, Datatype(.complex, .i16), "not fmcw and real"),
      ("a.cfile", wave, Datatype(.real, .f32), "the datatype is rf32_le, not cf32_le"),
      ("a.bin", wave, Datatype(.complex, .f32), "not real as the samples of the radar are"),
    ] {
      let path = folder.path + "/" + name
      let error = #expect(throws: RecordingError.self) {
        _ = try Self.write([], to: path, waveform: waveform, datatype: datatype)
      }
      #expect(error?.description.contains(sentence) == true, "\(String(describing: error))")
    }
    #expect(try folder.contents.isEmpty)
  }

  @Test("Each form has an encoding near to any other", arguments: Datatype.Scalar.allCases)
  func encodings(scalar: Datatype.Scalar) throws {
    for kind in [FrameShape.SampleKind.real, .complex] {
      for form in RecordingForm.allCases where form != .infineonFolder && form != .softwareRadio {
        let waveform = Self.waveform(form == .wave ? .none : .beat(bandwidth: 4e9), kind)
        let datatype = Datatype(kind, scalar, .bigEndian)
        let encoding = form.encoding(
          like: SampleEncoding(datatype: datatype, order: .q0q1i0i1), of: waveform)
        let folder = try TemporaryFolder()
        let names: [RecordingForm: String] = [
          .samples: "a.bin", .archive: "a.sigmf", .array: "a.npy", .arrayArchive: "a.npz",
          .wave: "a.wav", .records: "a_Raw_0.bin", .capture: "a.pcap",
          .nextGenerationCapture: "a.pcapng",
        ]
        let path = folder.path + "/" + (names[form] ?? "")
        #expect(RecordingForm(path: path) == form)
        let frames = Self.frames(waveform, datatype)
        var writer = try RecordingWriter(path: path, waveform: waveform, encoding: encoding)
        for frame in frames { try writer.write(frame) }
        try writer.finish()
        #expect(try readFrames(path) == frames)
      }
    }
  }
}

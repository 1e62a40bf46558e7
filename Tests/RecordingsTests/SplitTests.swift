import Foundation
import Radar
import Recordings
import Testing

@Suite("Bytes handed over in pieces")
struct SplitTests {
  /// All frames of `bytes`, handed over in pieces that end at `cuts`, and what was known in the end.
  private static func read(
    _ bytes: [UInt8], cuts: [Int], _ files: FormSample.Files
  ) throws -> (frames: [Frame], metadata: RecordingMetadata?) {
    var stream = RecordingStream(configuration: files.sidecar, hints: files.hints)
    var frame: Frame?
    var frames: [Frame] = []
    var start = 0
    for end in cuts + [bytes.count] {
      try stream.append(bytes[start..<end].span)
      start = end
      try take(&stream, &frame, &frames)
    }
    try stream.finish()
    try take(&stream, &frame, &frames)
    return (frames, stream.metadata)
  }

  private static func take(
    _ stream: inout RecordingStream, _ frame: inout Frame?, _ frames: inout [Frame]
  ) throws {
    guard let shape = stream.metadata?.waveform.shape else { return }
    var next = frame ?? Frame(shape: shape)
    while try stream.decode(into: &next) { frames.append(next) }
    frame = next
  }

  private func contents(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  private func expected(_ files: FormSample.Files) throws -> (frames: [Frame], RecordingMetadata) {
    let metadata = try RecordingMetadata(
      path: files.path, configuration: files.sidecar, hints: files.hints)
    var reader = try RecordingReader(metadata)
    var frame = Frame(shape: metadata.waveform.shape)
    var frames: [Frame] = []
    while try reader.read(into: &frame) { frames.append(frame) }
    return (frames, metadata)
  }

  @Test("have the frames of the file wherever a small one is cut", arguments: FormSample.all)
  func everyByte(sample: FormSample) throws {
    let folder = try TemporaryFolder()
    let files = try sample.write(to: folder, frames: 3)
    let (frames, metadata) = try expected(files)
    let bytes = try contents(files.path)
    #expect(!frames.isEmpty && frames.contains { $0.samples.contains { $0 != 0 } })
    var wrong: [Int] = []
    for cut in 0...bytes.count {
      let found = try Self.read(bytes, cuts: [cut], files)
      if found.frames != frames || found.metadata?.waveform != metadata.waveform
        || found.metadata?.annotations != metadata.annotations
      {
        wrong.append(cut)
      }
    }
    #expect(wrong.isEmpty)
    let byteByByte = try Self.read(bytes, cuts: Array(1..<bytes.count), files).frames == frames
    #expect(byteByByte)
  }

  @Test(
    "have the frames of the file wherever a large one is cut", arguments: FormSample.written)
  func large(sample: FormSample) throws {
    let folder = try TemporaryFolder()
    let files = try sample.write(to: folder, frames: 500)
    let (frames, metadata) = try expected(files)
    #expect(frames.count == 500)
    let bytes = try contents(files.path)
    for count in [1, 3, 30, 300] {
      let cuts = (0..<count).map { _ in Int.random(in: 0...bytes.count) }.sorted()
      let found = try Self.read(bytes, cuts: cuts, files)
      let isEqual = found.frames == frames
      #expect(isEqual, "\(cuts)")
      if let frameCount = found.metadata?.frameCount { #expect(frameCount == metadata.frameCount) }
    }
  }

  @Test("that end too early or too late for their header are refused with both numbers")
  func lengths() throws {
    for name in ["a.npy", "a.wav"] {
      let folder = try TemporaryFolder()
      let sample = try #require(FormSample.written.first { $0.name == name })
      let files = try sample.write(to: folder, frames: 20)
      let bytes = try contents(files.path)
      let short = #expect(throws: RecordingError.self) {
        try Self.read(Array(bytes.dropLast(5)), cuts: [600], files)
      }
      #expect(short == .shortFile(found: bytes.count - 5, expected: bytes.count))
      guard name == "a.npy" else {
        // Another chunk after the samples is none of ours.
        #expect(
          try Self.read(bytes + Array("LIST".utf8), cuts: [600], files).frames
            == expected(files).frames)
        continue
      }
      #expect(throws: RecordingError.longFile(found: bytes.count + 3, expected: bytes.count)) {
        try Self.read(bytes + [1, 2, 3], cuts: [600], files)
      }
    }
    let none = FormSample.Files(path: "", sidecar: nil, hints: RecordingHints())
    #expect(throws: RecordingError.emptyFile(path: "-")) { try Self.read([], cuts: [], none) }
    #expect(throws: RecordingError.missingSidecar(path: "-", candidates: [])) {
      try Self.read([1, 2, 3], cuts: [], none)
    }
    let wave = FormSample.Files(
      path: "", sidecar: nil, hints: RecordingHints(carrierFrequency: 24e9))
    #expect(throws: RecordingError.shortHeader(path: "-", found: 14, expected: 20)) {
      try Self.read(Array("RIFF0000WAVEfm".utf8), cuts: [3], wave)
    }
  }

  @Test("of a recorder that does not know the end are read to the end")
  func endless() throws {
    let folder = try TemporaryFolder()
    let sample = try #require(FormSample.written.first { $0.name == "a.wav" })
    let files = try sample.write(to: folder, frames: 20)
    let frames = try expected(files).frames
    var bytes = try contents(files.path)
    let place = try #require(
      bytes.indices.first { bytes[$0...].starts(with: Array("data".utf8)) })
    for length in [0, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF] {
      bytes.replaceSubrange(
        place + 4..<place + 8, with: RecordingsTests.bytes([length], width: 4))
      let found = try Self.read(bytes, cuts: [600, 700], files)
      #expect(found.frames == frames && found.metadata?.frameCount == nil)
    }
  }

  @Test("The samples of an archive that are not those of its sidecar are refused")
  func checksum() throws {
    let folder = try TemporaryFolder()
    let sample = try #require(FormSample.written.first { $0.name == "a.sigmf" })
    let files = try sample.write(to: folder, frames: 20)
    var bytes = try contents(files.path)
    bytes[bytes.count / 3] ^= 1
    let error = #expect(throws: RecordingError.self) { try Self.read(bytes, cuts: [], files) }
    #expect(error?.description.hasPrefix("the SHA-512 of ") == true)
  }

  @Test("A pipe is read as the file is", arguments: FormSample.written)
  func pipe(sample: FormSample) throws {
    let folder = try TemporaryFolder()
    let files = try sample.write(to: folder, frames: 50)
    let bytes = try contents(files.path)
    let expected = try expected(files).frames
    let path = "\(folder.path)/pipe"
    try #require(unsafe mkfifo(path, 0o600) == 0)
    Thread.detachNewThread {
      let handle = FileHandle(forWritingAtPath: path)
      try? handle?.write(contentsOf: bytes)
      try? handle?.close()
    }
    #expect(RecordingReader.isStream(path) && !RecordingReader.isStream(files.path))
    var reader = try RecordingReader(
      path: path, configuration: files.sidecar, hints: files.hints)
    var frame = Frame(shape: reader.metadata.waveform.shape)
    var frames: [Frame] = []
    while try reader.read(into: &frame) { frames.append(frame) }
    #expect(frames == expected)
    #expect(reader.reception.frames == frames.count)
  }
}

import Foundation
import Radar
import Recordings
import Testing

/// Small files that NumPy and Python wrote, by the script `tools/golden/containers.py`.
struct ForeignFile: Sendable, CustomTestStringConvertible {
  var name: String
  var bytes: [UInt8]
  var fields: [String: any Sendable]
  var samples: [Float]

  var testDescription: String { name }

  static let all: [ForeignFile] = {
    guard
      let url = Bundle.module.url(
        forResource: "containers", withExtension: "json", subdirectory: "Goldens"),
      let data = try? Data(contentsOf: url),
      let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      let common = object["fields"] as? [String: any Sendable],
      let files = object["files"] as? [[String: Any]]
    else { return [] }
    return files.compactMap { file in
      guard let name = file["name"] as? String, let text = file["base64"] as? String,
        let bytes = Data(base64Encoded: text), let samples = file["samples"] as? [Double],
        let fields = file["fields"] as? [String: any Sendable]
      else { return nil }
      return ForeignFile(
        name: name, bytes: [UInt8](bytes), fields: common.merging(fields) { $1 },
        samples: samples.map(Float.init))
    }
  }()

  /// Writes the file, and a sidecar beside it if it needs one.
  func write(to folder: borrowing TemporaryFolder) throws -> String {
    let base = name.split(separator: ".")[0]
    if name.hasSuffix(".npy") || name.hasSuffix(".npz") {
      try folder.write("\(base).sigmf-meta", global: fields)
    }
    return try folder.write(name, bytes)
  }

  func open(_ path: String, pieceBytes: Int = 1 << 16) throws -> RecordingReader {
    let carrier = name.hasSuffix(".wav") ? 24.125e9 : nil
    return try RecordingReader(
      RecordingMetadata(path: path, carrierFrequency: carrier), pieceBytes: pieceBytes)
  }

  /// All frames, read in pieces of a number of bytes.
  func frames(_ path: String, pieceBytes: Int = 1 << 16) throws -> [Frame] {
    var reader = try open(path, pieceBytes: pieceBytes)
    var frame = Frame(shape: reader.metadata.waveform.shape)
    var frames: [Frame] = []
    while try reader.read(into: &frame) { frames.append(frame) }
    return frames
  }
}

@Suite("Files of other programs")
struct ForeignFileTests {
  @Test("There are goldens")
  func count() {
    #expect(ForeignFile.all.count == 14)
  }

  @Test("Their samples are found", arguments: ForeignFile.all)
  func samples(file: ForeignFile) throws {
    let folder = try TemporaryFolder()
    let path = try file.write(to: folder)
    #expect(try file.frames(path).flatMap(\.samples) == file.samples)
    let metadata = try RecordingMetadata(
      path: path, carrierFrequency: file.name.hasSuffix(".wav") ? 24.125e9 : nil)
    if file.name.hasSuffix(".sigmf") {
      #expect(metadata.annotations.map(\.label) == ["tap"])
      #expect(try DataSet(path: folder.path).recordings.map(\.path) == [path])
    }
    for fact in [RecordingFact.waveform, .centerFrequency, .datatype, .receivers] {
      #expect(metadata.origins[fact]?.isEmpty == false)
    }
  }

  @Test("Frames are equal in whatever pieces the file is read", arguments: ForeignFile.all)
  func pieces(file: ForeignFile) throws {
    let folder = try TemporaryFolder()
    let path = try file.write(to: folder)
    let expected = try file.frames(path)
    for pieceBytes in 1...64 {
      #expect(try file.frames(path, pieceBytes: pieceBytes) == expected)
    }
  }

  @Test("A file cut at any byte is refused or whole", arguments: ForeignFile.all)
  func cuts(file: ForeignFile) throws {
    let folder = try TemporaryFolder()
    let path = try file.write(to: folder)
    let whole = try file.frames(path)
    for count in stride(from: 1, to: file.bytes.count, by: 3) {
      try folder.write(file.name, Array(file.bytes.prefix(count)))
      do throws(RecordingError) {
        var reader = try RecordingReader(
          path: path, carrierFrequency: file.name.hasSuffix(".wav") ? 24.125e9 : nil)
        var frame = Frame(shape: reader.metadata.waveform.shape)
        var frames: [Frame] = []
        while try reader.read(into: &frame) { frames.append(frame) }
        // What is cut behind the samples is not missed.
        #expect(frames == whole)
      } catch {
        #expect(!error.description.contains("\n"))
      }
    }
  }

  @Test("Bytes that were changed are noticed by the CRC of an archive")
  func damage() throws {
    let folder = try TemporaryFolder()
    for file in ForeignFile.all where file.name == "a.npz" || file.name == "b.npz" {
      let path = try file.write(to: folder)
      var changed = file.bytes
      changed[changed.count / 2] ^= 4
      try folder.write(file.name, changed)
      let error = #expect(throws: RecordingError.self) { try file.frames(path) }
      #expect(error?.description.contains("is damaged at byte") == true)
    }
  }

  @Test("One of several arrays must be named")
  func severalArrays() throws {
    let folder = try TemporaryFolder()
    let file = try #require(ForeignFile.all.first { $0.name == "c.npz" })
    let path = try file.write(to: folder)
    try folder.write("c.sigmf-meta", global: file.fields.filter { $0.key != "radar:array" })
    let error = #expect(throws: RecordingError.self) { try RecordingMetadata(path: path) }
    #expect(
      error?.description.hasSuffix("radar:array is missing, not one of adc, times") == true)
  }

  @Test("Deflated arrays may have any order of axes, and are checked all the same")
  func deflatedPlanes() throws {
    let folder = try TemporaryFolder()
    let file = try #require(ForeignFile.all.first { $0.name == "b.npz" })
    let path = try file.write(to: folder)
    try folder.write(
      "b.sigmf-meta",
      global: file.fields.merging([
        "radar:axes": ["chirp", "frame", "receiver", "sample"], "radar:chirps_per_frame": 2,
      ]) { $1 })
    // Each chirp of six numbers lies at 6 (4 chirp + frame) of the array of 2 by 4 of them.
    var expected: [[Float]] = []
    for frame in 0..<4 {
      let places = [frame * 6, (4 + frame) * 6]
      expected.append(places.flatMap { file.samples[$0..<$0 + 6] })
    }
    #expect(try file.frames(path).map(\.samples) == expected)
    var changed = file.bytes
    changed[changed.count / 2] ^= 4
    try folder.write(file.name, changed)
    let error = #expect(throws: RecordingError.self) { try file.frames(path) }
    #expect(error?.description.contains("is damaged at byte") == true)
  }
}

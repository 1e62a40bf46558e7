import Foundation
import Gestures
import Testing

/// A file that is gone when the test is over.
private final class TemporaryFile {
  let path = FileManager.default.temporaryDirectory
    .appendingPathComponent(UUID().uuidString + ".codes").path

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var bytes: [UInt8] {
    get { (try? Data(contentsOf: URL(fileURLWithPath: path))).map { [UInt8]($0) } ?? [] }
    set { try? Data(newValue).write(to: URL(fileURLWithPath: path)) }
  }
}

@Suite("Archive of codes")
struct CodeArchiveTests {
  private struct Golden: Decodable {
    struct Entry: Decodable {
      var words: [String]
      var name: String
      var recording: String
      var start: Double
      var end: Double
    }

    var bits: Int
    var model: String
    var entries: [Entry]
    var header: Int
    var records: [Int]
    var bytes: String

    var archived: [CodeArchive.Entry] {
      entries.map { entry in
        CodeArchive.Entry(
          code: BinaryCode(
            words: entry.words.compactMap { UInt64($0, radix: 16) }, bitCount: bits),
          name: entry.name, recording: entry.recording, start: entry.start, end: entry.end)
      }
    }

    var file: [UInt8] {
      stride(from: 0, to: bytes.count, by: 2).compactMap { place in
        let start = bytes.index(bytes.startIndex, offsetBy: place)
        return UInt8(bytes[start..<bytes.index(start, offsetBy: 2)], radix: 16)
      }
    }
  }

  private let golden: Golden
  private let file = TemporaryFile()

  init() throws {
    let url = try #require(
      Bundle.module.url(forResource: "code_archive", withExtension: "json", subdirectory: "Goldens")
    )
    golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
  }

  private func append(_ entries: [CodeArchive.Entry]) throws -> Int {
    try CodeArchive.append(
      entries, to: file.path, bitCount: golden.bits,
      model: UInt64(golden.model, radix: 16) ?? 0)
  }

  @Test("It writes and reads the bytes that Python writes")
  func goldenBytes() throws {
    for (index, entry) in golden.archived.enumerated() {
      #expect(try append([entry]) == index + 1)
    }
    #expect(file.bytes == golden.file)
    let archive = try CodeArchive(path: file.path)
    #expect(archive.entries == golden.archived && archive.tornBytes == 0)
    #expect(archive.bitCount == golden.bits && archive.model == UInt64(golden.model, radix: 16))
  }

  @Test("Cut off anywhere, it keeps every whole record, and goes on after it")
  func torn() throws {
    let whole = golden.file
    let ends = golden.records.reduce(into: [golden.header]) { $0.append(($0.last ?? 0) + $1) }
    for length in golden.header..<whole.count {
      let kept = ends.count { $0 <= length } - 1
      let archive = try CodeArchive(bytes: Array(whole.prefix(length)), path: "cut")
      #expect(archive.entries == Array(golden.archived.prefix(kept)))
      #expect(archive.tornBytes == length - ends[kept])
    }
    // Within the last record, where the file may also have grown before its bytes came.
    for rest in [[], [UInt8](repeating: 0, count: 40)] {
      for length in ends[1] + 1..<whole.count {
        file.bytes = Array(whole.prefix(length)) + rest
        #expect(try append([golden.archived[1]]) == 2)
        #expect(file.bytes == whole)
      }
    }
    // Cut off within the header, nothing had been stored.
    for length in 0..<golden.header {
      file.bytes = Array(whole.prefix(length))
      #expect(try append(golden.archived) == 2)
      #expect(file.bytes == whole)
    }
  }

  @Test("A flipped bit is noticed: a record is whole, or refused, or left out at the end")
  func flipped() throws {
    for place in 0..<golden.file.count * 8 {
      var bytes = golden.file
      bytes[place / 8] ^= 1 << UInt8(place % 8)
      guard let archive = try? CodeArchive(bytes: bytes, path: "flipped") else { continue }
      #expect(archive.tornBytes > 0)
      #expect(golden.archived.starts(with: archive.entries))
      #expect(archive.entries.count < golden.archived.count)
    }
  }

  @Test("Codes of another model, foreign files and missing ones are refused")
  func refusals() throws {
    #expect(throws: CodeArchiveError.unreadable(file.path)) { try CodeArchive(path: file.path) }
    _ = try append(golden.archived)
    #expect(
      throws: CodeArchiveError.otherModel(file.path, bits: golden.bits, expected: golden.bits)
    ) {
      try CodeArchive.append([], to: file.path, bitCount: golden.bits, model: 1)
    }
    file.bytes = Array("not an archive, but long enough to be one".utf8)
    #expect(throws: CodeArchiveError.foreign(file.path)) { try CodeArchive(path: file.path) }
    #expect(throws: CodeArchiveError.foreign(file.path)) { try append([]) }
    #expect(
      throws: CodeArchiveError.unwritable("/no/such/folder/x.codes")
    ) {
      try CodeArchive.append([], to: "/no/such/folder/x.codes", bitCount: 64, model: 1)
    }
  }

  @Test("Many writers at a time lose nothing")
  func concurrent() async throws {
    let (path, bits, entry) = (file.path, golden.bits, golden.archived[0])
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for _ in 0..<10 {
            try CodeArchive.append([entry], to: path, bitCount: bits, model: 7)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try CodeArchive(path: path).entries.count == 40)
  }
}

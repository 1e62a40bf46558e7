/// The members of a tar archive: POSIX.1-1988 headers, the longer names and sizes of POSIX.1-2001,
/// and those of GNU.
struct TarDirectory: Sendable {
  let members: [FileMember]

  /// The most members: a recording has two.
  private static let countLimit = 10_000

  /// Reads the headers of the archive in `file`.
  ///
  /// - Throws: `RecordingError` if a header is damaged, or claims more than the file holds.
  init(_ file: SampleFiles) throws(RecordingError) {
    let path = file.name
    let size = file.byteCount ?? 0
    var members: [FileMember] = []
    var position = 0
    var longName: String?
    var longSize: Int?
    var blocks = 0
    while position + 512 <= size, blocks < Self.countLimit {
      blocks += 1
      let header = try file.bytes(at: position, count: 512)[...]
      // Blocks of zeros are the end.
      guard header.contains(where: { $0 != 0 }) else { break }
      try Self.check(header, path: path, position: position)
      let kind = header[156]
      let ownSize = Self.number(header[124..<136])
      let count = kind == 0x78 || kind == 0x4C ? ownSize : longSize ?? ownSize
      let start = position + 512
      guard let count, count <= size - start else {
        throw .malformedFile(
          path: path, offset: position,
          reason: "a member of \(count.map(String.init) ?? "too many") bytes does not fit the"
            + " \(size - start) left of the archive")
      }
      switch kind {
      case 0x78:
        // Records such as "30 path=…": what they say is of the next member.
        let records = try Self.records(file, at: start, count: count)
        longName = records["path"] ?? longName
        longSize = records["size"].flatMap { Int($0) } ?? longSize
        if let longSize, longSize < 0 {
          throw .malformedFile(
            path: path, offset: start, reason: "a member has a size of \(longSize) bytes")
        }
      case 0x4C:
        let bytes = try file.bytes(at: start, count: min(count, 4096))
        longName = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      default:
        if kind == 0x30 || kind == 0 {
          members.append(
            FileMember(
              name: longName ?? Self.name(header), offset: start, storedBytes: count,
              byteCount: count))
        }
        (longName, longSize) = (nil, nil)
      }
      position = start + (count + 511) / 512 * 512
    }
    self.members = members
  }

  /// Compares the sum of a header's bytes with the one it has.
  private static func check(
    _ header: ArraySlice<UInt8>, path: String, position: Int
  ) throws(RecordingError) {
    // The sum counts its own field as spaces.
    let own = header[148..<156].reduce(0) { $0 + Int($1) }
    let sum = header.reduce(0) { $0 + Int($1) } - own + 8 * 0x20
    let expected = number(header[148..<156])
    guard sum == expected else {
      throw .malformedFile(
        path: path, offset: position,
        reason: "the bytes of a tar header have the sum \(sum), not \(expected ?? 0) as it says")
    }
  }

  /// A number in octal digits, or in bytes if the first has its highest bit set.
  private static func number(_ field: ArraySlice<UInt8>) -> Int? {
    guard let first = field.first, first & 0x80 == 0 else {
      let rest = field.suffix(8)
      guard field.dropLast(8).dropFirst().allSatisfy({ $0 == 0 }), rest.first ?? 0x80 < 0x80 else {
        return nil
      }
      return rest.bigEndian(at: 0, count: 8)
    }
    let digits = field.drop { $0 == 0x20 }.prefix { (0x30...0x37).contains($0) }
    return digits.reduce(0) { $0 << 3 | Int($1 & 7) }
  }

  private static func name(_ header: ArraySlice<UInt8>) -> String {
    let text = { (range: Range<Int>) in
      String(decoding: header[range].prefix { $0 != 0 }, as: UTF8.self)
    }
    let prefix = header[257..<262] == [0x75, 0x73, 0x74, 0x61, 0x72] ? text(345..<500) : ""
    return prefix.isEmpty ? text(0..<100) : prefix + "/" + text(0..<100)
  }

  /// The extended header of the next member: lines of a length, a name and a value.
  private static func records(
    _ file: SampleFiles, at start: Int, count: Int
  ) throws(RecordingError) -> [String: String] {
    var rest = try file.bytes(at: start, count: min(count, 1 << 16))[...]
    var records: [String: String] = [:]
    while let space = rest.firstIndex(of: 0x20),
      let length = Int(String(decoding: rest[..<space], as: UTF8.self)),
      length > space - rest.startIndex + 1, length <= rest.count
    {
      let line = rest[(space + 1)..<(rest.startIndex + length)]
      let parts = line.split(separator: 0x3D, maxSplits: 1)
      if parts.count == 2 {
        records[String(decoding: parts[0], as: UTF8.self)] =
          String(decoding: parts[1].prefix { $0 != 0x0A }, as: UTF8.self)
      }
      rest = rest.dropFirst(length)
    }
    return records
  }
}

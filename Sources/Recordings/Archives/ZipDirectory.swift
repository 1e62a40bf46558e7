/// The members of a ZIP archive, as the directory at its end lists them.
///
/// Sizes beyond 32 bits (ZIP64) are understood; archives in several files and encrypted ones are
/// not.
struct ZipDirectory: Sendable {
  let members: [FileMember]

  /// The longest directory: what NumPy writes has a line for each array.
  private static let lengthLimit = 1 << 22

  /// Reads the directory of the archive in `file`.
  ///
  /// - Throws: `RecordingError` if there is none, or one that claims more than the file holds.
  init(_ file: SampleFiles) throws(RecordingError) {
    let path = file.name
    let size = file.byteCount ?? 0
    let (offset, length) = try Self.directory(of: file, size: size)
    let bytes = try file.bytes(at: offset, count: length)
    var members: [FileMember] = []
    var position = 0
    while position + 46 <= bytes.count {
      let record = bytes[position...]
      guard record.littleEndian(at: 0, count: 4) == 0x0201_4B50 else { break }
      let lengths = [28, 30, 32].map { record.littleEndian(at: $0, count: 2) }
      let end = position + 46 + lengths.reduce(0, +)
      guard end <= bytes.count else {
        throw .malformedFile(
          path: path, offset: offset + position,
          reason: "an entry of \(end - position) bytes does not fit the \(bytes.count - position)"
            + " left of the directory")
      }
      if let member = try Self.member(record.prefix(end - position), of: file, size: size) {
        members.append(member)
      }
      position = end
    }
    self.members = members
  }

  /// Where the directory lies, by the record at the end of the file.
  private static func directory(
    of file: SampleFiles, size: Int
  ) throws(RecordingError) -> (offset: Int, length: Int) {
    let path = file.name
    // A comment of up to 64 KiB may follow the record.
    let count = min(size, 22 + 1 << 16)
    let tail = try file.bytes(at: size - count, count: count)
    var start = count - 22
    while start >= 0, tail[start...].prefix(4) != [0x50, 0x4B, 5, 6] { start -= 1 }
    guard start >= 0 else {
      throw .malformedFile(
        path: path, offset: size - count, reason: "its last \(count) bytes have no directory")
    }
    let record = tail[start...]
    var length = record.littleEndian(at: 12, count: 4)
    var offset = record.littleEndian(at: 16, count: 4)
    if start >= 20, tail[(start - 20)...].littleEndian(at: 0, count: 4) == 0x0706_4B50 {
      let position = tail[(start - 20)...].littleEndian(at: 8, count: 8)
      guard position >= 0, position <= size - 56 else {
        throw .malformedFile(
          path: path, offset: size - count + start - 20,
          reason: "the directory lies at byte \(position) of \(size)")
      }
      let long = try file.bytes(at: position, count: 56)[...]
      length = long.littleEndian(at: 40, count: 8)
      offset = long.littleEndian(at: 48, count: 8)
    }
    guard length >= 0, length <= lengthLimit, offset >= 0, offset <= size - length else {
      throw .malformedFile(
        path: path, offset: size - count + start,
        reason: "a directory of \(length) bytes at byte \(offset) does not fit its \(size) bytes")
    }
    return (offset, length)
  }

  /// The member that an entry of the directory describes, and `nil` if it is a folder.
  private static func member(
    _ entry: ArraySlice<UInt8>, of file: SampleFiles, size: Int
  ) throws(RecordingError) -> FileMember? {
    let path = file.name
    let nameLength = entry.littleEndian(at: 28, count: 2)
    let name = String(decoding: entry.dropFirst(46).prefix(nameLength), as: UTF8.self)
    guard !name.hasSuffix("/") else { return nil }
    let extra = entry.dropFirst(46 + nameLength).prefix(entry.littleEndian(at: 30, count: 2))
    // Numbers that do not fit 32 bits are in an extra field, in this order.
    var long = longNumbers(in: extra)
    let numbers = [24, 20, 42].map { offset in
      let number = entry.littleEndian(at: offset, count: 4)
      return number == 0xFFFF_FFFF && !long.isEmpty ? long.removeFirst() : number
    }
    let (byteCount, storedBytes, header) = (numbers[0], numbers[1], numbers[2])
    let method = entry.littleEndian(at: 10, count: 2)
    guard method == 0 || method == 8, entry.littleEndian(at: 8, count: 2) & 1 == 0 else {
      throw .malformedFile(
        path: path, offset: header,
        reason: "\(name) is packed by method \(method) or encrypted, not stored or deflated")
    }
    guard header >= 0, header <= size - 30 else {
      throw .malformedFile(path: path, offset: size, reason: "\(name) starts at byte \(header)")
    }
    let local = try file.bytes(at: header, count: 30)[...]
    let offset =
      header + 30 + local.littleEndian(at: 26, count: 2) + local.littleEndian(at: 28, count: 2)
    guard local.littleEndian(at: 0, count: 4) == 0x0403_4B50, storedBytes >= 0, byteCount >= 0,
      offset <= size, storedBytes <= size - offset, method == 8 || storedBytes == byteCount
    else {
      throw .malformedFile(
        path: path, offset: header,
        reason: "\(name) claims \(storedBytes) bytes that become \(byteCount) at byte \(offset) of"
          + " \(size)")
    }
    return FileMember(
      name: name, offset: offset, storedBytes: storedBytes, byteCount: byteCount,
      isDeflated: method == 8, checksum: UInt32(entry.littleEndian(at: 16, count: 4)))
  }

  /// The numbers of 64 bits in the extra field of ZIP64.
  private static func longNumbers(in extra: ArraySlice<UInt8>) -> [Int] {
    var rest = extra
    while rest.count >= 4 {
      let length = rest.littleEndian(at: 2, count: 2)
      guard rest.count >= 4 + length else { return [] }
      if rest.littleEndian(at: 0, count: 2) == 1 {
        let body = rest.dropFirst(4).prefix(length)
        return (0..<length / 8).map { body.littleEndian(at: 8 * $0, count: 8) }
      }
      rest = rest.dropFirst(4 + length)
    }
    return []
  }
}

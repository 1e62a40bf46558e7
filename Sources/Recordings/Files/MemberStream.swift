/// Reads a member of an archive piece by piece, inflated if it is deflated.
///
/// What comes out is counted and summed up, so that a member which is not what the directory of
/// its archive says is refused when its end is reached.
struct MemberStream: ~Copyable {
  private let member: FileMember
  private let path: String
  private var inflater: Inflater?

  /// The stored bytes read so far, and the bytes handed out.
  private var consumed = 0
  private var produced = 0
  private var checksum = CyclicChecksum()

  /// Stored bytes that are not inflated yet, from `head` on.
  private var stored: [UInt8] = []
  private var head = 0

  init(_ member: FileMember, path: String) {
    self.member = member
    self.path = path
    inflater = member.isDeflated ? Inflater() : nil
  }

  /// Overwrites the start of `buffer` with the next bytes.
  ///
  /// - Returns: Their number, zero at the end, and less than zero if the system failed.
  /// - Throws: `RecordingError.malformedFile` if the member is not what the archive says.
  mutating func read(
    _ descriptor: CInt, into buffer: inout [UInt8]
  ) throws(RecordingError) -> Int {
    let count = inflater == nil ? copy(descriptor, &buffer) : try inflate(descriptor, &buffer)
    guard count > 0 else {
      if count == 0 { try check() }
      return count
    }
    produced += count
    guard produced <= member.byteCount else { throw damage("more than") }
    if member.checksum != nil { checksum.update(buffer.span.extracting(first: count)) }
    return count
  }

  private mutating func copy(_ descriptor: CInt, _ buffer: inout [UInt8]) -> Int {
    let count = systemRead(
      descriptor, into: &buffer, at: member.offset + consumed,
      limit: member.storedBytes - consumed)
    consumed += max(count, 0)
    return count
  }

  private mutating func inflate(
    _ descriptor: CInt, _ buffer: inout [UInt8]
  ) throws(RecordingError) -> Int {
    while true {
      if head == stored.count {
        let left = member.storedBytes - consumed
        stored = Array(repeating: 0, count: min(left, 1 << 14))
        head = 0
        let count = systemRead(descriptor, into: &stored, at: member.offset + consumed)
        guard count == stored.count else { return -1 }
        consumed += count
      }
      let bytes = stored
      let piece = bytes.span.extracting(head..<bytes.count)
      guard let progress = inflater?.inflate(piece, into: &buffer) else {
        throw .malformedFile(
          path: path, offset: member.offset + consumed - stored.count + head,
          reason: "the bytes of \(member.name) are not deflated ones")
      }
      head += progress.consumed
      if progress.produced > 0 { return progress.produced }
      if progress.isAtEnd || consumed == member.storedBytes && head == stored.count { return 0 }
      // Output is never full here: nothing moves only if the stream makes no sense.
      guard progress.consumed > 0 else { throw damage("only") }
    }
  }

  /// All bytes of the member, in constant memory.
  ///
  /// - Throws: `RecordingError.malformedFile` if the member is not what the archive says, and
  ///   `RecordingError.unwritable` if there is no room for it.
  consuming func inflated(_ descriptor: CInt) throws(RecordingError) -> TemporaryFile {
    var file = try TemporaryFile()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = try read(descriptor, into: &buffer)
      guard count >= 0 else { throw .unreadable(path: path, reason: systemReason()) }
      guard count > 0 else { return file }
      try file.append(buffer.span.extracting(first: count))
    }
  }

  private func check() throws(RecordingError) {
    guard produced == member.byteCount else { throw damage("only") }
    guard let expected = member.checksum, expected != checksum.value else { return }
    throw .malformedFile(
      path: path, offset: member.offset,
      reason: "the CRC-32 of \(member.name) is \(String(checksum.value, radix: 16)), not"
        + " \(String(expected, radix: 16)) as the archive says")
  }

  private func damage(_ amount: String) -> RecordingError {
    .malformedFile(
      path: path, offset: member.offset,
      reason: "\(member.name) has \(amount) \(produced) bytes, not \(member.byteCount)")
  }
}

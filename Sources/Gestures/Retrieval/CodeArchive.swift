/// Gestures that can be found by their codes: those of a gallery, or all of many recordings.
///
/// On disk an archive is a file to which records are only ever added. Each record carries its
/// length and a checksum, so that one that was being written when the machine stopped is recognised
/// and left out, with all before it kept.
public struct CodeArchive: Sendable {
  /// One gesture.
  public struct Entry: Hashable, Sendable {
    /// The code of the gesture.
    public var code: BinaryCode

    /// The name of the gesture.
    public var name: String

    /// The recording that shows it.
    public var recording: String

    /// When it starts in the recording, in seconds.
    public var start: Double

    /// When it ends in the recording, in seconds.
    public var end: Double

    /// Creates an entry.
    ///
    /// - Precondition: The name and the recording have at most 16,000 bytes each.
    public init(
      code: BinaryCode, name: String, recording: String, start: Double, end: Double
    ) {
      precondition(
        name.utf8.count <= 16_000 && recording.utf8.count <= 16_000,
        "a name of \(name.utf8.count) bytes or a path of \(recording.utf8.count) is too long")
      self.code = code
      self.name = name
      self.recording = recording
      self.start = start
      self.end = end
    }
  }

  /// The number of bits of each code.
  public let bitCount: Int

  /// The fingerprint of the model that made the codes: those of another one mean something else.
  public let model: UInt64

  /// The gestures, in the order in which they were added.
  public private(set) var entries: [Entry] = []

  /// The bytes at the end of the file that are the beginning of a record that was never finished.
  public internal(set) var tornBytes = 0

  private var index: HammingIndex

  /// Creates an archive without gestures.
  ///
  /// - Precondition: There is a bit, and there are at most 65,535.
  public init(bitCount: Int, model: UInt64) {
    self.bitCount = bitCount
    self.model = model
    index = HammingIndex(bitCount: bitCount)
  }

  /// Adds a gesture at the end.
  ///
  /// - Precondition: Its code has the bits of the archive.
  public mutating func append(_ entry: Entry) {
    index.append(entry.code)
    entries.append(entry)
  }

  /// The gestures most like a code, the most alike first.
  ///
  /// - Parameters:
  ///   - code: What is looked for.
  ///   - limit: The most gestures to find.
  /// - Returns: The gestures and the bits in which their codes differ.
  public func nearest(to code: BinaryCode, limit: Int) -> [(entry: Entry, distance: Int)] {
    index.nearest(to: code, limit: limit).map { (entries[$0.position], $0.distance) }
  }
}

// MARK: - Bytes

extension CodeArchive {
  /// What every archive begins with.
  private static let magic = Array("DGCODES1".utf8)

  /// The bytes before the first record: magic, bits, model, checksum.
  static let headerLength = 24

  /// The most bytes after the length and the checksum of a record.
  static let longestRecord = 1 << 16

  /// The bytes before the first record.
  var header: [UInt8] {
    var bytes = Self.magic
    bytes.append(UInt64(bitCount), count: 4)
    bytes.append(model, count: 8)
    bytes.append(UInt64(cyclicRedundancyCheck(of: bytes)), count: 4)
    return bytes
  }

  /// The bytes of a record.
  static func record(of entry: Entry) -> [UInt8] {
    var payload: [UInt8] = []
    for word in entry.code.words { payload.append(word, count: 8) }
    payload.append(entry.start.bitPattern, count: 8)
    payload.append(entry.end.bitPattern, count: 8)
    for text in [entry.name, entry.recording] {
      payload.append(UInt64(text.utf8.count), count: 2)
      payload += Array(text.utf8)
    }
    var record: [UInt8] = []
    record.append(UInt64(payload.count), count: 4)
    record.append(UInt64(cyclicRedundancyCheck(of: record + payload)), count: 4)
    return record + payload
  }

  /// Reads an archive from the bytes of its file.
  ///
  /// - Parameters:
  ///   - bytes: The bytes, which may end anywhere after the header.
  ///   - path: What to call the file in an error.
  /// - Throws: ``CodeArchiveError`` if it is no archive, or a record within it is damaged.
  public init(bytes: [UInt8], path: String) throws(CodeArchiveError) {
    guard bytes.count >= Self.headerLength, bytes.starts(with: Self.magic) else {
      throw .foreign(path)
    }
    let bits = Int(bytes.number(at: 8, count: 4))
    let check = bytes.number(at: 20, count: 4)
    guard check == UInt64(cyclicRedundancyCheck(of: bytes[..<20])), (1...65_535).contains(bits)
    else { throw .damaged(path, offset: 0) }
    self.init(bitCount: bits, model: bytes.number(at: 12, count: 8))
    var offset = Self.headerLength
    while offset < bytes.count {
      switch Self.entry(at: offset, in: bytes, bitCount: bits) {
      case .whole(let entry, let length):
        append(entry)
        offset += length
      case .torn:
        tornBytes = bytes.count - offset
        return
      case .damaged: throw .damaged(path, offset: offset)
      }
    }
  }

  private enum Reading {
    case whole(Entry, length: Int)
    case torn
    case damaged
  }

  /// Reads the record at `offset`, or says what is wrong with it.
  private static func entry(at offset: Int, in bytes: [UInt8], bitCount: Int) -> Reading {
    let rest = bytes.count - offset
    guard rest >= 8 else { return .torn }
    let length = Int(bytes.number(at: offset, count: 4))
    let end = offset + 8 + length
    // Only the last record can be torn, and no record is longer than this.
    guard end <= bytes.count else { return rest <= 8 + longestRecord ? .torn : .damaged }
    let check = UInt32(truncatingIfNeeded: bytes.number(at: offset + 4, count: 4))
    let content = bytes[offset + 8..<end]
    guard length > 0, check == cyclicRedundancyCheck(of: bytes[offset..<offset + 4], content)
    else {
      // A file may have grown before its bytes were written: then they are zero to the end.
      let isBlank = bytes[end...].allSatisfy { $0 == 0 }
      return isBlank && rest <= 8 + longestRecord ? .torn : .damaged
    }
    let words = (bitCount + 63) / 64
    guard length >= 8 * words + 20 else { return .damaged }
    let start = offset + 8
    let texts = start + 8 * words + 16
    let nameEnd = texts + 2 + Int(bytes.number(at: texts, count: 2))
    guard nameEnd + 2 <= end, nameEnd + 2 + Int(bytes.number(at: nameEnd, count: 2)) == end
    else { return .damaged }
    let code = (0..<words).map { bytes.number(at: start + 8 * $0, count: 8) }
    let spare = words * 64 - bitCount
    guard spare == 0 || code[words - 1] >> UInt64(64 - spare) == 0 else { return .damaged }
    return .whole(
      Entry(
        code: BinaryCode(words: code, bitCount: bitCount),
        name: String(decoding: bytes[texts + 2..<nameEnd], as: UTF8.self),
        recording: String(decoding: bytes[nameEnd + 2..<end], as: UTF8.self),
        start: Double(bitPattern: bytes.number(at: texts - 16, count: 8)),
        end: Double(bitPattern: bytes.number(at: texts - 8, count: 8))), length: 8 + length)
  }
}

extension [UInt8] {
  /// Adds the lowest `count` bytes of a number, the lowest first.
  fileprivate mutating func append(_ number: UInt64, count: Int) {
    for byte in 0..<count { append(UInt8(truncatingIfNeeded: number >> UInt64(8 * byte))) }
  }

  /// The number in the `count` bytes from `offset` on, the lowest first.
  fileprivate func number(at offset: Int, count: Int) -> UInt64 {
    (0..<count).reduce(0) { $0 | UInt64(self[offset + $1]) << UInt64(8 * $1) }
  }
}

/// The checksum of IEEE 802.3, as in Ethernet and gzip, of some bytes one after the other.
func cyclicRedundancyCheck<Bytes: Sequence<UInt8>>(of parts: Bytes...) -> UInt32 {
  var remainder = UInt32.max
  for part in parts {
    for byte in part {
      remainder = checkTable[Int((remainder ^ UInt32(byte)) & 255)] ^ remainder >> 8
    }
  }
  return ~remainder
}

/// The remainders of all bytes.
private let checkTable: [UInt32] = (0..<256).map { byte in
  (0..<8).reduce(UInt32(byte)) { remainder, _ in
    remainder >> 1 ^ (remainder & 1 == 1 ? 0xEDB8_8320 : 0)
  }
}

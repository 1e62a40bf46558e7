/// Finds packets in the bytes of a file or a socket, without reading anything itself.
struct PacketParser: Sendable {
  private let format: PacketFormat
  private var bytes: [UInt8] = []
  private var head = 0

  /// The bytes before those that are kept.
  private var passed = 0
  private var capture = NetworkCapture()

  /// The packets found so far.
  private(set) var count = 0

  init(_ format: PacketFormat) {
    self.format = format
  }

  /// The bytes that were handed in and belong to no packet yet.
  var pendingBytes: Int { bytes.count - head }

  /// Takes the next bytes: for datagrams, those of exactly one.
  mutating func append(_ piece: Span<UInt8>) {
    if head * 2 >= bytes.count {
      bytes.removeSubrange(..<head)
      passed += head
      head = 0
    }
    if format == .datagrams {
      let header = [UInt8(piece.count & 0xFF), UInt8(piece.count >> 8 & 0xFF)]
      bytes.append(contentsOf: header)
    }
    unsafe piece.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
  }

  /// The next packet, and `nil` if more bytes are needed.
  ///
  /// - Throws: `RecordingError.malformedPacket` if the bytes are not what they should be.
  mutating func next() throws(RecordingError) -> Packet? {
    while true {
      let rest = bytes[head...]
      let found: (packet: Packet?, length: Int)?
      switch format {
      case .datagrams: found = Self.datagram(rest)
      case .records: found = try Self.record(rest, number: count, offset: passed + head)
      case .networkCapture: found = try capture.next(rest, offset: passed + head)
      }
      guard let found else { return nil }
      head += found.length
      if let packet = found.packet {
        count += 1
        return packet
      }
    }
  }

  /// A datagram behind its length, which ``append(_:)`` wrote.
  private static func datagram(_ bytes: ArraySlice<UInt8>) -> (packet: Packet?, length: Int)? {
    guard bytes.count >= 2 else { return nil }
    let length = bytes.littleEndian(at: 0, count: 2)
    return (Packet(datagram: bytes.dropFirst(2).prefix(length)), 2 + length)
  }

  /// A record of mmWave Studio: number, length, count of bytes, samples.
  private static func record(
    _ bytes: ArraySlice<UInt8>, number: Int, offset: Int
  ) throws(RecordingError) -> (packet: Packet?, length: Int)? {
    guard bytes.count >= 14 else { return nil }
    let length = bytes.littleEndian(at: 4, count: 4)
    guard (1...1456).contains(length) else {
      throw .malformedPacket(number: number, offset: offset, found: length, expected: 1456)
    }
    guard bytes.count >= 14 + length else { return nil }
    let packet = Packet(
      sequence: UInt32(truncatingIfNeeded: bytes.littleEndian(at: 0, count: 4)),
      position: UInt64(bytes.littleEndian(at: 8, count: 6)),
      payload: bytes.dropFirst(14).prefix(length))
    return (packet, 14 + length)
  }
}

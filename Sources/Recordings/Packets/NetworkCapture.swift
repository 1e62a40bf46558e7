/// Finds the packets of a DCA1000 in a capture of the network, pcap or pcapng.
struct NetworkCapture: Sendable {
  /// The port to which the card sends samples.
  static let dataPort = 4098

  /// The longest block: no network carries longer frames.
  private static let lengthLimit = 1 << 20

  private enum Kind { case pcap, pcapng }

  private var kind: Kind?
  private var isBigEndian = false

  /// The kind of link of each interface.
  private var links: [Int] = []
  private var blocks = 0

  /// Where the block lies in the file.
  private var offset = 0

  /// What a capture starts with, read least significant byte first: of pcap, whose times count
  /// microseconds or nanoseconds, in either order of bytes, and of pcapng.
  private static let pcapMagics = [0xA1B2_C3D4, 0xA1B2_3C4D, 0xD4C3_B2A1, 0x4D3C_B2A1]
  private static let pcapngMagic = 0x0A0D_0D0A

  /// Whether `bytes` are the start of a capture.
  static func starts(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count >= 4 else { return false }
    let magic = bytes.littleEndian(at: 0, count: 4)
    return pcapMagics.contains(magic) || magic == pcapngMagic
  }

  /// The packet at the start of `bytes`, and the bytes to pass over with or without one.
  ///
  /// - Parameters:
  ///   - bytes: What is not passed over yet.
  ///   - offset: Where that lies in the file.
  /// - Returns: `nil` if more bytes are needed.
  /// - Throws: `RecordingError.malformedPacket` if the bytes are no capture.
  mutating func next(
    _ bytes: ArraySlice<UInt8>, offset: Int
  ) throws(RecordingError) -> (packet: Packet?, length: Int)? {
    self.offset = offset
    guard bytes.count >= 24 else { return nil }
    if kind == nil {
      let magic = bytes.littleEndian(at: 0, count: 4)
      guard Self.starts(bytes) else {
        throw .malformedPacket(number: 0, offset: offset, found: magic, expected: 0xA1B2_C3D4)
      }
      kind = magic == Self.pcapngMagic ? .pcapng : .pcap
      if kind == .pcap {
        isBigEndian = magic & 0xFF == 0xA1
        links = [number(bytes, 20) & 0xFFFF]
        return (nil, 24)
      }
    }
    blocks += 1
    return kind == .pcap ? try record(bytes) : try block(bytes)
  }

  private mutating func record(
    _ bytes: ArraySlice<UInt8>
  ) throws(RecordingError) -> (packet: Packet?, length: Int)? {
    let length = number(bytes, 8)
    try check(length)
    guard bytes.count >= 16 + length else { return nil }
    return (packet(bytes.dropFirst(16).prefix(length), link: links[0]), 16 + length)
  }

  private mutating func block(
    _ bytes: ArraySlice<UInt8>
  ) throws(RecordingError) -> (packet: Packet?, length: Int)? {
    if bytes.littleEndian(at: 0, count: 4) == Self.pcapngMagic {
      isBigEndian = bytes.bigEndian(at: 8, count: 4) == 0x1A2B_3C4D
      links = []
    }
    let length = number(bytes, 4)
    try check(length)
    guard length >= 12, length.isMultiple(of: 4) else {
      throw .malformedPacket(number: blocks, offset: offset, found: length, expected: 12)
    }
    guard bytes.count >= length else { return nil }
    let body = bytes.dropFirst(8).prefix(length - 12)
    var found: Packet?
    switch number(bytes, 0) {
    case 1 where body.count >= 2:
      links.append(
        isBigEndian ? body.bigEndian(at: 0, count: 2) : body.littleEndian(at: 0, count: 2))
    case 6 where body.count >= 20:
      let interface = number(body, 0)
      let frame = body.dropFirst(20).prefix(number(body, 12))
      if interface < links.count { found = packet(frame, link: links[interface]) }
    case 3 where body.count >= 4 && !links.isEmpty:
      found = packet(body.dropFirst(4).prefix(number(body, 0)), link: links[0])
    default: break
    }
    return (found, length)
  }

  private func number(_ bytes: ArraySlice<UInt8>, _ offset: Int) -> Int {
    isBigEndian
      ? bytes.bigEndian(at: offset, count: 4) : bytes.littleEndian(at: offset, count: 4)
  }

  private func check(_ length: Int) throws(RecordingError) {
    guard length <= Self.lengthLimit else {
      throw .malformedPacket(
        number: blocks, offset: offset, found: length, expected: Self.lengthLimit)
    }
  }

  /// The packet of the card in a frame of the network, and `nil` if that is something else.
  private func packet(_ frame: ArraySlice<UInt8>, link: Int) -> Packet? {
    // Ethernet, two kinds of Linux's "any" interface, BSD loopback, and none at all.
    let headers = [1: (14, 12), 113: (16, 14), 276: (20, 0), 0: (4, -1), 101: (0, -1), 12: (0, -1)]
    guard var (length, type) = headers[link], frame.count > length + 28 else { return nil }
    if link == 1, frame.bigEndian(at: 12, count: 2) == 0x8100 { (length, type) = (18, 16) }
    guard type < 0 || frame.bigEndian(at: type, count: 2) == 0x0800 else { return nil }
    let internet = frame.dropFirst(length)
    guard let first = internet.first, first >> 4 == 4 else { return nil }
    let header = Int(first & 15) * 4
    guard header >= 20, internet.count >= header + 8, internet.bigEndian(at: 9, count: 1) == 17
    else { return nil }
    // A frame of the network can be longer than the packet in it.
    let datagram = internet.dropFirst(header)
    guard datagram.bigEndian(at: 2, count: 2) == Self.dataPort else { return nil }
    let count = datagram.bigEndian(at: 4, count: 2)
    guard count >= 8, count <= datagram.count else { return nil }
    return Packet(datagram: datagram.prefix(count).dropFirst(8))
  }
}

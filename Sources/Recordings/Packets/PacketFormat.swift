/// How the packets of a DCA1000 card are wrapped.
///
/// Each packet counts the bytes before it, so that what was lost on the way is known.
public enum PacketFormat: String, CaseIterable, Hashable, Sendable {
  /// Each piece of bytes is what one UDP datagram carries: a header of 10 bytes, then samples.
  case datagrams

  /// The file that mmWave Studio writes beside its reordered one: a header of 14 bytes, then
  /// samples.
  case records

  /// A capture of the network in the format pcap or pcapng.
  case networkCapture
}

/// A part of a stream of samples.
struct Packet: Hashable, Sendable {
  /// The number of the packet, from one.
  var sequence: UInt32

  /// The bytes before the packet: it has 48 bits, and starts again at zero after that.
  var position: UInt64

  /// The samples.
  var payload: ArraySlice<UInt8>

  /// The bytes of a datagram before its samples.
  static let headerBytes = 10

  /// Reads what one UDP datagram carries, which is `nil` if it is too short.
  init?(datagram: ArraySlice<UInt8>) {
    guard datagram.count > Self.headerBytes else { return nil }
    sequence = UInt32(truncatingIfNeeded: datagram.littleEndian(at: 0, count: 4))
    position = UInt64(datagram.littleEndian(at: 4, count: 6))
    payload = datagram.dropFirst(Self.headerBytes)
  }

  /// Creates a packet.
  init(sequence: UInt32, position: UInt64, payload: ArraySlice<UInt8>) {
    self.sequence = sequence
    self.position = position
    self.payload = payload
  }
}

extension ArraySlice<UInt8> {
  /// The number in `count` bytes from `offset` on, least significant byte first.
  func littleEndian(at offset: Int, count: Int) -> Int {
    var number = 0
    for index in (0..<count).reversed() {
      number = number << 8 | Int(self[startIndex + offset + index])
    }
    return number
  }

  /// The number in `count` bytes from `offset` on, most significant byte first.
  func bigEndian(at offset: Int, count: Int) -> Int {
    var number = 0
    for index in 0..<count { number = number << 8 | Int(self[startIndex + offset + index]) }
    return number
  }
}

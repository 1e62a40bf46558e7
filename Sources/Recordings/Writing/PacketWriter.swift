/// Cuts a stream of samples into the packets of a DCA1000, and wraps them.
struct PacketWriter: Sendable {
  /// The samples in a packet of the card.
  static let payloadBytes = 1456

  private let form: RecordingForm

  /// The duration of a byte in seconds, for the times of a capture.
  private let secondsPerByte: Double

  private var pending: [UInt8] = []
  private var sequence: UInt32 = 1
  private var position = 0

  init(form: RecordingForm, secondsPerByte: Double) {
    self.form = form
    self.secondsPerByte = secondsPerByte
  }

  /// The wrapped packets that are complete with `bytes`.
  mutating func wrap(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    pending += bytes
    var wrapped: [UInt8] = []
    var head = 0
    while pending.count - head >= Self.payloadBytes {
      wrapped += packet(pending[head..<head + Self.payloadBytes])
      head += Self.payloadBytes
    }
    pending.removeFirst(head)
    return wrapped
  }

  /// The last packet, which may be shorter.
  mutating func finish() -> [UInt8] {
    let last = pending
    pending = []
    return last.isEmpty ? [] : packet(last[...])
  }

  private mutating func packet(_ payload: ArraySlice<UInt8>) -> [UInt8] {
    let header = sequence.littleEndianBytes
    let count = Array(UInt64(position).littleEndianBytes.prefix(6))
    let time = Double(position) * secondsPerByte
    sequence &+= 1
    position += payload.count
    guard form != .records else {
      return header + UInt32(payload.count).littleEndianBytes + count + payload
    }
    return CaptureForm(isNextGeneration: form == .nextGenerationCapture)
      .record(of: header + count + payload, at: time)
  }
}

/// A capture of the network: what is before all packets, and before each.
struct CaptureForm: FormLayout {
  /// Whether the format is pcapng.
  let isNextGeneration: Bool

  func header(dataBytes: Int, checksum: UInt32) -> [UInt8] {
    guard isNextGeneration else {
      return UInt32(0xA1B2_C3D4).littleEndianBytes + [2, 0, 4, 0] + [UInt8](repeating: 0, count: 8)
        + UInt32(65535).littleEndianBytes + UInt32(1).littleEndianBytes
    }
    let section =
      UInt32(0x1A2B_3C4D).littleEndianBytes + [1, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8)
    return block(0x0A0D_0D0A, section) + block(1, [1, 0, 0, 0] + UInt32(65535).littleEndianBytes)
  }

  /// A datagram in its frame, with what the format puts before and after it.
  func record(of datagram: [UInt8], at time: Double) -> [UInt8] {
    let frame = Self.ethernet(datagram)
    let length = UInt32(frame.count).littleEndianBytes
    let microseconds = UInt64(min(max(time, 0) * 1e6, 9e15))
    guard isNextGeneration else {
      return UInt32(truncatingIfNeeded: microseconds / 1_000_000).littleEndianBytes
        + UInt32(microseconds % 1_000_000).littleEndianBytes + length + length + frame
    }
    let stamp =
      UInt32(truncatingIfNeeded: microseconds >> 32).littleEndianBytes
      + UInt32(truncatingIfNeeded: microseconds).littleEndianBytes
    return block(6, [0, 0, 0, 0] + stamp + length + length + frame)
  }

  private func block(_ kind: UInt32, _ body: [UInt8]) -> [UInt8] {
    let padding = [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
    let length = UInt32(12 + body.count + padding.count).littleEndianBytes
    return kind.littleEndianBytes + length + body + padding + length
  }

  /// The datagram as the card sends it: from 192.168.33.180 to 192.168.33.30, port 4098.
  private static func ethernet(_ datagram: [UInt8]) -> [UInt8] {
    let port = UInt16(NetworkCapture.dataPort).bigEndianBytes
    let length = UInt16(8 + datagram.count).bigEndianBytes
    var internet: [UInt8] =
      [0x45, 0] + UInt16(28 + datagram.count).bigEndianBytes + [0, 0, 0x40, 0, 64, 17, 0, 0]
      + [192, 168, 33, 180, 192, 168, 33, 30]
    var sum = stride(from: 0, to: 20, by: 2).reduce(0) {
      $0 + internet[...].bigEndian(at: $1, count: 2)
    }
    while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
    internet.replaceSubrange(10..<12, with: (~UInt16(sum)).bigEndianBytes)
    return [UInt8](repeating: 0xFF, count: 6) + [2, 0, 0, 0, 0, 1, 8, 0] + internet + port + port
      + length + [0, 0] + datagram
  }
}

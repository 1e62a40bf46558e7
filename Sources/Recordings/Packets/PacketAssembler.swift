/// Puts packets in order, and finds out what is missing between them.
///
/// A packet that comes too early waits until those before it arrive, or until so many are waiting
/// that they cannot be just late. What then is missing is lost. The count of bytes decides: the
/// number of a packet only tells a new capture from a repeated packet.
struct PacketAssembler: Sendable {
  /// The packets that may wait: cards and cables reorder a few at most.
  static let patience = 32

  /// The most bytes that may be lost at once: more is a damaged header, not a bad cable.
  static let lossLimit = 1 << 30

  private let bytesPerFrame: Int

  /// The position of the next byte, counted without a limit of 48 bits.
  private var expected: Int?

  /// Packets that came too early, in order.
  private var waiting: [(position: Int, payload: ArraySlice<UInt8>)] = []

  /// The last bytes that were handed on.
  private var lastPayload: ArraySlice<UInt8> = []

  init(bytesPerFrame: Int) {
    self.bytesPerFrame = bytesPerFrame
  }

  /// Takes a packet, and hands on what is complete.
  ///
  /// - Throws: `RecordingError.implausibleLoss` if more was lost than a second carries.
  mutating func accept(
    _ packet: Packet, into pending: inout PendingBytes
  ) throws(RecordingError) {
    var position = unwrapped(packet.position)
    if let expected, packet.sequence == 1, packet.position == 0,
      position < expected - Self.patience * packet.payload.count
    {
      // The card was started anew.
      try flush(into: &pending)
      self.expected = 0
      position = 0
    }
    guard position + packet.payload.count > expected ?? 0,
      !waiting.contains(where: { $0.position == position })
    else { return }
    // What was lost before the first packet did not belong to whole frames of this recording.
    if expected == nil { expected = position / bytesPerFrame * bytesPerFrame }
    let index = waiting.firstIndex { $0.position > position } ?? waiting.endIndex
    waiting.insert((position, packet.payload), at: index)
    handOn(into: &pending)
    while waiting.count > Self.patience { try declareLoss(into: &pending) }
  }

  /// Hands on what is waiting, and completes the last frame.
  ///
  /// The card fills its last packet with zeros, which do not count as a beginning of a frame.
  mutating func flush(into pending: inout PendingBytes) throws(RecordingError) {
    while !waiting.isEmpty { try declareLoss(into: &pending) }
    guard let expected else { return }
    let excess = expected % bytesPerFrame
    if excess < lastPayload.count, lastPayload.suffix(excess).allSatisfy({ $0 == 0 }) {
      pending.removeLast(excess)
    }
    pending.fillFrame()
    self.expected = nil
    lastPayload = []
  }

  /// The position nearest to what is expected that has the same low 48 bits.
  private func unwrapped(_ position: UInt64) -> Int {
    guard let expected else { return Int(position) }
    let difference = Int64(bitPattern: (position &- UInt64(expected)) << 16) >> 16
    return expected + Int(difference)
  }

  private mutating func handOn(into pending: inout PendingBytes) {
    while let first = waiting.first, let expected, first.position <= expected {
      waiting.removeFirst()
      let fresh = first.payload.dropFirst(expected - first.position)
      guard !fresh.isEmpty else { continue }
      pending.append(fresh.span)
      lastPayload = fresh
      self.expected = expected + fresh.count
    }
  }

  private mutating func declareLoss(into pending: inout PendingBytes) throws(RecordingError) {
    guard let first = waiting.first, let expected else { return }
    let loss = first.position - expected
    guard loss <= Self.lossLimit else {
      throw .implausibleLoss(offset: expected, found: loss, limit: Self.lossLimit)
    }
    pending.appendLoss(loss)
    self.expected = first.position
    handOn(into: &pending)
  }
}

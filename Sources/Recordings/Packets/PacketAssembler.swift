/// Puts packets in order, and finds out what is missing between them.
///
/// A packet that comes too early waits until those before it arrive, or until so many are waiting
/// that they cannot be just late. What then is missing is lost. The count of bytes decides: the
/// number of a packet only tells a new capture from a repeated packet.
///
/// A packet whose counter fits nowhere is a stray, and changes nothing. Several of them that fit
/// each other are the stream, which was started anew.
struct PacketAssembler: Sendable {
  /// The packets that may wait: cards and cables reorder a few at most.
  static let patience = 32

  /// The strays in a row that are a new stream.
  static let conviction = 8

  /// The most bytes that may be lost at once: more is a damaged header, not a bad cable.
  static let lossLimit = 1 << 30

  /// What became of the packets so far: whoever makes frames of them counts these.
  var reception = Reception()

  private let bytesPerFrame: Int

  /// Whether a stream may begin anew anywhere: a file that does is damaged.
  private let mayJump: Bool

  /// The position of the next byte, counted without a limit of 48 bits.
  private var expected: Int?

  /// Packets that came too early, in order.
  private var waiting: [(position: Int, payload: ArraySlice<UInt8>)] = []

  /// Packets in a row that do not fit the stream, but each other.
  private var strays: [Packet] = []

  /// The last places that were given up, in order.
  private var givenUp: [Range<Int>] = []

  /// The last bytes that were handed on.
  private var lastPayload: ArraySlice<UInt8> = []

  init(bytesPerFrame: Int, mayJump: Bool) {
    self.bytesPerFrame = bytesPerFrame
    self.mayJump = mayJump
  }

  /// Whether packets wait for others before them.
  var isWaiting: Bool { !waiting.isEmpty }

  /// Takes a packet, and hands on what is complete.
  ///
  /// - Throws: `RecordingError.implausibleLoss` if more was lost than a second carries, and the
  ///   stream may not jump.
  mutating func accept(
    _ packet: Packet, into pending: inout PendingBytes
  ) throws(RecordingError) {
    reception.packets += 1
    if let expected, packet.sequence == 1, packet.position == 0,
      expected > Self.patience * packet.payload.count
    {
      return startAnew(with: [packet], into: &pending)
    }
    let position = unwrapped(packet.position)
    guard let expected, isFar(position, from: expected, packet) else {
      strays = []
      return take(packet, at: position, into: &pending)
    }
    // It belongs to the strays before it if it is as near to them as to a stream.
    if let last = strays.last, isFar(Int(packet.position), from: Int(last.position), packet) {
      strays = []
    }
    strays.append(packet)
    reception.strays += 1
    guard strays.count == Self.conviction else { return }
    guard position < expected || mayJump else {
      throw .implausibleLoss(
        offset: expected, found: position - expected, limit: Self.lossLimit)
    }
    reception.strays -= strays.count
    startAnew(with: strays, into: &pending)
  }

  /// Gives up the places for which packets wait, so that these need not wait any longer.
  mutating func giveUp(into pending: inout PendingBytes) {
    while !waiting.isEmpty { declareLoss(into: &pending) }
  }

  /// Hands on what is waiting, and completes the last frame.
  ///
  /// The card fills its last packet with zeros, which do not count as a beginning of a frame.
  mutating func flush(into pending: inout PendingBytes) {
    giveUp(into: &pending)
    guard let expected else { return }
    let excess = expected % bytesPerFrame
    if excess > 0, excess < lastPayload.count, lastPayload.suffix(excess).allSatisfy({ $0 == 0 }) {
      pending.removeLast(excess)
      reception.receivedBytes -= excess
    }
    reception.lostBytes += pending.fillFrame()
    self.expected = nil
    givenUp = []
    lastPayload = []
  }

  // MARK: - Places

  /// The position nearest to what is expected that has the same low 48 bits.
  private func unwrapped(_ position: UInt64) -> Int {
    guard let expected else { return Int(position) }
    let difference = Int64(bitPattern: (position &- UInt64(expected)) << 16) >> 16
    return expected + Int(difference)
  }

  /// Whether a packet at `position` is too far from `expected` to be just late or after a loss.
  private func isFar(_ position: Int, from expected: Int, _ packet: Packet) -> Bool {
    let reach = 4 * Self.patience * packet.payload.count
    return position < expected - reach || position > expected + Self.lossLimit
  }

  private mutating func startAnew(
    with packets: [Packet], into pending: inout PendingBytes
  ) {
    flush(into: &pending)
    strays = []
    reception.restarts += 1
    for packet in packets { take(packet, at: unwrapped(packet.position), into: &pending) }
  }

  /// Takes a packet that belongs to the stream.
  private mutating func take(
    _ packet: Packet, at position: Int, into pending: inout PendingBytes
  ) {
    // What was lost before the first packet did not belong to whole frames of this recording.
    let start = expected ?? position / bytesPerFrame * bytesPerFrame
    expected = start
    let end = position + packet.payload.count
    guard end > start else {
      let wasGivenUp = givenUp.contains { $0.overlaps(position..<end) }
      if wasGivenUp { reception.late += 1 } else { reception.duplicates += 1 }
      return
    }
    let index = waiting.firstIndex { $0.position >= position } ?? waiting.endIndex
    guard index == waiting.endIndex || waiting[index].position != position else {
      reception.duplicates += 1
      return
    }
    if index < waiting.endIndex { reception.reordered += 1 }
    waiting.insert((position, packet.payload), at: index)
    handOn(into: &pending)
    while waiting.count > Self.patience { declareLoss(into: &pending) }
    let horizon = start - 4 * Self.patience * packet.payload.count
    givenUp.removeAll { $0.upperBound < horizon }
  }

  private mutating func handOn(into pending: inout PendingBytes) {
    while let first = waiting.first, let expected, first.position <= expected {
      waiting.removeFirst()
      let fresh = first.payload.dropFirst(expected - first.position)
      guard !fresh.isEmpty else { continue }
      pending.append(fresh.span)
      reception.receivedBytes += fresh.count
      lastPayload = fresh
      self.expected = expected + fresh.count
    }
  }

  private mutating func declareLoss(into pending: inout PendingBytes) {
    guard let first = waiting.first, let expected else { return }
    let loss = first.position - expected
    pending.appendLoss(loss)
    reception.lostBytes += loss
    if loss > 0 { givenUp.append(expected..<first.position) }
    self.expected = first.position
    handOn(into: &pending)
  }
}

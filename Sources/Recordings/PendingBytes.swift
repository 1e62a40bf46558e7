/// Bytes of samples on their way to frames, and the losses among them.
///
/// Frames of which nothing arrived take no memory, so that no counter of a damaged packet can ask
/// for more than there is.
struct PendingBytes: Sendable {
  private let bytesPerFrame: Int

  /// The bytes of frames of which something arrived, those before `head` being done with.
  private var bytes: [UInt8] = []
  private var head = 0

  /// The position of the next byte to arrive, and of the next frame to leave.
  private var end = 0
  private var start = 0

  /// The positions of lost bytes, in order.
  private var losses: [Range<Int>] = []

  /// The positions of frames of which nothing arrived, in order.
  private var emptyFrames: [Range<Int>] = []

  init(bytesPerFrame: Int) {
    self.bytesPerFrame = bytesPerFrame
  }

  /// The bytes in memory.
  var count: Int { bytes.count - head }

  mutating func append(_ piece: Span<UInt8>) {
    compact()
    unsafe piece.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    end += piece.count
  }

  mutating func appendLoss(_ count: Int) {
    guard count > 0 else { return }
    compact()
    let loss = end..<end + count
    let firstFrame = min((end + bytesPerFrame - 1) / bytesPerFrame * bytesPerFrame, loss.upperBound)
    let lastFrame = max(loss.upperBound / bytesPerFrame * bytesPerFrame, firstFrame)
    if firstFrame < lastFrame { emptyFrames.append(firstFrame..<lastFrame) }
    bytes.append(
      contentsOf: repeatElement(0, count: loss.count - (lastFrame - firstFrame)))
    losses.append(loss)
    end = loss.upperBound
  }

  /// Whether a whole frame is there before the last `trailing` bytes, which may be no samples.
  func hasFrame(before trailing: Int) -> Bool { end - trailing - start >= bytesPerFrame }

  /// Hands the bytes of the next frame to `body`, and returns those lost of them.
  ///
  /// - Precondition: There is a frame.
  mutating func removeFrame(_ body: (Span<UInt8>) -> Void) -> [Range<Int>] {
    let frame = start..<start + bytesPerFrame
    let lost = losses.prefix { $0.lowerBound < frame.upperBound }
      .map { $0.clamped(to: frame) }
      .map { $0.lowerBound - start..<$0.upperBound - start }
    if let empty = emptyFrames.first, empty.contains(start) {
      body([UInt8](repeating: 0, count: bytesPerFrame).span)
    } else {
      body(bytes.span.extracting(head..<head + bytesPerFrame))
      head += bytesPerFrame
    }
    start = frame.upperBound
    losses.removeAll { $0.upperBound <= start }
    emptyFrames.removeAll { $0.upperBound <= start }
    return lost
  }

  /// Drops bytes that turned out to be no samples.
  mutating func removeLast(_ count: Int) {
    bytes.removeLast(count)
    end -= count
  }

  /// Completes the last frame with a loss.
  ///
  /// - Returns: The bytes that it lacked.
  @discardableResult
  mutating func fillFrame() -> Int {
    let missing = (bytesPerFrame - end % bytesPerFrame) % bytesPerFrame
    appendLoss(missing)
    return missing
  }

  /// Moves the bytes to the front once half of them are done with.
  private mutating func compact() {
    guard head * 2 >= bytes.count else { return }
    bytes.removeSubrange(..<head)
    head = 0
  }
}

/// Passes over the bytes of a recording that are no samples.
struct GapFilter: Sendable {
  private let gaps: [SampleEncoding.Gap]

  /// The bytes of samples passed on.
  private var position = 0

  /// The gaps passed over, and the bytes already passed of the next one.
  private var gapsPassed = 0
  private var bytesPassed = 0

  init(_ gaps: [SampleEncoding.Gap]) {
    self.gaps = gaps
  }

  /// Hands the bytes that are samples to `body`.
  mutating func pass(_ bytes: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
    var offset = 0
    while offset < bytes.count {
      let left = bytes.count - offset
      let untilGap = gapsPassed < gaps.count ? gaps[gapsPassed].position - position : left
      if untilGap > 0 {
        let count = min(untilGap, left)
        body(bytes.extracting(offset..<offset + count))
        position += count
        offset += count
      } else {
        let count = min(gaps[gapsPassed].count - bytesPassed, left)
        bytesPassed += count
        offset += count
        if bytesPassed == gaps[gapsPassed].count {
          gapsPassed += 1
          bytesPassed = 0
        }
      }
    }
  }
}

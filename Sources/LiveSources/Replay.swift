internal import Dispatch
public import Radar
public import Recordings

/// Sends the frames of a recording as a DCA1000 would have, in real time or faster.
///
/// A replay owns a socket, so it moves and is never copied.
public struct Replay<Generator: RandomNumberGenerator & Sendable>: ~Copyable {
  /// How much faster than real time frames are sent; infinite for as fast as possible.
  public let speed: Double

  /// What happens to the datagrams on their way.
  public private(set) var network: BadNetwork<Generator>

  /// The frames sent so far.
  public private(set) var frames = 0

  /// The datagrams sent so far, those delivered twice counted twice.
  public private(set) var datagrams = 0

  /// The most datagrams to hand to the system at once.
  private static var batchLength: Int { 32 }

  private let sender: DatagramSender
  private var encoder: DatagramEncoder
  private let bytesPerSecond: Double
  private var batch: [[UInt8]] = []
  private var start: ContinuousClock.Instant?

  /// Opens a socket.
  ///
  /// - Parameters:
  ///   - waveform: What the radar transmitted, and the shape of its frames.
  ///   - encoding: How to store the samples; its gaps have no effect.
  ///   - host: The host to send to.
  ///   - port: The port to send to.
  ///   - speed: How much faster than real time to send.
  ///   - network: What happens to the datagrams on their way.
  /// - Throws: ``LiveError`` if there is no such host, and `RecordingError` if the samples cannot be
  ///   sent as they are stored.
  /// - Precondition: `speed` is positive.
  public init(
    _ waveform: Waveform, encoding: SampleEncoding, to host: String, port: Int,
    speed: Double = 1, network: BadNetwork<Generator>
  ) throws {
    precondition(speed > 0, "time does not run backwards")
    let encoder = try DatagramEncoder(waveform: waveform, encoding: encoding)
    let sender = try DatagramSender(host: host, port: port)
    self.encoder = encoder
    self.sender = sender
    self.speed = speed
    self.network = network
    bytesPerSecond = speed * Double(encoder.bytesPerFrame) / waveform.frameInterval
  }

  /// Sends a frame, each datagram when its last byte would have been sampled.
  ///
  /// - Throws: ``LiveError`` if the system refuses.
  /// - Precondition: The frame has the shape of the waveform.
  public mutating func send(_ frame: borrowing Frame) throws(LiveError) {
    var encoded: [(datagram: [UInt8], end: UInt64)] = []
    encoder.append(frame) { encoded.append(($0, $1)) }
    for (datagram, end) in encoded { try send(datagram, end: end) }
    frames += 1
  }

  /// Sends what is left.
  ///
  /// - Throws: ``LiveError`` if the system refuses.
  public mutating func finish() throws(LiveError) {
    var encoded: [(datagram: [UInt8], end: UInt64)] = []
    encoder.finish { encoded.append(($0, $1)) }
    for (datagram, end) in encoded { try send(datagram, end: end) }
    network.finish { batch.append($0) }
    try flush()
  }

  private mutating func send(_ datagram: [UInt8], end: UInt64) throws(LiveError) {
    let now = ContinuousClock.now
    let start = start ?? now
    self.start = start
    let wait = start + .seconds(Double(end) / bytesPerSecond) - now
    // Shorter waits take longer than they should.
    if wait > .milliseconds(1) {
      try flush()
      pause(wait)
    }
    network.pass(datagram) { batch.append($0) }
    if batch.count >= Self.batchLength { try flush() }
  }

  private mutating func flush() throws(LiveError) {
    try sender.send(batch)
    datagrams += batch.count
    batch.removeAll(keepingCapacity: true)
  }
}

private func pause(_ duration: Duration) {
  let (seconds, attoseconds) = duration.components
  let nanoseconds = Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
  _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .nanoseconds(nanoseconds))
}

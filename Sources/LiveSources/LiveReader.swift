internal import NIOCore
internal import NIOPosix
public import Radar
public import Recordings
internal import Synchronization

/// Reads the frames that a capture card sends over the network, as they arrive.
///
/// ```swift
/// var reader = try LiveReader(
///   address: "192.168.33.30", port: 4098, waveform: waveform, encoding: encoding)
/// while try reader.read(into: &frame) { … }
/// ```
///
/// Frames are received on a thread of their own and wait in a queue of fixed size. Who reads too
/// slowly loses whole frames: they are handed out as frames without a valid chirp, which cost little
/// to judge, and counted as dropped in ``reception``.
///
/// A reader owns a socket, so it moves and is never copied.
public struct LiveReader: ~Copyable {
  /// What the radar transmits.
  public let waveform: Waveform

  /// The port it listens on.
  public let port: Int

  private let queue: FrameQueue
  private let board: DatagramReceiver.Board
  private let channel: any Channel

  /// The next frame that arrived, if others before it were dropped.
  private var arrived: Frame
  private var isHolding = false

  private var nextIndex = 0
  private var handedOn = Reception()

  /// Starts to listen.
  ///
  /// - Parameters:
  ///   - address: The address to listen on: that of one network, or `0.0.0.0` for all of them.
  ///   - port: The port to listen on, zero for any that is free.
  ///   - waveform: What the radar transmits, and the shape of its frames.
  ///   - encoding: How the samples lie in the bytes; its gaps have no effect.
  ///   - capacity: The most frames that wait: without it those of two seconds, within 64 MB.
  ///   - patience: How long packets wait for one that is missing, if no other can tell that it is
  ///     lost.
  /// - Throws: ``LiveError/cannotListen(address:port:reason:)`` if the system does not allow it, and
  ///   `RecordingError` if the samples cannot come in datagrams.
  public init(
    address: String, port: Int, waveform: Waveform, encoding: SampleEncoding, capacity: Int? = nil,
    patience: Duration = .milliseconds(50)
  ) throws {
    let decoder = try FrameDecoder(waveform: waveform, encoding: encoding.asDatagrams)
    let capacity = capacity ?? Self.usualCapacity(for: waveform)
    let queue = FrameQueue(shape: waveform.shape, capacity: capacity)
    let board = DatagramReceiver.Board()
    channel = try Self.listen(address: address, port: port) {
      DatagramReceiver(decoder: decoder, queue: queue, board: board, patience: patience)
    }
    self.waveform = waveform
    self.port = channel.localAddress?.port ?? port
    self.queue = queue
    self.board = board
    arrived = Frame(shape: waveform.shape)
  }

  /// Opens a socket, and hands what it receives to the receiver that `make` makes.
  private static func listen(
    address: String, port: Int, make: @escaping @Sendable () -> DatagramReceiver
  ) throws(LiveError) -> any Channel {
    do {
      // A system's own buffer holds milliseconds: ask for more, and read many datagrams at once.
      return try DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .channelOption(.socketOption(.so_rcvbuf), value: 4 << 20)
        .channelOption(.datagramVectorReadMessageCount, value: 32)
        .channelOption(
          .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 32 * 2048)
        )
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(make())
          }
        }
        .bind(host: address, port: port).wait()
    } catch {
      throw .cannotListen(address: address, port: port, reason: "\(error)")
    }
  }

  deinit {
    channel.close(promise: nil)
  }

  /// Ends the stream: what has arrived can still be read.
  ///
  /// It may be called from any thread while another one reads.
  public var stop: @Sendable () -> Void {
    { [channel] in channel.close(promise: nil) }
  }

  /// What became of the stream so far.
  public var reception: Reception {
    var reception = board.reception.withLock { $0 }
    reception.replaceFrames(by: handedOn)
    reception.droppedFrames = queue.droppedFrames
    return reception
  }

  /// Replaces `frame` with the next one, as soon as it is there.
  ///
  /// The thread waits, so it should not be one on which tasks run.
  ///
  /// - Parameter frame: The frame to overwrite.
  /// - Returns: Whether there was one: if not, the stream was stopped.
  /// - Throws: `RecordingError` if the stream is damaged in a way that makes no sense of it.
  /// - Precondition: `frame` has the shape of the waveform.
  public mutating func read(into frame: inout Frame) throws -> Bool {
    precondition(frame.shape == waveform.shape, "the frame has not the shape of the stream")
    if !isHolding {
      guard try queue.take(into: &arrived) else { return false }
      isHolding = true
    }
    if arrived.index > nextIndex {
      frame.lose(index: nextIndex, time: Double(nextIndex) * waveform.frameInterval)
    } else {
      swap(&arrived, &frame)
      isHolding = false
      handedOn.count(frame)
    }
    nextIndex += 1
    return true
  }

  /// The frames of two seconds, at least four, in 64 MB.
  private static func usualCapacity(for waveform: Waveform) -> Int {
    let bytes = waveform.shape.scalarCount * MemoryLayout<Float>.size
    let wanted = max(Int(min(2 / waveform.frameInterval, 1e6)), 4)
    return max(min(wanted, (64 << 20) / bytes), 2)
  }
}

extension Frame {
  /// Makes a frame of which nothing arrived.
  fileprivate mutating func lose(index: Int, time: Double) {
    self.index = index
    self.time = time
    for place in samples.indices { samples[place] = 0 }
    for chirp in validity.indices { validity[chirp] = false }
  }
}

internal import NIOCore
internal import Radar
internal import Recordings
internal import Synchronization

/// Makes frames of the datagrams that a socket receives, and offers them to a queue.
final class DatagramReceiver: ChannelInboundHandler {
  typealias InboundIn = AddressedEnvelope<ByteBuffer>

  /// What the receiver and its reader share.
  final class Board: Sendable {
    let reception = Mutex(Reception())
  }

  private var decoder: FrameDecoder
  private var frame: Frame
  private let queue: FrameQueue
  private let board: Board

  /// How long packets wait for one that is missing, if no other can tell that it is lost.
  private let patience: TimeAmount

  private var hasFailed = false

  /// The bytes received when packets began to wait, and `nil` if nobody looks after them.
  private var waitingSince: Int?

  init(decoder: FrameDecoder, queue: FrameQueue, board: Board, patience: Duration) {
    self.decoder = decoder
    self.queue = queue
    self.board = board
    self.patience = TimeAmount(patience)
    frame = Frame(shape: decoder.waveform.shape)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !hasFailed else { return }
    let datagram = unwrapInboundIn(data).data
    decoder.append(datagram.readableBytesUInt8Span)
    offerFrames()
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    board.reception.withLock { $0 = decoder.reception }
    if decoder.isWaiting, waitingSince == nil { lookAfterWaiting(context.eventLoop) }
    context.fireChannelReadComplete()
  }

  func channelInactive(context: ChannelHandlerContext) {
    if !hasFailed {
      do {
        try decoder.finish()
        offerFrames()
      } catch RecordingError.noPackets {
        // Nobody sent anything, which is no fault of the stream.
      } catch {
        fail(error)
      }
    }
    board.reception.withLock { $0 = decoder.reception }
    queue.finish()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    fail(error)
    context.close(promise: nil)
  }

  private func offerFrames() {
    do {
      while try decoder.decode(into: &frame) { queue.offer(&frame) }
    } catch {
      fail(error)
    }
  }

  private func fail(_ error: any Error) {
    hasFailed = true
    queue.finish(throwing: error)
  }

  /// Gives up what packets wait for, once nothing else has arrived for some time.
  private func lookAfterWaiting(_ eventLoop: any EventLoop) {
    waitingSince = decoder.reception.receivedBytes
    eventLoop.assumeIsolated().scheduleTask(in: patience) { [self] in
      let isStuck = waitingSince == decoder.reception.receivedBytes
      waitingSince = nil
      guard decoder.isWaiting, !hasFailed else { return }
      if isStuck {
        decoder.giveUpWaiting()
        offerFrames()
        board.reception.withLock { $0 = decoder.reception }
      } else {
        lookAfterWaiting(eventLoop)
      }
    }
  }
}

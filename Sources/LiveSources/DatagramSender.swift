internal import NIOCore
internal import NIOPosix

/// Sends datagrams to one host.
///
/// A sender owns a socket, so it moves and is never copied.
public struct DatagramSender: ~Copyable {
  private let channel: any Channel
  private let remote: SocketAddress
  private let host: String
  private let port: Int

  /// Opens a socket.
  ///
  /// - Throws: ``LiveError/cannotSend(host:port:reason:)`` if there is no such host.
  public init(host: String, port: Int) throws(LiveError) {
    (channel, remote) = try Self.open(host: host, port: port)
    self.host = host
    self.port = port
  }

  deinit {
    channel.close(promise: nil)
  }

  private static func open(
    host: String, port: Int
  ) throws(LiveError) -> (any Channel, SocketAddress) {
    do {
      let remote = try SocketAddress.makeAddressResolvingHost(host, port: port)
      let source = remote.protocol == .inet6 ? "::" : "0.0.0.0"
      let channel = try DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .channelOption(.socketOption(.so_sndbuf), value: 1 << 20)
        .bind(host: source, port: 0).wait()
      return (channel, remote)
    } catch {
      throw .cannotSend(host: host, port: port, reason: "\(error)")
    }
  }

  /// Sends `datagrams` in their order, and returns when the system has taken all of them.
  ///
  /// - Throws: ``LiveError/cannotSend(host:port:reason:)`` if it does not.
  public func send(_ datagrams: [[UInt8]]) throws(LiveError) {
    guard let last = datagrams.last else { return }
    do {
      for datagram in datagrams.dropLast() {
        channel.write(envelope(datagram), promise: nil)
      }
      try channel.writeAndFlush(envelope(last)).wait()
    } catch {
      throw .cannotSend(host: host, port: port, reason: "\(error)")
    }
  }

  private func envelope(_ datagram: [UInt8]) -> AddressedEnvelope<ByteBuffer> {
    AddressedEnvelope(remoteAddress: remote, data: ByteBuffer(bytes: datagram))
  }
}

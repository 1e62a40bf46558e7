/// What is wrong with a network.
public enum LiveError: Error, Hashable, Sendable {
  /// The system does not let us listen on a port.
  case cannotListen(address: String, port: Int, reason: String)

  /// The system does not let us send to a host.
  case cannotSend(host: String, port: Int, reason: String)
}

extension LiveError: CustomStringConvertible {
  /// One sentence with the facts on both sides.
  public var description: String {
    switch self {
    case .cannotListen(let address, let port, let reason):
      "cannot listen on \(address):\(port): \(reason)"
    case .cannotSend(let host, let port, let reason):
      "cannot send to \(host):\(port): \(reason)"
    }
  }
}

import ArgumentParser

/// An address and a port, as `127.0.0.1:4098` or `[::1]:4098`.
struct Endpoint: ExpressibleByArgument, CustomStringConvertible, Sendable {
  var address: String
  var port: Int

  /// Where a DCA1000 sends samples unless somebody configured it otherwise.
  static let card = Endpoint(address: "192.168.33.30", port: 4098)

  init(address: String, port: Int) {
    self.address = address
    self.port = port
  }

  init?(argument: String) {
    guard let colon = argument.lastIndex(of: ":"),
      let port = Int(argument[argument.index(after: colon)...]),
      (0...65535).contains(port)
    else { return nil }
    var address = argument[..<colon]
    if address.hasPrefix("["), address.hasSuffix("]") { address = address.dropFirst().dropLast() }
    guard !address.isEmpty else { return nil }
    self.init(address: String(address), port: port)
  }

  var description: String { address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)" }
}

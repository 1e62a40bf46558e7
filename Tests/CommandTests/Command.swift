import Foundation
import Testing

/// The built command, run as a person would run it.
enum Command {
  struct Result {
    var status: Int32
    var output: String
    var errors: String

    /// Whether a signal ended it, of which the status is the number then.
    var diedOfSignal = false

    /// The lines of the output as JSON objects.
    func objects() throws -> [[String: Any]] {
      try output.split(separator: "\n").map { line in
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
        return try #require(object as? [String: Any])
      }
    }
  }

  /// Runs `radar-classify` with `arguments`.
  static func run(_ arguments: String...) throws -> Result { try run(arguments) }

  /// Runs `radar-classify` with a list of arguments.
  static func run(_ arguments: [String]) throws -> Result {
    let process = Process()
    process.executableURL = try executable
    process.arguments = arguments
    let output = Pipe()
    let errors = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    // Errors are short; output is read first, so neither pipe fills up.
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let complaints = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: complaints, as: UTF8.self))
  }

  static var executable: URL {
    get throws {
      let candidates = (Bundle.allBundles.map(\.bundleURL) + [Bundle.main.bundleURL]).flatMap {
        [$0, $0.deletingLastPathComponent()]
      }
      let found = candidates.map { $0.appendingPathComponent("radar-classify") }.first {
        FileManager.default.isExecutableFile(atPath: $0.path)
      }
      return try #require(found, "radar-classify is not built")
    }
  }
}

/// A folder that is gone when the test is over.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }
}

import Foundation
import Testing

/// The built command while it runs: it can be fed, and interrupted.
final class RunningCommand {
  private let process = Process()
  private let standardInput = Pipe()
  private let standardOutput = Pipe()
  private let standardError = Pipe()
  private var errors = Data()

  /// Starts `radar-classify` with `arguments`.
  convenience init(_ arguments: String...) throws { try self.init(arguments) }

  /// Starts `radar-classify` with a list of arguments.
  init(_ arguments: [String]) throws {
    process.executableURL = try Command.executable
    process.arguments = arguments
    process.standardInput = standardInput
    process.standardOutput = standardOutput
    process.standardError = standardError
    try process.run()
  }

  deinit {
    if process.isRunning { process.terminate() }
  }

  /// Where its standard input comes from.
  var input: FileHandle { standardInput.fileHandleForWriting }

  /// The first line that it says about itself.
  func firstErrorLine() throws -> String {
    while !errors.contains(10) {
      let more = standardError.fileHandleForReading.availableData
      try #require(!more.isEmpty, "the command ended: \(String(decoding: errors, as: UTF8.self))")
      errors += more
    }
    return String(decoding: errors.prefix { $0 != 10 }, as: UTF8.self)
  }

  /// The first line of its output.
  func firstLine() throws -> String {
    var output = Data()
    while !output.contains(10) {
      let more = standardOutput.fileHandleForReading.availableData
      try #require(!more.isEmpty, "the command ended without a line")
      output += more
    }
    return String(decoding: output.prefix { $0 != 10 }, as: UTF8.self)
  }

  /// Ends it without a warning.
  func kill() {
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Presses Ctrl-C.
  func interrupt() { process.interrupt() }

  /// Ends its input, and waits for its end.
  func finish() throws -> Command.Result {
    try input.close()
    return try wait()
  }

  /// Waits for its end.
  func wait() throws -> Command.Result {
    // Both outputs of such a command are shorter than a pipe holds.
    process.waitUntilExit()
    errors += standardError.fileHandleForReading.readDataToEndOfFile()
    let output = standardOutput.fileHandleForReading.readDataToEndOfFile()
    return Command.Result(
      status: process.terminationStatus, output: String(decoding: output, as: UTF8.self),
      errors: String(decoding: errors, as: UTF8.self),
      diedOfSignal: process.terminationReason == .uncaughtSignal)
  }
}

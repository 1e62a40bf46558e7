import ArgumentParser
import Foundation

/// What goes where: results to standard output, everything else to standard error.
enum Console {
  /// Writes one line of results, at once.
  ///
  /// Results that nobody gets are of no use: if the system does not take them, the command ends.
  static func print(_ line: String) {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
    } catch {
      let reason = unsafe String(cString: strerror(errno)).lowercased()
      report("error: cannot write to standard output: \(reason)")
      exit(1)
    }
  }

  /// Writes one line about the work itself.
  static func report(_ line: String) { show(line + "\n") }

  /// Writes text about the work itself, if there is anybody to read it.
  static func show(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  /// Writes one object as a line of JSON, its keys in alphabetical order.
  static func print(json object: some Encodable) throws {
    print(String(decoding: try json(of: object), as: UTF8.self))
  }

  /// One object as JSON, its keys in alphabetical order.
  static func json(of object: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return Array(try encoder.encode(object))
  }
}

/// How results look, and whether progress is shown.
struct OutputOptions: ParsableArguments {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Option(help: "How results are printed: text for people, json for programs (one object a line).")
  var format = Format.text

  @Flag(help: "Show no progress.")
  var quiet = false

  var isJSON: Bool { format == .json }
}

/// A bar on standard error that says how far long work has come, if a person may be watching and
/// anybody knows how much of it there is.
struct ProgressBar {
  private let isShown: Bool
  private let total: Int
  private var lastPercent = -1

  /// Creates a bar.
  ///
  /// - Parameters:
  ///   - total: All there is to do, and `nil` if nobody knows, as with a pipe: then there is no bar.
  ///   - options: Whether progress is shown at all.
  init(total: Int?, options: OutputOptions) {
    self.total = max(total ?? 1, 1)
    isShown = total != nil && !options.quiet && isatty(STDERR_FILENO) == 1
  }

  mutating func show(_ done: Int, _ note: String) {
    guard isShown else { return }
    let percent = min(max(100 * done / total, 0), 100)
    guard percent != lastPercent else { return }
    lastPercent = percent
    let filled = percent * 30 / 100
    let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: 30 - filled)
    Console.show("\r\u{1B}[K\(bar) \(percent) %  \(note)")
  }

  func clear() {
    guard isShown else { return }
    Console.show("\r\u{1B}[K")
  }
}

extension Double {
  /// The number with a fixed count of decimals.
  func formatted(decimals: Int) -> String { String(format: "%.\(decimals)f", self) }
}

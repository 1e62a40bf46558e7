/// One line of a profile for TI's mmWave radars: a name and its numbers.
struct MMWaveCommand: Sendable {
  /// The file of the line, for messages.
  let path: String

  /// The name of the command.
  let name: String

  private let arguments: [Double]

  /// Reads a line, which is `nil` if it is empty or a comment.
  init?(_ line: Substring, path: String) {
    let words = line.split(whereSeparator: \.isWhitespace)
    guard let name = words.first, !name.hasPrefix("%") else { return nil }
    self.path = path
    self.name = String(name)
    // Words that are no numbers belong to commands that do not describe a capture.
    arguments = words.dropFirst().map { Double($0).flatMap { $0.isFinite ? $0 : nil } ?? -1 }
  }

  /// Creates a command.
  init(_ name: String, _ arguments: [Double], path: String) {
    self.name = name
    self.arguments = arguments
    self.path = path
  }

  /// The number of arguments.
  var count: Int { arguments.count }

  /// The argument at `index`.
  ///
  /// - Throws: `RecordingError.invalidField` if the line is too short.
  func number(_ index: Int) throws(RecordingError) -> Double {
    guard index < arguments.count else {
      throw .invalidField(
        path: path, field: name, found: "a command of \(arguments.count) numbers",
        expected: "one of at least \(index + 1)")
    }
    return arguments[index]
  }

  /// The argument at `index`, a whole number.
  func integer(_ index: Int, in range: ClosedRange<Int>) throws(RecordingError) -> Int {
    guard let integer = Int(exactly: try number(index)), range.contains(integer) else {
      throw invalid(
        index, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return integer
  }

  /// The argument at `index`, more than zero.
  func positive(_ index: Int) throws(RecordingError) -> Double {
    let number = try number(index)
    guard number >= 1e-9, number < 1e9 else { throw invalid(index, expected: "positive") }
    return number
  }

  /// Refuses any other argument at `index` than `expected`, whose meaning is given in words.
  func require(_ index: Int, _ expected: Double, _ meaning: String) throws(RecordingError) {
    guard try number(index) == expected else {
      throw invalid(index, expected: "\(JSONValue.number(expected)): \(meaning)")
    }
  }

  /// The error that the argument at `index` is not what was `expected`.
  func invalid(_ index: Int, expected: String) -> RecordingError {
    .invalidField(
      path: path, field: "argument \(index + 1) of \(name)",
      found: index < count ? JSONValue.number(arguments[index]).description : "missing",
      expected: expected)
  }
}

/// The fields of an object in a sidecar, each read with the range it may have.
///
/// A sidecar comes from anywhere, so nothing in it is used before it was checked.
struct SidecarFields: Sendable {
  /// The sidecar, for messages.
  let path: String

  /// Where the object is in the sidecar, for messages.
  let prefix: String

  private var values: [String: JSONValue]

  /// Where fields come from that are not in the sidecar.
  private var foreign: [String: String] = [:]

  /// The fields of `value`.
  ///
  /// - Throws: `RecordingError.malformedSidecar` if the value is not an object.
  init(_ value: JSONValue?, path: String, prefix: String = "") throws(RecordingError) {
    guard case .object(let values) = value else {
      let name = prefix.isEmpty ? "it" : prefix
      throw .malformedSidecar(
        path: path, reason: "\(name) is \(value?.description ?? "missing"), not an object")
    }
    self.path = path
    self.prefix = prefix.isEmpty ? "" : prefix + "."
    self.values = values
  }

  /// Whether there is a field called `name` with a value.
  func has(_ name: String) -> Bool { values[name] != nil && values[name] != .null }

  /// The object in the field called `name`, whose own fields messages name alone.
  func object(_ name: String) throws(RecordingError) -> SidecarFields {
    guard has(name) else { throw .missingField(path: path, field: prefix + name) }
    return try SidecarFields(values[name], path: path)
  }

  /// The objects in the list called `name`: none if there is no list.
  func objects(_ name: String) throws(RecordingError) -> [SidecarFields] {
    var objects: [SidecarFields] = []
    for (index, value) in try list(name).enumerated() {
      objects.append(try SidecarFields(value, path: path, prefix: "\(prefix)\(name)[\(index)]"))
    }
    return objects
  }

  /// The values in the list called `name`: none if there is no list.
  func list(_ name: String) throws(RecordingError) -> [JSONValue] {
    guard has(name) else { return [] }
    guard case .array(let values) = values[name] else { throw invalid(name, expected: "a list") }
    return values
  }

  /// The text in the field called `name`, and `nil` if there is none.
  func string(_ name: String) throws(RecordingError) -> String? {
    guard has(name) else { return nil }
    guard case .string(let string) = values[name] else { throw invalid(name, expected: "text") }
    return string
  }

  /// Whether the field called `name` is there and true.
  func boolean(_ name: String) throws(RecordingError) -> Bool {
    guard has(name) else { return false }
    guard case .boolean(let boolean) = values[name] else {
      throw invalid(name, expected: "true or false")
    }
    return boolean
  }

  /// The number in the field called `name`, and `nil` if there is none.
  func number(
    _ name: String, in range: ClosedRange<Double>
  ) throws(RecordingError) -> Double? {
    guard has(name) else { return nil }
    guard case .number(let number) = values[name], range.contains(number) else {
      throw invalid(
        name, expected: "a number from \(range.lowerBound.quoted) to \(range.upperBound.quoted)")
    }
    return number
  }

  /// The number in the field called `name`, which must be there and more than zero.
  func positive(_ name: String, upTo limit: Double) throws(RecordingError) -> Double {
    guard has(name) else { throw .missingField(path: path, field: prefix + name) }
    guard case .number(let number) = values[name], number >= 1e-12, number <= limit
    else { throw invalid(name, expected: "a positive number up to \(limit.quoted)") }
    return number
  }

  /// The whole number in the field called `name`, and `nil` if there is none.
  func integer(_ name: String, in range: ClosedRange<Int>) throws(RecordingError) -> Int? {
    guard has(name) else { return nil }
    guard case .number(let number) = values[name], let integer = Int(exactly: number),
      range.contains(integer)
    else {
      throw invalid(
        name, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return integer
  }

  /// The same fields with those that the file at `file` knows itself.
  ///
  /// - Throws: `RecordingError.invalidField` if a field contradicts one of `facts`.
  func agreeing(
    with facts: [String: JSONValue], of file: String, defaults: [String: JSONValue]
  ) throws(RecordingError) -> SidecarFields {
    var agreed = self
    for (name, fact) in facts.sorted(by: { $0.key < $1.key }) {
      guard !has(name) || values[name] == fact else {
        throw invalid(name, expected: "\(fact) as in \(file)")
      }
      if !has(name) { agreed.foreign[name] = file }
      agreed.values[name] = fact
    }
    for (name, value) in defaults where !agreed.has(name) {
      agreed.values[name] = value
      agreed.foreign[name] = "what is usual for \(file)"
    }
    return agreed
  }

  /// Where the field called `name` comes from.
  func origin(_ name: String) -> String { foreign[name] ?? "\(prefix)\(name) in \(path)" }

  /// The texts in fields that nobody needs to understand, such as the name of an author.
  func remarks(besides known: Set<String>) -> [String: String] {
    var remarks: [String: String] = [:]
    for (name, value) in values where !known.contains(name) {
      if case .string(let text) = value { remarks[name] = text }
    }
    return remarks
  }

  /// The value, if there is one.
  ///
  /// - Throws: `RecordingError.missingField` if there is none.
  func require<Value>(_ name: String, _ value: Value?) throws(RecordingError) -> Value {
    guard let value else { throw .missingField(path: path, field: prefix + name) }
    return value
  }

  /// The error that the field called `name` is not what was `expected`.
  func invalid(_ name: String, expected: String) -> RecordingError {
    .invalidField(
      path: path, field: prefix + name, found: values[name]?.description ?? "missing",
      expected: expected)
  }
}

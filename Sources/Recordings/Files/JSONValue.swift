#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Any value of a JSON document: sidecars are extended freely, so no fixed type describes them.
enum JSONValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])
}

extension JSONValue: Codable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let string = try? container.decode(String.self) {
      self = .string(string)
    } else if let object = try? container.decode([String: JSONValue].self) {
      self = .object(object)
    } else if let array = try? container.decode([JSONValue].self) {
      self = .array(array)
    } else if let boolean = try? container.decode(Bool.self) {
      self = .boolean(boolean)
    } else {
      self = .null
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .boolean(let boolean): try container.encode(boolean)
    case .number(let number): try container.encode(number)
    case .string(let string): try container.encode(string)
    case .array(let array): try container.encode(array)
    case .object(let object): try container.encode(object)
    }
  }
}

extension JSONValue {
  /// Reads the JSON document at `path`.
  ///
  /// - Throws: `RecordingError` if there is none.
  init(contentsOf path: String) throws(RecordingError) {
    try self.init(ByteSource.contents(of: path), path: path)
  }

  /// Reads the JSON document in `bytes`, which came from `path`.
  ///
  /// - Throws: `RecordingError` if it is none.
  init(_ bytes: [UInt8], path: String) throws(RecordingError) {
    do {
      self = try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
    } catch {
      throw .malformedSidecar(path: path, reason: "its \(bytes.count) bytes are not JSON")
    }
  }

  /// The document as UTF-8, indented and sorted, so that equal values make equal files.
  func document() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try [UInt8](encoder.encode(self)) + Array("\n".utf8)
  }
}

extension JSONValue: CustomStringConvertible {
  /// The value as an error message quotes it.
  var description: String {
    switch self {
    case .null: "null"
    case .boolean(let boolean): String(boolean)
    case .number(let number): number.quoted
    case .string(let string): "\"\(string)\""
    case .array(let array): "a list of \(array.count)"
    case .object: "an object"
    }
  }
}

extension Double {
  /// The number as an error message quotes it: to nine digits, without a fraction of zero.
  var quoted: String {
    guard isNormal else { return self == 0 ? "0" : String(self) }
    // A power of ten is exact as a divisor, not as a factor.
    var scale = 1.0
    while abs(self) * scale < 1e8, scale < 1e15 { scale *= 10 }
    let rounded = (self * scale).rounded() / scale
    return Int(exactly: rounded).map(String.init) ?? String(rounded)
  }
}

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// A page that is complete in one file, but for what it shows.
struct PageTemplate: Sendable {
  /// The page that shows a recording.
  static let recording = PageTemplate(Assets.recording)

  /// The page that shows an evaluation.
  static let evaluation = PageTemplate(Assets.evaluation)

  private let before: [UInt8]
  private let after: [UInt8]

  /// Where the content goes.
  private static let marker = Array("/*CONTENT*/".utf8)

  private init(_ page: [UInt8]) {
    let place = page.indices.first { page[$0...].starts(with: Self.marker) }
    guard let place else { preconditionFailure("the page has no place for its content") }
    before = Array(page[..<place])
    after = Array(page[(place + Self.marker.count)...])
  }

  /// The page that shows `content`.
  func filled(with content: some Encodable) -> [UInt8] {
    filled(withJSON: Self.json(of: content))
  }

  /// `content` as an object of JSON.
  static func json(of content: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let json = try? encoder.encode(content) else {
      preconditionFailure("what a page shows can always be written as JSON")
    }
    return Array(json)
  }

  /// The page that shows an object of JSON.
  ///
  /// A less-than sign only occurs in strings, where its escape says the same and cannot end the
  /// script.
  func filled(withJSON json: [UInt8]) -> [UInt8] {
    let escape = Array("\\u003c".utf8)
    var result = before
    result.reserveCapacity(before.count + json.count + after.count)
    for byte in json {
      if byte == UInt8(ascii: "<") { result += escape } else { result.append(byte) }
    }
    return result + after
  }
}

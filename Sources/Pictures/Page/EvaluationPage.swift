/// The page that shows how well a model does, complete in one file.
///
/// It shows what is there: parts whose keys an evaluation does not have are left out, and figures
/// that the page has no picture for stand in a table.
public struct EvaluationPage: Sendable {
  /// What was judged.
  public var title: String

  /// How it was judged, in words.
  public var notes: [String]

  /// Creates a page.
  public init(title: String, notes: [String] = []) {
    self.title = title
    self.notes = notes
  }

  /// The page that shows an evaluation.
  ///
  /// - Parameter json: The object that `evaluate --format json` prints.
  /// - Returns: The bytes of a file of HTML.
  public func file(json: [UInt8]) -> [UInt8] {
    let head = PageTemplate.json(of: Head(title: title, notes: notes))
    // The evaluation becomes one more key of the object.
    let content = head.dropLast() + Array(",\"evaluation\":".utf8) + json + [UInt8(ascii: "}")]
    return PageTemplate.evaluation.filled(withJSON: Array(content))
  }

  private struct Head: Encodable {
    var title: String
    var notes: [String]
  }
}

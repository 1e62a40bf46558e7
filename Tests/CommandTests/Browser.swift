import Foundation
import Testing

/// Chromium without a window, which shows that a page works as its reader would see it.
enum Browser {
  /// Where it is, and `nil` if it is not installed.
  static let path: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    for name in ["chromium", "chromium-browser", "google-chrome"] {
      for folder in folders {
        let path = "\(folder)/\(name)"
        if FileManager.default.isExecutableFile(atPath: path) { return path }
      }
    }
    return nil
  }()

  /// What a page has become when its scripts have run.
  struct Document {
    /// The document, as HTML.
    var text: String

    /// What the scripts complained about.
    var complaints: [String]

    /// The text within the element called `id`, without its tags.
    func text(of id: String) throws -> String {
      let start = try #require(text.range(of: "id=\"\(id)\""), "no element \(id)")
      let rest = text[start.upperBound...]
      let name = try #require(
        text[..<start.lowerBound].split(separator: "<").last?.split(separator: " ").first)
      let open = try #require(rest.firstIndex(of: ">"))
      let end = try #require(rest.range(of: "</\(name)>"))
      let inner = rest[rest.index(after: open)..<end.lowerBound]
      return inner.replacingOccurrences(of: "<[^>]*>", with: " ", options: .regularExpression)
        .replacingOccurrences(of: "&nbsp;", with: " ")
        .replacingOccurrences(of: "&lt;", with: "<")
        .replacingOccurrences(of: "&gt;", with: ">").replacingOccurrences(of: "&amp;", with: "&")
    }
  }

  /// Opens the page at `page`, and runs `script` in it when its own scripts have run.
  static func open(_ page: String, script: String = "") throws -> Document {
    let folder = try TemporaryFolder()
    var html = try String(contentsOfFile: page, encoding: .utf8)
    let end = try #require(html.range(of: "</body>", options: .backwards))
    html.insert(contentsOf: "<script>{ \(script) }</script>", at: end.lowerBound)
    let copy = folder.path("page.html")
    try html.write(toFile: copy, atomically: true, encoding: .utf8)

    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(path))
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
      "--user-data-dir=\(folder.path("profile"))", "--window-size=1240,1200",
      "--virtual-time-budget=3000", "--enable-logging=stderr", "--dump-dom", "file://\(copy)",
    ]
    let complaints = folder.url.appendingPathComponent("complaints")
    try Data().write(to: complaints)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: complaints)
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let lines = try String(contentsOf: complaints, encoding: .utf8).split(separator: "\n")
    return Document(
      text: text, complaints: lines.filter { $0.contains("CONSOLE") }.map(String.init))
  }
}

import ArgumentParser
import Pictures
import Recordings

/// A page with the results, beside what is printed.
struct ReportOptions: ParsableArguments {
  @Option(
    name: .customLong("report"),
    help:
      "Also write a page with tables and diagrams that needs nothing else, such as report.html.",
    completion: .file(extensions: ["html"]))
  var path: String?

  /// Refuses a folder that takes no file: minutes of training must not end there.
  func checkFolder() throws {
    if let path { try OutputFile.requireRoom(for: path) }
  }

  /// Writes the page of an evaluation, if one is wanted.
  func write(_ evaluation: EvaluationObject, title: String, notes: [String]) throws {
    guard let path else { return }
    let page = EvaluationPage(title: title, notes: notes)
    var file = try OutputFile(path: path)
    try file.write(page.file(json: try Console.json(of: evaluation))[...])
    try file.commit()
  }
}

import Foundation
import Radar
import Recordings
import Testing

@Suite("Data set")
struct DataSetTests {
  private let frame = [UInt8](repeating: 1, count: smallFrameBytes)

  @Test("Every recording with labels takes part, in the order of paths")
  func order() throws {
    let folder = try TemporaryFolder()
    let labels = ["b/2": "swipe", "b/1": "push", "a": "tap", "c": "background"]
    for (name, label) in labels {
      try folder.write(name + ".sigmf-data", frame)
      try folder.write(
        name + ".sigmf-meta", global: smallFields.merging(["radar:label": label]) { $1 })
    }
    try folder.write("d.sigmf-data", frame)
    try folder.write("d.sigmf-meta", global: smallFields)
    try folder.write("README.md", frame)
    try folder.write(".hidden/x.sigmf-meta", Array("no sidecar".utf8))
    let dataSet = try DataSet(path: folder.path)
    let path = folder.path
    #expect(
      dataSet.recordings.map(\.path)
        == ["a", "b/1", "b/2", "c"].map { "\(path)/\($0).sigmf-meta" })
    #expect(dataSet.unlabelled.map(\.path) == ["\(path)/d.sigmf-meta"])
    #expect(dataSet.labels == ["push", "swipe", "tap"])
    #expect(dataSet.recordings.map(\.annotations.count) == [1, 1, 1, 0])
  }

  @Test("A sidecar that names no samples goes with those that are called like it")
  func names() throws {
    let folder = try TemporaryFolder()
    let fields = smallFields.merging(["radar:label": "tap"]) { $1 }
    for name in ["a.bin", "b.sigmf-data", "b.bin"] { try folder.write(name, frame) }
    for name in ["a", "b"] { try folder.write(name + ".sigmf-meta", global: fields) }
    let files = try DataSet(path: folder.path).recordings.map(\.files)
    #expect(files == [["\(folder.path)/a.bin"], ["\(folder.path)/b.sigmf-data"]])
  }

  @Test("A folder without labels is refused")
  func unlabelled() throws {
    let folder = try TemporaryFolder()
    try folder.write("d.sigmf-data", frame)
    try folder.write("d.sigmf-meta", global: smallFields)
    let path = folder.path
    let error = #expect(throws: RecordingError.self) { try DataSet(path: path) }
    #expect(
      error?.description == "\(path) is no data set: none of its 1 recordings has a label")
    #expect(throws: RecordingError.missingFile(path: path + "/x")) {
      try DataSet(path: path + "/x")
    }
    #expect(throws: RecordingError.self) { try DataSet(path: path + "/d.sigmf-data") }
  }

  @Test("A recording that contradicts its sidecar spoils the set")
  func contradiction() throws {
    let folder = try TemporaryFolder()
    try folder.write("d.sigmf-data", frame.dropLast())
    try folder.write("d.sigmf-meta", global: smallFields.merging(["radar:label": "a"]) { $1 })
    let path = folder.path
    #expect(
      throws: RecordingError.partialFrame(offset: 0, frames: 0, found: 95, expected: 96)
    ) { try DataSet(path: path) }
  }
}

import Foundation
import Radar
import Recordings
import Testing

/// The folder of recordings that are not part of the project.
let sharedData = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appendingPathComponent("shared/data").path

/// Whether the folder called `name` is there to test with.
func hasSharedData(_ name: String) -> Bool {
  FileManager.default.fileExists(atPath: "\(sharedData)/\(name)")
}

@Suite("A121 recordings")
struct A121Tests {
  @Test(
    "The gestures of the real sensor are read as they are",
    .enabled(if: hasSharedData("a121-gestures"), "../shared/data/a121-gestures is absent"))
  func gestures() throws {
    let dataSet = try DataSet(path: sharedData + "/a121-gestures")
    #expect(dataSet.labels == ["double_tap_in", "tap_in", "tap_out", "wiggle"])
    #expect(dataSet.recordings.count == 9 && dataSet.unlabelled.count == 2)
    #expect(dataSet.recordings.map(\.annotations.count).reduce(0, +) == 301)
    #expect(
      Set(dataSet.recordings.map(\.session)) == ["2022-07-14", "2022-07-25", "2022-08-24"])
    let recording = try #require(dataSet.recordings.last)
    try recording.verifyChecksum()
    #expect(recording.frameCount == 7547)
    // Fifty frames each, at about 59 a second.
    for annotation in recording.annotations {
      #expect(
        abs(annotation.end - annotation.start - 50 * recording.waveform.frameInterval) < 1e-9)
    }
    #expect(recording.waveform.kind == .pulsed && recording.waveform.rangeBins == 6)

    var reader = try RecordingReader(recording)
    var frame = Frame(shape: recording.waveform.shape)
    var count = 0
    while try reader.read(into: &frame) { count += 1 }
    #expect(count == 7547 && frame.index == 7546)
    let data = try Data(contentsOf: URL(fileURLWithPath: recording.files[0]))
    let last = data.suffix(2).reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect(frame.samples.last == Float(Int16(truncatingIfNeeded: last)))
  }
}

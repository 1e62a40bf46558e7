import Foundation
import Gestures
import Radar
import Simulation
import Testing

@Suite("Code model", .serialized)
struct CodeModelTests {
  private func model(threads: Int = 2, epochs: Int = 2) throws -> CodeModel {
    var trainer = CodeTrainer()
    trainer.bits = 32
    trainer.epochs = epochs
    trainer.batchSize = 16
    trainer.seed = 3
    trainer.threads = threads
    let people = simulatedPeople(8, gestures: [.push, .pull, .wave])
    let grid = try FeatureGrid.fitting(people, steps: 16, velocityBins: 8)
    return try trainer.train(
      on: LabelledSequence.read(people, grid: grid),
      waveforms: WaveformFamily(of: people.map(\.waveform)))
  }

  private func temporaryPath() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
  }

  private func bytes(of model: CodeModel) throws -> [UInt8] {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try model.write(to: path)
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  @Test("One seed gives one model, whatever the number of threads, and a file keeps it")
  func determinism() throws {
    let alone = try bytes(of: model(threads: 1))
    #expect(try bytes(of: model(threads: 3)) == alone)
    let read = try CodeModel(bytes: alone)
    #expect(try bytes(of: read) == alone && read.bitCount == 32)
    #expect(read.labels == ["pull", "push", "wave"])
    #expect(throws: (any Error).self) { try CodeModel(bytes: Array(alone.dropLast(4))) }
    #expect(throws: (any Error).self) { try GestureModel(bytes: alone) }
    // Another weight, another fingerprint.
    var other = alone
    other[other.count - 2] ^= 1
    #expect(try CodeModel(bytes: other).fingerprint != read.fingerprint)
  }

  @Test("Codes of new people bring like gestures together, and a gallery names them")
  func gallery() throws {
    let model = try model(epochs: 30)
    let people = simulatedPeople(6, gestures: [.push, .pull, .wave], seed: 8)
    let report = model.retrieval(in: try LabelledSequence.read(people, grid: model.grid))
    #expect(report.queries == 18)
    #expect(report.meanAveragePrecision > 0.8, "\(report.meanAveragePrecision)")

    var archive = CodeArchive(bitCount: model.bitCount, model: model.fingerprint)
    for person in people.prefix(3) {
      for name in ["push", "wave"] {
        for entry in try model.examples(of: name, in: person) { archive.append(entry) }
      }
    }
    var gallery = try Gallery(model: model, archive: archive, path: "gallery")
    gallery.reach = model.bitCount
    var right = 0
    for person in people.suffix(3) {
      let answers = gallery.answers(in: try model.features(of: person))
      for mark in person.annotations where mark.label != "pull" {
        let answer = answers.first { abs(($0.start + $0.end) / 2 - mark.middle) < 0.4 }
        right += answer?.label == mark.label ? 1 : 0
      }
      gallery.reach = -1
      for answer in gallery.answers(in: try model.features(of: person)) {
        #expect(answer.label == "unknown")
      }
      gallery.reach = model.bitCount
    }
    #expect(right >= 5, "\(right) of 6")
    #expect(throws: CodeArchiveError.self) {
      try Gallery(
        model: model, archive: CodeArchive(bitCount: 32, model: 1), path: "other")
    }
  }

  @Test("Without marks, the example is where most moves; under another name it is refused")
  func examples() throws {
    let model = try model()
    var person = simulatedPeople(1, gestures: [.push], seed: 5)[0]
    #expect(throws: GestureError.self) { try model.examples(of: "zigzag", in: person) }
    let mark = person.annotations[0]
    person.annotations = []
    let entries = try model.examples(of: "zigzag", in: person)
    #expect(entries.count == 1 && entries[0].name == "zigzag")
    #expect(abs((entries[0].start + entries[0].end) / 2 - mark.middle) < 0.5)
  }

  @Test("Learning from one gesture is refused")
  func tooFew() throws {
    let people = simulatedPeople(2, gestures: [.push])
    #expect(throws: GestureError.self) { try CodeTrainer().train(on: people) }
  }
}

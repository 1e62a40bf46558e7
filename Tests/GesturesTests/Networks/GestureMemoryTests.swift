import Autodiff
import Foundation
import Gestures
import Networks
import Radar
import Simulation
import Testing

@Suite("What a classifier remembers")
struct GestureMemoryTests {
  @Test(
    "A gesture that was never learned is told from those that were",
    arguments: [NetworkKind.timeFrequency, .streaming])
  func unknownGestures(kind: NetworkKind) throws {
    let people = simulatedPeople(10, gestures: [.push, .pull])
    let grid = try FeatureGrid.fitting(people, steps: 16, velocityBins: 8)
    var trainer = GestureTrainer()
    trainer.network = kind
    trainer.epochs = 15
    trainer.batchSize = 16
    trainer.validationFraction = 0
    let model = try trainer.train(
      on: LabelledSequence.read(people, grid: grid),
      waveforms: WaveformFamily(of: people.map(\.waveform))
    ).model
    let others = simulatedPeople(8, gestures: [.push, .pull, .wave], seed: 90)
    let sequences = try LabelledSequence.read(others, grid: grid)
    var rejection = RejectionReport()
    for sequence in sequences {
      let marks = sequence.annotations
      let views = model.views(of: marks.map { sequence.features.window(centeredAt: $0.middle) })
      for (mark, view) in zip(marks, views) {
        let unlikeness = try #require(view.unlikeness)
        rejection.add(
          Prediction(labels: ["any"], probabilities: [1], unfamiliarity: unlikeness),
          isKnown: mark.label != "wave")
      }
    }
    let area = try #require(rejection.areaUnderCurve)
    #expect(area > 0.9, "\(area)")
    // What was learned is remembered as it was: nothing is unlike itself.
    let learned = try LabelledSequence(people[0], grid: grid)
    let views = model.views(
      of: learned.annotations.map { learned.features.window(centeredAt: $0.middle) })
    #expect(views.allSatisfy { $0.unlikeness ?? 1 < 1e-5 })
    // Who asks from some probability of a gesture on is told the same, of those windows only.
    let windows = stride(from: 0.3, to: learned.features.duration, by: 0.1).map {
      learned.features.window(centeredAt: $0)
    }
    let all = model.views(of: windows)
    let some = model.views(of: windows, rememberingFrom: 0.5)
    #expect(some.map(\.scores) == all.map(\.scores))
    for (view, full) in zip(some, all) {
      let powers = full.scores.map { exp(Double($0)) }
      let presence = 1 - powers[0] / powers.reduce(0, +)
      guard abs(presence - 0.5) > 1e-6 else { continue }
      #expect((view.unlikeness != nil) == (presence > 0.5))
      if let unlikeness = view.unlikeness, let wanted = full.unlikeness {
        #expect(abs(unlikeness - wanted) < 1e-6)
      }
    }
    #expect(Set(some.map { $0.unlikeness == nil }).count == 2)
  }

  @Test("A file keeps what is remembered, and a damaged memory is refused")
  func files() throws {
    let people = simulatedPeople(4)
    let grid = try FeatureGrid.fitting(people, steps: 16, velocityBins: 8)
    var trainer = GestureTrainer()
    // As many as one: a network that was shown nothing has nothing to remember.
    trainer.epochs = 0
    let sequences = try LabelledSequence.read(people, grid: grid)
    let model = try trainer.train(
      on: sequences, waveforms: WaveformFamily(of: people.map(\.waveform))
    ).model
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try model.write(to: path)
    let windows = sequences[0].annotations.map {
      sequences[0].features.window(centeredAt: $0.middle)
    }
    #expect(try GestureModel(path: path).views(of: windows) == model.views(of: windows))
    var file = try SafeTensors(path: path)
    let remembered = try #require(file.tensors["remembered"])
    file.tensors["remembered"] = remembered.sliced(0..<3, along: 1)
    try file.write(to: path)
    #expect(throws: GestureError.badModel("the gestures that it remembers are damaged")) {
      try GestureModel(path: path)
    }
    file.tensors["remembered"] = nil
    try file.write(to: path)
    let old = try GestureModel(path: path).views(of: windows)
    #expect(old.allSatisfy { $0.unlikeness == nil })
    #expect(old.map(\.scores) == model.views(of: windows).map(\.scores))
  }
}

import Foundation
import Gestures
import Radar
import Simulation
import Testing

@Suite("Bayesian gesture model", .serialized)
struct BayesianModelTests {
  private func model(_ method: BayesianMethod, threads: Int = 2) throws -> BayesianGestureModel {
    var trainer = BayesianTrainer(method: method)
    trainer.base.epochs = 2
    trainer.base.batchSize = 8
    trainer.base.seed = 3
    trainer.base.threads = threads
    let people = simulatedPeople(5)
    let grid = try FeatureGrid.fitting(people, steps: 16, velocityBins: 8)
    return try trainer.train(
      on: LabelledSequence.read(people, grid: grid),
      waveforms: WaveformFamily(of: people.map(\.waveform)))
  }

  private func bytes(of model: BayesianGestureModel) throws -> [UInt8] {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try model.write(to: path)
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  @Test(
    "One seed gives one model, whatever the number of threads, and a file keeps its answers",
    arguments: BayesianMethod.allCases)
  func determinism(method: BayesianMethod) throws {
    let alone = try model(method, threads: 1)
    let written = try bytes(of: alone)
    #expect(try bytes(of: model(method, threads: 3)) == written)
    let read = try BayesianGestureModel(bytes: written)
    #expect(try bytes(of: read) == written && read.method == method)
    // Waving is what the model has never heard of.
    let people = simulatedPeople(2, gestures: [.push, .pull, .wave], seed: 9)
    let sequences = try LabelledSequence.read(people, grid: read.grid)
    var reports = [alone, read].map { _ in BayesianReport(labels: ["pull", "push"]) }
    reports[0].judge(sequences, by: alone)
    reports[1].judge(sequences, by: read)
    #expect(reports[0].classification.count == 4)
    #expect(reports[0].meanUncertainty == reports[1].meanUncertainty)
    #expect(reports[0].areaUnderCurve == reports[1].areaUnderCurve)
    #expect(reports[0].areaUnderCurve != nil)
    #expect(reports[0].meanEpistemic >= 0 && reports[0].meanEpistemic <= reports[0].meanUncertainty)
    #expect(throws: (any Error).self) {
      try BayesianGestureModel(bytes: Array(written.dropLast(4)))
    }
    #expect(throws: (any Error).self) { try GestureModel(bytes: written) }
  }

  @Test("When to tell an event, and what is unknown, is learned from what is held out")
  func heldOut() throws {
    let people = simulatedPeople(10)
    let grid = try FeatureGrid.fitting(people, steps: 16, velocityBins: 8)
    let sequences = try LabelledSequence.read(people, grid: grid)
    let waveforms = WaveformFamily(of: people.map(\.waveform))
    var trainer = BayesianTrainer(method: .laplace)
    trainer.base.epochs = 15
    let model = try trainer.train(on: sequences, waveforms: waveforms)
    #expect(model.detection.vigour != nil)
    let read = try BayesianGestureModel(bytes: bytes(of: model))
    #expect(read.detection == model.detection)
    #expect(read.unfamiliarityLimit == model.unfamiliarityLimit)
    #expect(try #require(model.unfamiliarityLimit) > 0)
    let others = simulatedPeople(8, gestures: [.push, .pull, .wave], seed: 90)
    var report = BayesianReport(labels: ["pull", "push"])
    report.judge(try LabelledSequence.read(others, grid: grid), by: read)
    let known = try #require(report.rejectedShareOfKnown)
    let unknown = try #require(report.rejectedShareOfUnknown)
    // The limit lies where one known gesture in twenty would, so it is no wonder that most pass.
    #expect(known < 0.2 && unknown > known + 0.2, "\(known) \(unknown)")
    trainer.base.validationFraction = 0
    let unsure = try trainer.train(on: sequences, waveforms: waveforms)
    #expect(unsure.detection.vigour == nil && unsure.unfamiliarityLimit == nil)
  }

  @Test("A model tells a gesture that it has never seen from those that it knows")
  func unknownGestures() throws {
    var trainer = BayesianTrainer(method: .dropout)
    trainer.base.epochs = 15
    trainer.base.batchSize = 16
    trainer.base.validationFraction = 0
    let people = simulatedPeople(10, gestures: [.push, .pull])
    let grid = try FeatureGrid.fitting(people, steps: 16, velocityBins: 8)
    let model = try trainer.train(
      on: LabelledSequence.read(people, grid: grid),
      waveforms: WaveformFamily(of: people.map(\.waveform)))
    let others = simulatedPeople(8, gestures: [.push, .pull, .wave], seed: 90)
    var report = BayesianReport(labels: ["pull", "push"])
    report.judge(try LabelledSequence.read(others, grid: grid), by: model)
    let area = try #require(report.areaUnderCurve)
    #expect(area > 0.9, "\(area)")
  }

  @Test("Every way to learn is judged by all gestures, and by its knowledge of kinds left out")
  func comparison() throws {
    // Parts of four, so that it takes much chance for one to have all gestures of a kind.
    let people = simulatedPeople(4, gestures: [.push, .pull, .wave])
    var gestures = GestureTrainer()
    gestures.epochs = 1
    let validation = CrossValidation(split: .folds(3), trainer: gestures)
    var bayesian = BayesianTrainer(method: .ensemble)
    bayesian.base.epochs = 1
    var codes = CodeTrainer()
    codes.epochs = 1
    codes.bits = 16
    let results = [
      try validation.compare(people, leavesOutClasses: true),
      try validation.compare(people, bayesian: bayesian, leavesOutClasses: true),
      try validation.compare(people, codes: codes, leavesOutClasses: true),
    ]
    for (total, areas) in results {
      #expect(total.classification.count == 12)
      #expect(areas.map(\.label) == ["pull", "push", "wave"])
      #expect(total.cost.answers == 12 && total.cost.microsecondsPerAnswer > 0)
    }
    // Five networks have learned five times as much as one, beside the gestures they remember, and
    // one draw contradicts nothing.
    #expect(
      results[1].total.cost.parameterCount > 5 * results[0].total.cost.parameterCount)
    #expect(results[0].total.meanEpistemic < 1e-9 && results[1].total.meanEpistemic > 0)

    // Without all that lies around a kind, too: a third of the others is held out with it.
    let leaving = CrossValidation(split: .label, trainer: gestures)
    for (total, areas) in [
      try leaving.compare(people, leavesOutClasses: true),
      try leaving.compare(people, bayesian: bayesian, leavesOutClasses: true),
    ] {
      #expect(areas.map(\.label) == ["pull", "push", "wave"])
      #expect((1...12).contains(total.classification.count))
    }
  }
}

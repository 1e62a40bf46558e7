import Autodiff
import Foundation
import Gestures
import Networks
import Radar
import Simulation
import Testing

@Suite("Learning after learning", .serialized)
struct PretrainingTests {
  private func weights(_ model: GestureModel) throws -> [String: [Float]] {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try model.write(to: path)
    // What a model remembers is no weight.
    return try SafeTensors(path: path).tensors.filter { $0.key != "remembered" }
      .mapValues(\.elements)
  }

  @Test(
    "The trunk of the model to start from is taken over, and the head only if the classes agree",
    arguments: [NetworkKind.timeFrequency, .streaming])
  func adoption(kind: NetworkKind) throws {
    var trainer = GestureTrainer()
    trainer.network = kind
    trainer.epochs = 1
    trainer.validationFraction = 0
    let people = simulatedPeople(3)
    let others = simulatedPeople(3, gestures: [.push, .pull, .wave], seed: 5)
    let start = try trainer.pretrain(on: others, for: people)
    #expect(try start.grid == FeatureGrid.fitting(people))
    #expect(start.labels == ["background", "pull", "push", "wave"])

    // Whoever learns at a rate of zero keeps what was there.
    trainer.learningRate = 0
    trainer.start = start
    let before = try weights(start)
    let after = try weights(trainer.train(on: people).model)
    for (name, weight) in after {
      if name.contains("output.") {
        #expect(before[name]?.count != weight.count)
      } else {
        #expect(before[name].map { zip($0, weight).allSatisfy { abs($0 - $1) < 1e-5 } } == true)
      }
    }
    let same = try weights(trainer.train(on: others).model)
    for (name, weight) in same {
      #expect(before[name].map { zip($0, weight).allSatisfy { abs($0 - $1) < 1e-5 } } == true)
    }
  }

  @Test("Who has learned from many people learns from two in no time")
  func help() throws {
    var trainer = GestureTrainer()
    trainer.epochs = 12
    trainer.validationFraction = 0
    let people = simulatedPeople(2, gestures: [.push, .pull, .tap], seed: 20)
    let start = try trainer.pretrain(
      on: simulatedPeople(16, gestures: [.push, .pull, .wave]), for: people)
    trainer.epochs = 6
    let alone = try trainer.train(on: people).model
    trainer.start = start
    let helped = try trainer.train(on: people).model
    let judges = try simulatedPeople(10, gestures: [.push, .pull, .tap], seed: 30).map {
      try LabelledSequence($0, grid: helped.grid)
    }
    func accuracy(_ model: GestureModel) -> Double {
      var evaluation = Evaluation(labels: model.labels)
      evaluation.judge(judges, by: model)
      return evaluation.classification.accuracy
    }
    #expect(accuracy(helped) > accuracy(alone) + 0.1)
    #expect(accuracy(helped) > 0.8)
  }

  @Test("A model of other waveforms is no start")
  func otherWaveform() throws {
    var trainer = GestureTrainer()
    trainer.start = try .shipped(for: SimulatedRadar.cw24.waveform)
    #expect(throws: GestureError.self) { try trainer.train(on: simulatedPeople(2)) }
  }
}

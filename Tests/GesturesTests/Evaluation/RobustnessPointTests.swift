import Gestures
import Radar
import Simulation
import Testing

@Suite("Point of a robustness study")
struct RobustnessPointTests {
  private func people(snr: Double, count: Int = 3) -> [LabelledRecording] {
    let set = SimulatedDataSet(
      radar: .cw5, gestures: [.push, .pull],
      options: SceneOptions(radar: .cw5, signalToNoiseRatio: snr), seed: 900)
    return (0..<count).map { LabelledRecording(set[$0], name: "person \($0)") }
  }

  @Test("Is the evaluation of all its people, however they are handed over")
  func sum() throws {
    let model = try GestureModel.shipped(for: SimulatedRadar.cw5.waveform)
    let people = people(snr: 10)
    var whole = RobustnessPoint(value: 10, model: model)
    try whole.judge(people)
    var parts = RobustnessPoint(value: 10, model: model)
    try parts.judge(Array(people[..<1]))
    try parts.judge(Array(people[1...]))
    var evaluation = Evaluation(labels: model.labels)
    evaluation.judge(try LabelledSequence.read(people, grid: model.grid), by: model)
    for point in [whole, parts] {
      #expect(point.evaluation.classification.confusion == evaluation.classification.confusion)
      #expect(point.evaluation.recordings == 3)
      #expect(point.evaluation.events.f1 == evaluation.events.f1)
      #expect(point.accuracy.share == evaluation.classification.accuracy)
      #expect(point.accuracy.clusters.map(\.count) == [2, 2, 2])
    }
    #expect(whole.accuracy.share > 0.8)
  }

  @Test("Falls to chance where there is nothing but noise")
  func noise() throws {
    let model = try GestureModel.shipped(for: SimulatedRadar.cw5.waveform)
    var point = RobustnessPoint(value: -40, model: model)
    try point.judge(people(snr: -40))
    #expect(point.accuracy.share <= 0.5)
  }

  @Test("Refuses people before another radar")
  func otherRadar() throws {
    var point = RobustnessPoint(
      value: 0, model: try GestureModel.shipped(for: SimulatedRadar.cw5.waveform))
    #expect(throws: GestureError.self) { try point.judge(simulatedPeople(1)) }
  }
}

import Autodiff
import Foundation
import Gestures
import Radar
import Simulation
import Testing

@Suite("Streaming network")
struct StreamingNetworkTests {
  private static func grid(steps: Int, bins: Int = 16, gates: Int = 0) -> FeatureGrid {
    FeatureGrid(
      timeStep: 0.02, steps: steps, maximumVelocity: 2, velocityBins: bins,
      quantities: [.power, .range], floorLevel: 0,
      rangeGates: gates > 0 ? RangeGates(start: 0, end: 1, count: gates) : nil)
  }

  private static func features(_ count: Int, seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in Float.random(in: 0...2, using: &generator) }
  }

  @Test(
    "A stream taken step by step gives what its windows give at once",
    arguments: [8, 11, 16, 31, 48, 72], [1, 2, 3])
  func sameAnswers(steps: Int, seed: UInt64) {
    for gates in steps == 16 ? [0, 1, 2, 7, 20] : [0, 8] {
      sameAnswers(steps: steps, seed: seed, gates: gates)
    }
  }

  private func sameAnswers(steps: Int, seed: UInt64, gates: Int) {
    let grid = Self.grid(steps: steps, bins: 4 * Int(seed), gates: gates)
    let network = StreamingNetwork(grid: grid, classes: 5, seed: seed)
    var state = StreamingState(network, grid: grid)
    let length = 2 * steps + 5
    let width = grid.featuresPerStep
    var values = Self.features(length * width, seed: seed + 10)
    // A while in which nothing moves, as streams have.
    for index in (steps - 3) * width..<(steps + 2) * width { values[index] = 0 }
    let padded = [Float](repeating: 0, count: steps * width) + values
    for step in 0..<length {
      state.append(Array(values[step * width..<(step + 1) * width]))
      let window = Array(padded[(step + 1) * width..<(step + 1 + steps) * width])
      let shape = [1, steps, grid.velocityBins, grid.channels]
      let scores = network.scores(of: Tensor(window, shape: shape)).elements
      // Answers are not always wanted.
      guard step % 3 != 1 else { continue }
      for (one, other) in zip(network.scores(ofEmbeddings: state.embedding()).elements, scores) {
        #expect(abs(one - other) < 1e-5)
      }
    }
  }

  @Test("What comes later changes nothing that was said before")
  func causality() {
    let grid = Self.grid(steps: 48)
    let network = StreamingNetwork(grid: grid, classes: 4, seed: 7)
    let width = grid.featuresPerStep
    let (length, change) = (90, 60)
    let first = Self.features(length * width, seed: 1)
    var second = first
    for index in change * width..<length * width { second[index] += 1 }
    func answers(_ values: [Float]) -> [[Float]] {
      var state = StreamingState(network, grid: grid)
      return (0..<length).map { step in
        state.append(Array(values[step * width..<(step + 1) * width]))
        return network.scores(ofEmbeddings: state.embedding()).elements
      }
    }
    let (one, other) = (answers(first), answers(second))
    #expect(one[..<change] == other[..<change])
    // And it is heard at once: the last layers look at the present.
    #expect(one[change] != other[change])
  }

  @Test("A frame is seen as an image: each gate and each velocity in it counts")
  func image() {
    let grid = Self.grid(steps: 8, bins: 8, gates: 8)
    let network = StreamingNetwork(grid: grid, classes: 4, seed: 7)
    let shape = [1, 8, grid.velocityBins, grid.channels]
    let values = Self.features(8 * grid.featuresPerStep, seed: 5)
    let scores = network.scores(of: Tensor(values, shape: shape)).elements
    for cell in 0..<64 {
      var changed = values
      let place = 7 * grid.featuresPerStep + cell / 8 * grid.channels + 2 + cell % 8
      changed[place] += 4
      #expect(network.scores(of: Tensor(changed, shape: shape)).elements != scores)
    }
    // Neighbours in the image are neighbours to the network: the order of gates is not all one.
    var turned = values
    for row in stride(from: 0, to: values.count, by: grid.channels) {
      for gate in 0..<8 { turned[row + 2 + gate] = values[row + 9 - gate] }
    }
    #expect(network.scores(of: Tensor(turned, shape: shape)).elements != scores)
  }

  @Test("An answer depends on as many steps as are said, and on no older one", arguments: [8, 48])
  func receptiveField(steps: Int) {
    let grid = Self.grid(steps: steps)
    let network = StreamingNetwork(grid: grid, classes: 4, seed: 7)
    let reach = network.schedule.receptiveField
    #expect(reach <= steps && reach > steps - 8)
    let width = grid.featuresPerStep
    let values = Self.features(200 * width, seed: 2)
    func last(_ values: [Float]) -> [Float] {
      var state = StreamingState(network, grid: grid)
      for step in 0..<200 { state.append(Array(values[step * width..<(step + 1) * width])) }
      return network.scores(ofEmbeddings: state.embedding()).elements
    }
    func changed(age: Int) -> [Float] {
      var values = values
      for index in 0..<width { values[(199 - age) * width + index] += 1 }
      return last(values)
    }
    #expect(changed(age: reach) == last(values))
    #expect(changed(age: reach - 1) != last(values))
  }

  @Test("The windows of a recording are judged alike one by one and in passing")
  func passing() throws {
    let grid = Self.grid(steps: 16)
    let labels = ["background", "push", "pull"]
    let waveforms = WaveformFamily(of: [SimulatedRadar.pulsed60.waveform])
    let model = GestureModel(
      labels: labels, grid: grid, waveforms: waveforms, durations: [0, 1, 1],
      marksBackground: false, network: GestureNetwork(.streaming, grid: grid, classes: 3, seed: 1))
    var features = FeatureSequence(grid: grid)
    for step in 0..<150 {
      let values = Self.features(grid.featuresPerStep, seed: UInt64(step))
      features.append(FeatureExtractor.Step(features: values, damage: 0))
    }
    let middles = stride(from: 21, to: 158, by: 3).map { (Double($0) + 0.5 - 8) * 0.02 }
    let passing = model.views(of: features, at: middles)
    let single = model.views(of: middles.map { features.window(centeredAt: $0) })
    #expect(passing.count == middles.count)
    for (one, other) in zip(passing.flatMap(\.scores), single.flatMap(\.scores)) {
      #expect(abs(one - other) < 1e-4)
    }
  }

  @Test("Events in a stream are those of its windows")
  func events() throws {
    var trainer = GestureTrainer()
    trainer.epochs = 24
    trainer.network = .streaming
    let people = simulatedPeople(12)
    let model = try trainer.train(on: people).model
    #expect(model.networkKind == .streaming)
    let person = simulatedPeople(1, seed: 8)[0]
    let frames = try frames(of: person)
    let found = try GestureClassifier(model: model).events(in: frames, waveform: person.waveform)
    var streamed = EventReport()
    streamed.add(
      found, annotations: person.annotations,
      seconds: Double(frames.count) * person.waveform.frameInterval)
    var whole = Evaluation(labels: model.labels)
    whole.judge([try LabelledSequence(person, grid: model.grid)], by: model)
    #expect(streamed.hits == whole.events.hits && streamed.hits > 0)
    #expect(streamed.falseAlarms == whole.events.falseAlarms)
    #expect(streamed.misses == whole.events.misses)
  }

  private func frames(of recording: LabelledRecording) throws -> [Frame] {
    var frames: [Frame] = []
    try recording.forEachFrame { frames.append(copy $0) }
    return frames
  }
}

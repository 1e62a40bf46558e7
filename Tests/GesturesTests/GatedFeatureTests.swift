import Foundation
import Gestures
import Networks
import Radar
import Simulation
import Testing

@Suite("Features of range gates")
struct GatedFeatureTests {
  private func grid(_ gates: RangeGates?) -> FeatureGrid {
    FeatureGrid(
      timeStep: 0.02, steps: 16, maximumVelocity: 2, velocityBins: 16,
      quantities: [.power, .range, .horizontal], floorLevel: 20, levelScale: 20, middleRange: 0.5,
      rangeScale: 0.5, rangeGates: gates)
  }

  private static let gates = RangeGates(start: 0.1, end: 0.9, count: 4)

  /// The features of the middle of half a second in which a scatterer moves on.
  private func features(
    radar: SimulatedRadar = .fmcw77, grid: FeatureGrid, range: Double, velocity: Double = 0.6
  ) -> [Float] {
    let waveform = radar.waveform
    let synthesis = EchoSynthesis(waveform: waveform)
    var extractor = FeatureExtractor(grid: grid, waveform: waveform)
    var steps: [[Float]] = []
    var frame = Frame(shape: waveform.shape)
    for index in 0..<Int(0.5 / waveform.frameInterval) {
      frame.index = index
      frame.time = Double(index) * waveform.frameInterval
      synthesis.fill(&frame) { time in
        let place = range + velocity * (time - 0.25)
        return [Scatterer(position: SIMD3(0, 0, place), amplitude: 100 * place * place)]
      }
      extractor.append(frame) { steps.append($0.features) }
    }
    return steps[Int((0.25 / grid.timeStep).rounded())]
  }

  @Test("The channels of the quantities are what they are without gates")
  func quantities() {
    let (plain, gated) = (grid(nil), grid(Self.gates))
    #expect(plain.channels == 3 && gated.channels == 7)
    let without = features(grid: plain, range: 0.5)
    let with = features(grid: gated, range: 0.5)
    #expect(with.count == 16 * 7)
    for bin in 0..<16 {
      #expect(with[bin * 7..<bin * 7 + 3].elementsEqual(without[bin * 3..<bin * 3 + 3]))
    }
    #expect(without.contains { $0 != 0 })
  }

  @Test(
    "An echo is in the channel of the gate that holds its range, at its velocity, whatever the radar",
    arguments: [SimulatedRadar.fmcw60, .fmcw77], [0, 1, 2, 3])
  func image(radar: SimulatedRadar, gate: Int) throws {
    let grid = grid(Self.gates)
    let range = 0.2 + 0.2 * Double(gate)
    for velocity in [-0.8, 0.9] {
      let row = features(radar: radar, grid: grid, range: range, velocity: velocity)
      let cells = (0..<16).flatMap { bin in (0..<4).map { (bin: bin, gate: $0) } }
      func level(_ cell: (bin: Int, gate: Int)) -> Float { row[cell.bin * 7 + 3 + cell.gate] }
      let peak = try #require(cells.max { level($0) < level($1) })
      #expect(peak.gate == gate && level(peak) > 0.5)
      #expect(abs(grid.velocity(ofBin: peak.bin) - velocity) < 0.3)
    }
  }

  @Test("What is moved by a gate's width looks like an echo from there")
  func movement() {
    let grid = grid(Self.gates)
    var near = features(grid: grid, range: 0.4)
    let far = features(grid: grid, range: 0.6)
    for cell in stride(from: 0, to: near.count, by: 7) where near[cell] > 0 {
      grid.moveGates(of: &near, cell: cell, by: 0, farther: 0.2)
    }
    let loud = stride(from: 0, to: far.count, by: 7).filter { far[$0] > 1 }
    #expect(!loud.isEmpty)
    for cell in loud {
      for channel in 4..<7 where far[cell + channel] > 1 {
        #expect(abs(near[cell + channel] - far[cell + channel]) < 0.15)
      }
    }
    // Half a gate is between the two, and back again is where it began.
    var cells: [Float] = [9, 9, 9, 0, 2, 0, 0]
    grid.moveGates(of: &cells, cell: 0, by: 0, farther: 0.1)
    #expect(zip(cells, [9, 9, 9, 0, 1, 1, 0]).allSatisfy { abs($0 - $1) < 1e-5 })
    cells = [9, 9, 9, 0, 2, 0, 0]
    grid.moveGates(of: &cells, cell: 0, by: 0.5, farther: -0.2)
    #expect(zip(cells, [9, 9, 9, 2.5, 0, 0, 0]).allSatisfy { abs($0 - $1) < 1e-5 })
    grid.moveGates(of: &cells, cell: 0, by: -3, farther: 0)
    #expect(cells == [9, 9, 9, 0, 0, 0, 0])
  }

  private func people(_ radar: SimulatedRadar, count: Int = 1) -> [LabelledRecording] {
    let set = SimulatedDataSet(
      radar: radar, gestures: [.push, .pull], options: SceneOptions(radar: radar), seed: 3)
    return (0..<count).map { LabelledRecording(set[$0], name: "person \($0)") }
  }

  @Test("Fitted gates cover what all radars see of a hand's reach")
  func fitting() throws {
    let near = try #require(try FeatureGrid.fitting(people(.fmcw60), rangeGates: 8).rangeGates)
    #expect(near.start == 0 && near.count == 8)
    #expect(abs(near.end - 31.5 * (SimulatedRadar.fmcw60.waveform.rangeResolution ?? 0)) < 1e-9)
    let far = try #require(try FeatureGrid.fitting(people(.fmcw77), rangeGates: 6).rangeGates)
    #expect(far == RangeGates(start: 0, end: 1.2, count: 6))
    let both = try FeatureGrid.fitting(people(.fmcw77) + people(.fmcw60), rangeGates: 8)
    #expect(both.rangeGates == near)
    #expect(try FeatureGrid.fitting(people(.fmcw60)).rangeGates == nil)
  }

  @Test("A radar that cannot tell the gates is refused in one sentence")
  func refusal() throws {
    let pulsed = #expect(throws: GestureError.self) {
      try FeatureGrid.fitting(people(.pulsed60), rangeGates: 8)
    }
    #expect(
      pulsed?.description
        == "person 0 comes from a radar that has 6 range bins where hands are, and 8 range gates"
        + " need one each")
    let wave = #expect(throws: GestureError.self) {
      try FeatureGrid.fitting(people(.cw24), rangeGates: 8)
    }
    #expect(wave?.description.contains("0 range bins") == true)
    #expect(throws: GestureError.self) {
      try LabelledSequence(people(.pulsed60)[0], grid: grid(Self.gates))
    }
  }

  @Test("Axes without gates are written as they were before there were gates")
  func file() throws {
    let plain = try JSONEncoder().encode(grid(nil))
    #expect(!String(decoding: plain, as: UTF8.self).contains("rangeGates"))
    #expect(try JSONDecoder().decode(FeatureGrid.self, from: plain) == grid(nil))
    let gated = try JSONEncoder().encode(grid(Self.gates))
    #expect(try JSONDecoder().decode(FeatureGrid.self, from: gated) == grid(Self.gates))
  }

  @Test(
    "A model with gates is read as it was written, and learns",
    arguments: [NetworkKind.timeFrequency, .streaming])
  func model(kind: NetworkKind) throws {
    var trainer = GestureTrainer()
    trainer.network = kind
    trainer.rangeGates = 6
    trainer.epochs = 24
    trainer.validationFraction = 0
    let learners = simulatedPeople(12)
    let model = try trainer.train(on: learners).model
    #expect(model.grid.rangeGates?.count == 6)
    #expect(model.summary.parameters == model.parameterCount)
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try model.write(to: path)
    let read = try GestureModel(path: path)
    #expect(read.grid == model.grid && read.networkKind == kind)
    let judges = try simulatedPeople(8, seed: 40).map { try LabelledSequence($0, grid: read.grid) }
    let middles = judges[0].annotations.map { ($0.start + $0.end) / 2 }
    let windows = middles.map { judges[0].features.window(centeredAt: $0) }
    #expect(read.views(of: windows) == model.views(of: windows))
    var evaluation = Evaluation(labels: read.labels)
    evaluation.judge(judges, by: read)
    #expect(evaluation.classification.accuracy > 0.9)
  }

  @Test("Shipped models, which know no gates, are written again byte by byte")
  func shipped() throws {
    for radar in [SimulatedRadar.fmcw60, .cw24, .pulsed60] {
      let model = try GestureModel.shipped(for: radar.waveform)
      #expect(model.grid.rangeGates == nil)
      let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
      defer { try? FileManager.default.removeItem(at: path) }
      try model.write(to: path.path)
      let name = ["fmcw", "cw", "a121"][[.fmcw60, .cw24, .pulsed60].firstIndex(of: radar) ?? 0]
      let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources/CModels/models/\(name).safetensors")
      #expect(try Data(contentsOf: path) == Data(contentsOf: file))
    }
  }
}

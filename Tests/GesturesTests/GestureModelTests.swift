import Foundation
import Gestures
import Radar
import Simulation
import Testing

@Suite("Gesture model", .serialized)
struct GestureModelTests {
  /// A model that saw a few gestures for a short time.
  private func quickModel(threads: Int = 2) throws -> GestureModel {
    var trainer = GestureTrainer()
    trainer.epochs = 2
    trainer.seed = 3
    trainer.threads = threads
    trainer.validationFraction = 0
    let people = simulatedPeople(3)
    let grid = try FeatureGrid.fitting(people, steps: 16, velocityBins: 8)
    return try trainer.train(
      on: LabelledSequence.read(people, grid: grid),
      waveforms: WaveformFamily(of: people.map(\.waveform))
    ).model
  }

  private func bytes(of model: GestureModel) throws -> [UInt8] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("model.safetensors").path
    try model.write(to: path)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  @Test("One seed gives one model, whatever the number of threads")
  func determinism() throws {
    let alone = try bytes(of: quickModel(threads: 1))
    #expect(try bytes(of: quickModel(threads: 2)) == alone)
    #expect(try bytes(of: quickModel(threads: 8)) == alone)
  }

  @Test("A model that was written and read is the same, and says the same")
  func roundTrip() throws {
    let model = try quickModel()
    let written = try bytes(of: model)
    let read = try GestureModel(bytes: written)
    #expect(try bytes(of: read) == written)
    #expect(read.labels == ["background", "pull", "push"])
    let person = simulatedPeople(1, seed: 9)[0]
    var frames: [Frame] = []
    try person.forEachFrame { frames.append(copy $0) }
    let cut = Array(frames.prefix(60))
    let one = try GestureClassifier(model: model).prediction(for: cut, waveform: person.waveform)
    let other = try GestureClassifier(model: read).prediction(for: cut, waveform: person.waveform)
    #expect(one == other)
    #expect(abs(one.probabilities.values.reduce(0, +) - 1) < 1e-6)
  }

  @Test("A damaged model is refused")
  func damage() throws {
    let bytes = try bytes(of: quickModel())
    #expect(throws: (any Error).self) { try GestureModel(bytes: Array(bytes.dropLast(4))) }
    #expect(throws: (any Error).self) { try GestureModel(bytes: []) }
    var poisoned = bytes
    for place in bytes.count - 4..<bytes.count { poisoned[place] = 0xFF }
    #expect(throws: GestureError.self) { try GestureModel(bytes: poisoned) }
  }

  @Test("A recording of another kind of radar is refused in one sentence")
  func otherWaveform() throws {
    let classifier = GestureClassifier(model: try quickModel())
    let error = #expect(throws: GestureError.self) {
      _ = try classifier.events(in: [], waveform: SimulatedRadar.cw24.waveform)
    }
    #expect(
      error?.description
        == "the stream holds cw at 24.1 GHz, but the model was trained on pulsed at 60.5 GHz")
  }

  @Test("There is a shipped model for every radar that can be simulated")
  func shipped() throws {
    for radar in SimulatedRadar.allCases {
      let model = try GestureModel.shipped(for: radar.waveform)
      #expect(model.fits(radar.waveform))
    }
    var odd = SimulatedRadar.cw24.waveform
    odd.centerFrequency = 1e9
    #expect(throws: GestureError.self) { try GestureModel.shipped(for: odd) }
  }
}

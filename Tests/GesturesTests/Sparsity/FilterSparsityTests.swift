import Foundation
import Gestures
import Networks
import Radar
import Testing

@Suite("Sparse networks", .serialized)
struct FilterSparsityTests {
  private func model(share: Double?) throws -> GestureModel {
    var trainer = GestureTrainer()
    trainer.epochs = 10
    trainer.batchSize = 4
    trainer.seed = 3
    trainer.validationFraction = 0
    trainer.sparsity = share.map { FilterSparsity(share: $0) }
    let people = simulatedPeople(4)
    let grid = try FeatureGrid.fitting(people, steps: 16, velocityBins: 8)
    return try trainer.train(
      on: LabelledSequence.read(people, grid: grid),
      waveforms: WaveformFamily(of: people.map(\.waveform))
    ).model
  }

  @Test("As much is dropped as was asked, and a file keeps what is left", arguments: [0.5, 0.2])
  func share(share: Double) throws {
    let whole = try model(share: nil)
    let sparse = try model(share: share)
    #expect(Double(sparse.multiplyAdds) <= share * Double(whole.multiplyAdds))
    #expect(sparse.multiplyAdds > 0 && sparse.parameterCount < whole.parameterCount)
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try sparse.write(to: path)
    let read = try GestureModel(path: path)
    #expect(read.multiplyAdds == sparse.multiplyAdds)
    let person = simulatedPeople(1, seed: 9)[0]
    var frames: [Frame] = []
    try person.forEachFrame { frames.append(copy $0) }
    let answers = try [sparse, read].map { model in
      try GestureClassifier(model: model).events(in: frames, waveform: person.waveform)
    }
    #expect(answers[0] == answers[1])
  }

  @Test("Where they come near to the share, the filters that are left fill vectors")
  func vectors() throws {
    let filters = try model(share: 0.6).summary.rows
      .filter { $0.name.hasPrefix("convolution") }.map { $0.shape[3] }
    #expect(filters.count == 3 && filters.allSatisfy { $0.isMultiple(of: 16) }, "\(filters)")
    #expect(filters.reduce(0, +) < 80)
  }

  @Test("A network that may keep all of it keeps all of it")
  func everything() throws {
    #expect(try model(share: 1).multiplyAdds == model(share: nil).multiplyAdds)
  }
}

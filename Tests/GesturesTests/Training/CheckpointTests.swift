import Foundation
import Gestures
import Synchronization
import Testing

@Suite("Checkpoints of a training", .serialized)
struct TrainingCheckpointTests {
  /// What a training says about its beginning.
  private final class Beginnings: Sendable {
    private let all = Mutex<[GestureTrainer.Checkpoint.Beginning]>([])
    func append(_ beginning: GestureTrainer.Checkpoint.Beginning) {
      all.withLock { $0.append(beginning) }
    }
    var last: GestureTrainer.Checkpoint.Beginning? { all.withLock(\.last) }
  }

  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func bytes(of model: GestureModel) throws -> Data {
    let path = folder.appendingPathComponent("model")
    try model.write(to: path.path)
    return try Data(contentsOf: path)
  }

  private func trainer(_ kind: NetworkKind, sparsity: FilterSparsity?) -> GestureTrainer {
    var trainer = GestureTrainer()
    trainer.network = kind
    trainer.epochs = 7
    trainer.seed = 2
    trainer.validationFraction = 0.5
    trainer.sparsity = sparsity
    return trainer
  }

  @Test(
    "From the file of any epoch of any of its models a training goes on to the same bits",
    arguments: [
      (NetworkKind.timeFrequency, nil), (.timeFrequency, FilterSparsity(share: 0.5)),
      (.streaming, nil),
    ] as [(NetworkKind, FilterSparsity?)])
  func everyEpoch(kind: NetworkKind, sparsity: FilterSparsity?) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let people = simulatedPeople(4)
    let grid = try FeatureGrid.fitting(people, steps: 16, velocityBins: 8)
    let sequences = try LabelledSequence.read(people, grid: grid)
    let waveforms = WaveformFamily(of: people.map(\.waveform))
    var trainer = trainer(kind, sparsity: sparsity)
    let path = folder.appendingPathComponent("checkpoint").path
    let beginnings = Beginnings()
    trainer.checkpoint = .init(path: path) { beginnings.append($0) }
    trainer.checkpoint?.interval = 0
    var copies: [(epoch: Int, path: String)] = []
    let whole = try trainer.train(
      on: sequences, waveforms: waveforms,
      progress: { progress in
        let copy = "\(path)-\(progress.epoch)"
        try? FileManager.default.copyItem(atPath: path, toPath: copy)
        copies.append((progress.epoch, copy))
      }
    ).model
    // Two models that leave half of the gestures out, and one that does not.
    #expect(beginnings.last == .fresh && copies.map(\.epoch) == Array(1...21))
    let expected = try bytes(of: whole)
    // The first and last epochs of each model, and those before and after the hardest background has
    // been looked for.
    for (epoch, copy) in copies where [0, 1, 6].contains(epoch % 7) {
      trainer.checkpoint?.path = copy
      // The number of threads may change on the way.
      trainer.threads = 1 + epoch % 3
      var next: Int?
      let model = try trainer.train(
        on: sequences, waveforms: waveforms, progress: { next = next ?? $0.epoch }
      ).model
      #expect(beginnings.last == .resuming(epoch: epoch, epochs: 21))
      #expect(next == (epoch == 21 ? nil : epoch + 1))
      #expect(try bytes(of: model) == expected, "after epoch \(epoch)")
    }
  }

  @Test("A file of another training, or no checkpoint at all, is refused or replaced")
  func others() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let people = simulatedPeople(4)
    let grid = try FeatureGrid.fitting(people, steps: 16, velocityBins: 8)
    var sequences = try LabelledSequence.read(people, grid: grid)
    let waveforms = WaveformFamily(of: people.map(\.waveform))
    let path = folder.appendingPathComponent("checkpoint").path
    let beginnings = Beginnings()
    var trainer = trainer(.timeFrequency, sparsity: nil)
    trainer.epochs = 1
    trainer.checkpoint = .init(path: path) { beginnings.append($0) }
    let model = try trainer.train(on: sequences, waveforms: waveforms).model

    trainer.seed = 3
    #expect(throws: GestureError.otherTraining(path)) {
      try trainer.train(on: sequences, waveforms: waveforms)
    }
    trainer.seed = 2
    let annotations = sequences[0].annotations
    sequences[0].annotations.removeLast()
    #expect(throws: GestureError.otherTraining(path)) {
      try trainer.train(on: sequences, waveforms: waveforms)
    }
    sequences[0].annotations = annotations
    #expect(throws: GestureError.otherTraining(path)) {
      try trainer.train(on: sequences, waveforms: waveforms, includes: { index, _ in index > 0 })
    }
    try Data("no checkpoint".utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: GestureError.otherTraining(path)) {
      try trainer.train(on: sequences, waveforms: waveforms)
    }
    trainer.checkpoint?.replacesOthers = true
    let replaced = try trainer.train(on: sequences, waveforms: waveforms).model
    #expect(beginnings.last == .replacing)
    #expect(try bytes(of: replaced) == bytes(of: model))
    trainer.checkpoint?.remove()
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}

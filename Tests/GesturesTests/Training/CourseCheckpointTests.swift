import Foundation
import Gestures
import Synchronization
import Testing

@Suite("Checkpoints of distributions, codes and networks on points", .serialized)
struct CourseCheckpointTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// Interrupts a training after every epoch, and goes on from some of them.
  ///
  /// - Parameters:
  ///   - epochs: The epochs of all networks.
  ///   - chosen: Whether to go on from an epoch.
  ///   - train: Trains with a checkpoint and a number of threads, calls its last argument after every
  ///     epoch, and writes the model.
  /// - Throws: What training throws.
  private func interrupt(
    epochs: Int, chosen: (Int) -> Bool = { _ in true },
    train: (GestureTrainer.Checkpoint, _ threads: Int, _ model: String, (Int) -> Void) throws ->
      Void
  ) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("checkpoint").path
    let latest = LatestBeginning()
    func checkpoint(_ path: String) -> GestureTrainer.Checkpoint {
      var checkpoint = GestureTrainer.Checkpoint(path: path) { latest.set($0) }
      checkpoint.interval = 0
      return checkpoint
    }
    let model = folder.appendingPathComponent("model").path
    var done: [Int] = []
    try train(checkpoint(path), 2, model) { epoch in
      done.append(epoch)
      try? FileManager.default.copyItem(atPath: path, toPath: "\(path)-\(epoch)")
    }
    #expect(latest.value == .fresh && done == Array(1...epochs))
    let expected = try Data(contentsOf: URL(fileURLWithPath: model))
    for epoch in done where chosen(epoch) {
      var next: Int?
      // The number of threads may change on the way.
      try train(checkpoint("\(path)-\(epoch)"), 1 + epoch % 3, model) { next = next ?? $0 }
      #expect(latest.value == .resuming(epoch: epoch, epochs: epochs))
      #expect(next == (epoch == epochs ? nil : epoch + 1))
      let found = try Data(contentsOf: URL(fileURLWithPath: model))
      #expect(found == expected, "after epoch \(epoch)")
    }
  }

  private func sequences() throws -> ([LabelledSequence], WaveformFamily) {
    let people = simulatedPeople(4)
    let grid = try FeatureGrid.fitting(people, steps: 16, velocityBins: 8)
    return (
      try LabelledSequence.read(people, grid: grid), WaveformFamily(of: people.map(\.waveform))
    )
  }

  @Test(
    "A distribution is the same whenever its training was interrupted",
    arguments: BayesianMethod.allCases)
  func bayes(method: BayesianMethod) throws {
    let (sequences, waveforms) = try sequences()
    var trainer = BayesianTrainer(method: method)
    // The hardest background is looked for after six.
    trainer.base.epochs = method == .ensemble ? 1 : 7
    trainer.base.seed = 2
    trainer.base.validationFraction = 0.5
    // Three judge what each half was held out from, and five learn from all.
    let networks = method == .ensemble ? 11 : 3
    // The last two layers go on learning for a quarter of the time.
    let each = trainer.base.epochs + 1
    try interrupt(
      epochs: networks * each,
      chosen: { method == .ensemble ? $0 % 5 == 3 : [0, 6, 7].contains($0 % each) }
    ) { checkpoint, threads, model, progress in
      trainer.base.checkpoint = checkpoint
      trainer.base.threads = threads
      try trainer.train(
        on: sequences, waveforms: waveforms, progress: { epoch, _, _ in progress(epoch) }
      )
      .write(to: model)
    }
  }

  @Test("A distribution is the same if its last layers were interrupted as they went on learning")
  func refinement() throws {
    let (sequences, waveforms) = try sequences()
    var trainer = BayesianTrainer(method: .dropout)
    trainer.base.epochs = 28
    trainer.base.batchSize = 8
    trainer.base.validationFraction = 0
    // Seven epochs more, of which the last has looked for the hardest background.
    try interrupt(epochs: 35, chosen: { [28, 31, 34].contains($0) }) {
      checkpoint, threads, model, progress in
      trainer.base.checkpoint = checkpoint
      trainer.base.threads = threads
      try trainer.train(
        on: sequences, waveforms: waveforms, progress: { epoch, _, _ in progress(epoch) }
      )
      .write(to: model)
    }
  }

  @Test("Codes are the same whenever their training was interrupted")
  func codes() throws {
    let (sequences, waveforms) = try sequences()
    var trainer = CodeTrainer()
    trainer.epochs = 4
    trainer.bits = 16
    trainer.seed = 2
    try interrupt(epochs: 4) { checkpoint, threads, model, progress in
      trainer.checkpoint = checkpoint
      trainer.threads = threads
      try trainer.train(on: sequences, waveforms: waveforms, progress: { progress($0.epoch) })
        .write(to: model)
    }
  }

  @Test("What is learned from points is the same whenever the training was interrupted")
  func points() throws {
    var trainer = PointGraphTrainer()
    trainer.epochs = 2
    trainer.members = 3
    trainer.batchSize = 8
    trainer.seed = 2
    let gestures = someGestures(16)
    try interrupt(epochs: 6) { checkpoint, threads, model, progress in
      trainer.checkpoint = checkpoint
      trainer.threads = threads
      try trainer.train(on: gestures, progress: { epoch, _, _ in progress(epoch) })
        .write(to: model)
    }
  }

  @Test("A file of another training is refused or replaced")
  func others() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let (sequences, waveforms) = try sequences()
    let path = folder.appendingPathComponent("checkpoint").path
    let checkpoint = GestureTrainer.Checkpoint(path: path)
    var bayesian = BayesianTrainer(method: .dropout)
    bayesian.base.epochs = 1
    bayesian.base.checkpoint = checkpoint
    _ = try bayesian.train(on: sequences, waveforms: waveforms)
    let written = try Data(contentsOf: URL(fileURLWithPath: path))

    var changed = [bayesian, bayesian, bayesian, bayesian]
    changed[0].method = .laplace
    changed[1].base.seed = 1
    changed[2].divergenceWeight = 1
    changed[3].base.validationFraction = 0
    for trainer in changed {
      #expect(throws: GestureError.otherTraining(path)) {
        try trainer.train(on: sequences, waveforms: waveforms)
      }
    }
    #expect(throws: GestureError.otherTraining(path)) {
      try bayesian.train(on: Array(sequences.dropLast()), waveforms: waveforms)
    }
    var codes = CodeTrainer()
    codes.epochs = 1
    codes.checkpoint = checkpoint
    #expect(throws: GestureError.otherTraining(path)) {
      try codes.train(on: sequences, waveforms: waveforms)
    }
    var points = PointGraphTrainer()
    points.epochs = 1
    points.members = 1
    points.checkpoint = checkpoint
    #expect(throws: GestureError.otherTraining(path)) { try points.train(on: someGestures(4)) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == written)
    points.checkpoint?.replacesOthers = true
    _ = try points.train(on: someGestures(4))
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) != written)
  }
}

/// What a training said last about its beginning.
private final class LatestBeginning: Sendable {
  private let latest = Mutex<GestureTrainer.Checkpoint.Beginning?>(nil)
  func set(_ beginning: GestureTrainer.Checkpoint.Beginning) { latest.withLock { $0 = beginning } }
  var value: GestureTrainer.Checkpoint.Beginning? { latest.withLock { $0 } }
}

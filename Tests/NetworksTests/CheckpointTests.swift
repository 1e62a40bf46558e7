import Autodiff
import Dispatch
import Foundation
import Networks
import Testing

@Suite("Training checkpoint")
struct CheckpointTests {
  private typealias Network = Sequential<Float>

  private static func start() -> TrainingCheckpoint<Adam<Sequential<Float>>> {
    var generator = SeededGenerator(seed: 3)
    let network = Sequential<Float>([
      .dense(Dense(inputs: 3, outputs: 4, using: &generator)),
      .batchNormalization(BatchNormalization(channels: 4)), .rectifier,
      .dropout(Dropout(rate: 0.25)), .dense(Dense(inputs: 4, outputs: 2, using: &generator)),
    ])
    return TrainingCheckpoint(model: network, optimizer: Adam(), generator: generator)
  }

  private static func advance(_ training: inout TrainingCheckpoint<Adam<Sequential<Float>>>) {
    let inputs = (0..<24).map { _ in Float.random(in: -1...1, using: &training.generator) }
    let labels = (0..<8).map { inputs[3 * $0] > inputs[3 * $0 + 1] ? 1 : 0 }
    var context = TrainingContext<Float>(generator: training.generator.split())
    let slope = gradient(of: training.model) { network in
      network.training(Tensor(inputs, shape: [8, 3]), in: &context).crossEntropy(labels: labels)
    }
    training.model.absorb(context.statistics)
    training.optimizer.update(&training.model, along: slope, learningRate: 0.01)
    training.step += 1
  }

  private func everything(
    _ training: TrainingCheckpoint<Adam<Sequential<Float>>>
  ) -> [Tensor<Float>] {
    var model = training.model
    var tensors = model.parameters.map(\.value)
    model.visitStatistics { tensors.append($1) }
    let memories = training.optimizer.state.memories
    return tensors + (memories["means"] ?? []) + (memories["squares"] ?? [])
  }

  private func temporaryPath() -> String {
    FileManager.default.temporaryDirectory
      .appendingPathComponent("checkpoint-\(UUID().uuidString).safetensors").path
  }

  @Test("A training goes on to the same bits from a file of any step")
  func resumption() throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    for interruption in [0, 1, 7] {
      var whole = Self.start()
      var first = Self.start()
      for _ in 0..<12 { Self.advance(&whole) }
      for _ in 0..<interruption { Self.advance(&first) }
      first.notes["epoch"] = "\(interruption)"
      first.memory["mean"] = Tensor([Float(interruption), 0.1], shape: [2])
      try first.write(to: path)
      var second = Self.start()
      Self.advance(&second)
      try second.resume(from: path)
      #expect(second.step == interruption && second.notes == ["epoch": "\(interruption)"])
      #expect(second.memory == first.memory)
      for _ in interruption..<12 { Self.advance(&second) }
      #expect(everything(second) == everything(whole))
      #expect(second.generator == whole.generator)
    }
  }

  @Test("Another training is refused in a sentence, and nothing is changed")
  func refusal() throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    var training = Self.start()
    #expect(throws: SafeTensorsError.unreadable(path)) { try training.resume(from: path) }
    try SafeTensors(tensors: ["a": Tensor([1])]).write(to: path)
    #expect(throws: CheckpointError.foreign(path)) { try training.resume(from: path) }
    var generator = SeededGenerator(seed: 1)
    let other = TrainingCheckpoint(
      model: Sequential<Float>([.dense(Dense(inputs: 5, outputs: 4, using: &generator))]),
      optimizer: Adam(), generator: generator)
    try other.write(to: path)
    let before = everything(training)
    #expect(throws: CheckpointError.misfit(tensor: "model.0.weight", path: path)) {
      try training.resume(from: path)
    }
    #expect(everything(training) == before)
    #expect("\(CheckpointError.foreign("x"))" == "x is no checkpoint of a training")
  }

  @Test("A training that is killed while it writes leaves a whole file")
  func killed() async throws {
    // In a folder of its own: what a write that was cut short leaves beside the file goes with it.
    let folder = temporaryPath()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/checkpoint.safetensors"
    for _ in 0..<4 {
      var training = Self.start()
      try training.write(to: path)
      await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
        let process = ProcessInfo.processInfo.processIdentifier
        let started = DispatchTime.now()
        // It writes as fast as it can, and is killed in the middle of something.
        Thread.detachNewThread {
          Thread.sleep(forTimeInterval: .random(in: 0.02...0.15))
          kill(process, SIGKILL)
        }
        var training = Self.start()
        while DispatchTime.now() < started + .seconds(20) {
          Self.advance(&training)
          try training.write(to: path)
        }
      }
      try training.resume(from: path)
      var again = Self.start()
      for _ in 0..<training.step { Self.advance(&again) }
      #expect(everything(training) == everything(again))
    }
  }
}

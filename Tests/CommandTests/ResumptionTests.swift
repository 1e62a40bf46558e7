import Foundation
import Testing

@Suite("A training that is killed", .serialized)
struct ResumptionTests {
  private func people(in folder: TemporaryFolder, seed: Int = 3) throws -> String {
    let data = folder.path("data-\(seed)")
    _ = try Command.run(
      "simulate", "--output", data, "--waveform", "pulsed", "--count", "6", "--gestures", "push",
      "pull", "--seed", "\(seed)", "--quiet")
    return data
  }

  private func bytes(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path))
  }

  /// Trains, and kills the training without a warning a while after there is something to go on from.
  ///
  /// - Returns: Whether it was killed before it was done.
  private func kill(_ arguments: [String], file: String, after seconds: Double) throws -> Bool {
    let process = Process()
    process.executableURL = try Command.executable
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    while process.isRunning, !FileManager.default.fileExists(atPath: file) { usleep(5_000) }
    Thread.sleep(forTimeInterval: seconds)
    let wasRunning = process.isRunning
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    return wasRunning
  }

  @Test(
    "It ends with the same bits as one that is not, whenever it was killed",
    arguments: [
      ["--network", "streaming"], ["--pretrain", "2"], ["--bayes", "dropout"],
      ["--bayes", "ensemble"], ["--codes", "32"], ["--network", "point-graph"],
    ])
  func sameBits(options: [String]) throws {
    let folder = try TemporaryFolder()
    let fromPoints = options.contains("point-graph")
    let data = try fromPoints ? pointClouds(in: folder) : people(in: folder)
    let epochs = fromPoints || options.contains("ensemble") ? "4" : "10"
    let recipe = ["--seed", "5", "--epochs", epochs] + options
    let whole = folder.path("whole.safetensors")
    let clock = ContinuousClock()
    let start = clock.now
    let trained = try Command.run(["train", data, "--output", whole, "--quiet"] + recipe)
    #expect(trained.status == 0, "\(trained.errors)")
    let time = clock.now - start
    let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18

    let output = folder.path("killed.safetensors")
    let arguments = ["train", data, "--output", output] + recipe
    let file = output + ".checkpoint"
    var kills = 0
    // The first one comes as soon as there is a checkpoint: however fast it goes on, it is not done yet.
    for delay in [0] + (0..<3).map({ _ in seconds * .random(in: 0...0.3) })
    where try kill(arguments, file: file, after: delay) {
      kills += 1
      // Killed between its last work and its end, it leaves a whole model.
      if FileManager.default.fileExists(atPath: output) {
        #expect(try bytes(output) == bytes(whole))
      }
    }
    let last = try Command.run(arguments)
    #expect(last.status == 0, "\(last.errors)")
    #expect(kills > 0)
    #expect(try bytes(output) == bytes(whole))
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    #expect(
      Set(left)
        == [fromPoints ? "points" : "data-3", "killed.safetensors", "whole.safetensors"])
  }

  @Test("A checkpoint of another training is replaced, or refused where someone named it")
  func otherTraining() throws {
    let folder = try TemporaryFolder()
    let data = try people(in: folder)
    let output = folder.path("model.safetensors")
    let file = output + ".checkpoint"
    #expect(
      try kill(["train", data, "--output", output, "--epochs", "400"], file: file, after: 0))
    let kept = try bytes(file)

    for change in [["--seed", "1"], ["--epochs", "2"], ["--network", "streaming"]] {
      let refused = try Command.run(
        ["train", data, "--output", output, "--checkpoint", file, "--epochs", "400"] + change)
      #expect(refused.status == 1)
      #expect(refused.errors.contains("belongs to a training with other recordings or options"))
    }
    let others = try people(in: folder, seed: 4)
    let refused = try Command.run(
      "train", others, "--output", output, "--checkpoint", file, "--epochs", "400")
    #expect(refused.status == 1)
    #expect(try bytes(file) == kept)

    let replaced = try Command.run("train", data, "--output", output, "--epochs", "1")
    #expect(replaced.status == 0)
    #expect(replaced.errors.contains("belongs to another training, and is replaced"))
    #expect(!FileManager.default.fileExists(atPath: file))
    let fresh = folder.path("fresh.safetensors")
    _ = try Command.run("train", data, "--output", fresh, "--epochs", "1")
    #expect(try bytes(output) == bytes(fresh))
  }
}

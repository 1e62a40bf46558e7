import ArgumentParser
import Foundation
import Gestures

/// How a model is learned.
struct TrainingOptions: ParsableArguments {
  @Option(help: "The times every gesture is shown.")
  var epochs = GestureTrainer().epochs

  @Option(help: "Where random numbers begin: the same seed gives the same model.")
  var seed: UInt64 = 0

  @Option(help: "The most threads to use; the result does not depend on it.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  mutating func validate() throws {
    guard epochs > 0 else { throw ValidationError("--epochs must be at least 1.") }
    guard threads > 0 else { throw ValidationError("--threads must be at least 1.") }
  }

  var trainer: GestureTrainer {
    var trainer = GestureTrainer()
    trainer.epochs = epochs
    trainer.seed = seed
    trainer.threads = threads
    return trainer
  }
}

import ArgumentParser
import Foundation
import Gestures
import Networks
import Radar

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Learn a model from labelled recordings.",
    discussion: """
      A data set is a folder, searched with its subfolders. Every recording with labels takes part; \
      what is not marked in them, and recordings without a label, teach what is no gesture.

        radar-classify train my-gestures --output my-gestures.safetensors --seed 1

      A training that is interrupted, however that happens, goes on where it was when it is called \
      again with the same arguments, and ends with the same model.
      """)

  @Argument(help: "The folder with the recordings.", completion: .directory)
  var dataset: String

  @Option(name: .shortAndLong, help: "Where to write the model.", completion: .file())
  var output: String

  @Option(
    help: """
      Learn codes of this many bits instead, for enroll, classify --gallery and search: 32 to 128 \
      are of use.
      """)
  var codes: Int?

  @Option(
    help: """
      Where to keep what is needed to go on after an interruption; OUTPUT.checkpoint without it. It \
      is removed at the end.
      """,
    completion: .file())
  var checkpoint: String?

  @OptionGroup var training: TrainingOptions
  @OptionGroup var console: OutputOptions

  mutating func validate() throws {
    if let codes, !(8...4096).contains(codes) {
      throw ValidationError("--codes must be from 8 to 4096.")
    }
    guard codes == nil || training.startsFromNothing else {
      throw ValidationError(
        "--codes goes with none of --network, --range-gates, --pretrain, --start-from, --bayes, "
          + "--sparsity.")
    }
  }

  mutating func run() throws {
    // Minutes of training must not end with a file that cannot be written.
    guard SafeTensors.canWrite(to: output) else { throw SafeTensorsError.unwritable(output) }
    let file = Interruptible(output: output, path: checkpoint, console: console)
    if training.network == .pointGraph {
      return try PointGraphs(training: training, console: console)
        .train(on: dataset, output: output, file: file)
    }
    let recordings = try labelledRecordings(in: dataset)
    if let method = training.bayes {
      return try BayesianTraining(method: method, training: training, console: console)
        .train(on: recordings, output: output, file: file)
    }
    if let codes {
      return try CodeTraining(bits: codes, training: training, console: console)
        .train(on: recordings, output: output, file: file)
    }
    var trainer = training.trainer
    trainer.start = try Beginnings(training: training, console: console)
      .start(for: recordings, checkpoint: file.checkpoint(".pretraining"))
    trainer.checkpoint = file.checkpoint("")
    var shown = TrainingProgress(console: console)
    let outcome = try trainer.train(on: recordings) { progress in
      shown.show(
        epoch: progress.epoch, of: progress.epochs, loss: progress.loss,
        accuracy: progress.validationAccuracy)
    }
    shown.clear()
    let (model, accuracy) = (outcome.model, outcome.validationAccuracy)
    try model.write(to: output)
    file.remove()
    if console.isJSON {
      return try Console.print(json: TrainingSummary(model: output, accuracy: accuracy))
    }
    let held = accuracy.map { "\((100 * $0).formatted(decimals: 1)) % of held-out gestures right" }
    Console.print("\(output): \(model.labels.joined(separator: ", "))")
    let gates = model.grid.rangeGates.map {
      "\($0.count) range gates to \($0.end.formatted(decimals: 2)) m, "
    }
    Console.print(
      "\(model.parameterCount) parameters, \(model.multiplyAdds) multiply-adds, "
        + (gates ?? "") + (held ?? "no gestures held out"))
  }
}

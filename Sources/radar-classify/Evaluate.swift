import ArgumentParser
import Gestures
import Radar

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say how well a model, or the training itself, does on labelled recordings.",
    discussion: """
      With --model, or without anything, a model judges all recordings: make sure that it was not \
      trained on them. With --folds or --leave-out, models are trained on a part of the recordings \
      and judged by the rest, in turns.

        radar-classify evaluate my-gestures --folds 5
        radar-classify evaluate my-gestures --leave-out session
      """)

  enum Group: String, ExpressibleByArgument, CaseIterable {
    case session, subject
  }

  @Argument(help: "The folder with the recordings.", completion: .directory)
  var dataset: String

  @OptionGroup var model: ModelOptions

  @Option(help: "Train and judge by turns on this many random parts.")
  var folds: Int?

  @Option(help: "Train and judge by turns, leaving out every session or subject once.")
  var leaveOut: Group?

  @OptionGroup var training: TrainingOptions
  @OptionGroup var output: OutputOptions

  mutating func validate() throws {
    guard [model.model != nil, folds != nil, leaveOut != nil].count(where: { $0 }) < 2 else {
      throw ValidationError("--model, --folds and --leave-out exclude each other.")
    }
    if let folds, folds < 2 { throw ValidationError("--folds must be at least 2.") }
  }

  mutating func run() throws {
    let recordings = try labelledRecordings(in: dataset)
    let split: CrossValidation.Split? =
      folds.map { .folds($0) } ?? leaveOut.map { $0 == .session ? .session : .subject }
    guard let split else { return try judge(recordings) }
    var bar = ProgressBar(total: folds ?? recordings.count, options: output)
    var done = 0
    let validation = CrossValidation(split: split, trainer: training.trainer)
    let result = try validation.evaluate(recordings) { fold, total in
      done += 1
      let accuracy = 100 * fold.evaluation.classification.accuracy
      bar.show(done, "fold \(fold.name): \(accuracy.formatted(decimals: 1)) %")
    }
    bar.clear()
    try report(result.total, folds: result.folds)
  }

  /// Judges all recordings by one model.
  private func judge(_ recordings: [LabelledRecording]) throws {
    guard let first = recordings.first else { throw GestureError.noLabels }
    let model = try model.load(for: first.waveform, of: first.name)
    for recording in recordings { try model.check(recording) }
    let unknown = Set(recordings.flatMap(\.annotations).map(\.label)).subtracting(model.labels)
    if let label = unknown.min() {
      throw GestureError.unknownLabel(label, known: model.labels)
    }
    var evaluation = Evaluation(labels: model.labels)
    var bar = ProgressBar(total: recordings.count, options: output)
    for start in stride(from: 0, to: recordings.count, by: 16) {
      let part = Array(recordings[start..<min(start + 16, recordings.count)])
      evaluation.judge(try LabelledSequence.read(part, grid: model.grid), by: model)
      bar.show(start + part.count, "")
    }
    bar.clear()
    try report(evaluation, folds: [])
  }

  private func report(_ total: Evaluation, folds: [CrossValidation.Fold]) throws {
    if output.isJSON {
      return try Console.print(json: EvaluationObject(total, folds: folds))
    }
    for line in evaluationLines(total, folds: folds) { Console.print(line) }
  }
}

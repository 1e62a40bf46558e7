import ArgumentParser
import Gestures

/// Learning codes, and judging them.
struct CodeTraining {
  var trainer: CodeTrainer
  var console: OutputOptions

  init(bits: Int, training: TrainingOptions, console: OutputOptions) {
    trainer = CodeTrainer()
    trainer.bits = bits
    if let epochs = training.epochs { trainer.epochs = epochs }
    trainer.seed = training.seed
    trainer.threads = training.threads
    self.console = console
  }

  /// Learns a model and writes it.
  func train(
    on recordings: [LabelledRecording], output: String, file: Interruptible
  ) throws {
    var trainer = trainer
    trainer.checkpoint = file.checkpoint("")
    var shown = TrainingProgress(console: console)
    let epochs = trainer.epochs
    let model = try trainer.train(on: recordings) { progress in
      shown.show(epoch: progress.epoch, of: epochs, loss: progress.loss)
    }
    shown.clear()
    try model.write(to: output)
    file.remove()
    if console.isJSON {
      return try Console.print(
        json: TrainingSummary(model: output, bits: model.bitCount, within: model.acceptance))
    }
    Console.print(
      "\(output): codes of \(model.bitCount) bits, learned from \(model.labels.count) gestures,"
        + " \(model.parameterCount) parameters")
  }

  /// Learns and judges by turns.
  func evaluate(
    _ recordings: [LabelledRecording], split: CrossValidation.Split,
    trainer gestures: GestureTrainer
  ) throws {
    let validation = CrossValidation(split: split, trainer: gestures)
    var bar = ProgressBar(total: 100, options: console)
    var done = 0
    let result = try validation.retrieval(recordings, codes: trainer) { name, report, total in
      done += 1
      bar.show(
        100 * done / max(total, 1),
        "held out \(name): mAP \(report.meanAveragePrecision.formatted(decimals: 4))")
    }
    bar.clear()
    try Self.print(result.total, folds: result.folds, console: console)
  }

  /// Judges a model by recordings that it has not seen.
  static func judge(
    _ recordings: [LabelledRecording], by model: CodeModel, console: OutputOptions
  ) throws {
    for recording in recordings { try model.check(recording.waveform, named: recording.name) }
    let sequences = try LabelledSequence.read(recordings, grid: model.grid)
    try print(model.retrieval(in: sequences), folds: [], console: console)
  }

  private static func print(
    _ total: RetrievalReport, folds: [(name: String, report: RetrievalReport)],
    console: OutputOptions
  ) throws {
    if console.isJSON {
      var object = RetrievalObject(total, fold: nil)
      if !folds.isEmpty { object.folds = folds.map { RetrievalObject($0.report, fold: $0.name) } }
      return try Console.print(json: object)
    }
    for (name, report) in folds {
      Console.print(
        "held out \(name.padded(to: 12)) mAP \(report.meanAveragePrecision.formatted(decimals: 4))"
          + " of \(report.queries) gestures")
    }
    Console.print(
      "mAP \(total.meanAveragePrecision.formatted(decimals: 4)) of \(total.queries) gestures,"
        + " nearest is right \((100 * total.nearestAccuracy).formatted(decimals: 1)) %")
    if let accuracy = total.fewShotAccuracy {
      Console.print(
        "\(total.ways) gestures from \(total.shots) examples each:"
          + " \((100 * accuracy).formatted(decimals: 1)) % right")
    }
  }

  private struct RetrievalObject: Encodable {
    var fold: String?
    var meanAveragePrecision: Double
    var nearestAccuracy: Double
    var fewShotAccuracy: Double?
    var ways: Int
    var shots: Int
    var gestures: Int
    var folds: [RetrievalObject]?

    init(_ report: RetrievalReport, fold: String?) {
      self.fold = fold
      meanAveragePrecision = report.meanAveragePrecision
      nearestAccuracy = report.nearestAccuracy
      fewShotAccuracy = report.fewShotAccuracy
      ways = report.ways
      shots = report.shots
      gestures = report.queries
    }
  }
}

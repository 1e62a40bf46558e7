import ArgumentParser
import Gestures

/// Learning from point clouds, and judging by them.
struct PointGraphs {
  var trainer: PointGraphTrainer
  var console: OutputOptions

  init(training: TrainingOptions, console: OutputOptions) {
    trainer = PointGraphTrainer()
    if let epochs = training.epochs { trainer.epochs = epochs }
    trainer.seed = training.seed
    trainer.threads = training.threads
    self.console = console
  }

  /// Learns a model from the files of a folder, and writes it.
  func train(on folder: String, output: String, file: Interruptible) throws {
    var trainer = trainer
    trainer.checkpoint = file.checkpoint("")
    let sequences = try PointCloudFile().sequences(folder: folder)
    var shown = TrainingProgress(console: console)
    let model = try trainer.train(on: sequences) { epoch, epochs, loss in
      shown.show(epoch: epoch, of: epochs, loss: loss)
    }
    shown.clear()
    try model.write(to: output)
    file.remove()
    if console.isJSON { return try Console.print(json: TrainingSummary(model: output)) }
    Console.print(
      "\(output): \(model.labels.joined(separator: ", ")) from \(sequences.count) gestures,"
        + " \(model.parameterCount) parameters")
  }

  /// Trains and judges by turns, leaving out people.
  ///
  /// - Parameters:
  ///   - folder: The folder with the files.
  ///   - groups: The number of groups into which the people are dealt, or `nil` for one each.
  ///   - countsFlickers: Whether what is too short for a gesture is learned from and judged too.
  /// - Returns: All turns together, and each of them.
  /// - Throws: What reading and learning throw.
  func evaluate(
    _ folder: String, groups: Int?, countsFlickers: Bool
  ) throws -> (total: Evaluation, folds: [CrossValidation.Fold]) {
    var file = PointCloudFile()
    if countsFlickers { (file.fewestFrames, file.fewestPoints) = (1, 1) }
    let sequences = try file.sequences(folder: folder)
    var bar = ProgressBar(total: groups ?? 100, options: console)
    var done = 0
    let result = try trainer.evaluate(sequences, groups: groups) { fold, total in
      done += 1
      let accuracy = 100 * fold.evaluation.classification.accuracy
      bar.show(
        done * (groups ?? 100) / max(total, 1),
        "people \(fold.name): \(accuracy.formatted(decimals: 1)) %")
    }
    bar.clear()
    return result
  }

  /// Judges a model by the files of a folder.
  static func judge(_ folder: String, by model: PointGraphModel) throws -> Evaluation {
    let sequences = try PointCloudFile().sequences(folder: folder)
    if let label = Set(sequences.compactMap(\.label)).subtracting(model.labels).min() {
      throw GestureError.unknownLabel(label, known: model.labels)
    }
    var evaluation = Evaluation(labels: model.labels)
    evaluation.judge(sequences, by: model)
    return evaluation
  }

  /// Names the gestures of files.
  static func classify(
    _ paths: [String], by model: PointGraphModel, output: OutputOptions
  ) throws {
    for path in paths {
      for sequence in try PointCloudFile().sequences(path: path) {
        guard let prediction = model.prediction(for: sequence) else { continue }
        let end = sequence.start + sequence.duration
        if output.isJSON {
          try Console.print(
            json: Line(
              recording: path, startS: sequence.start, endS: end, label: prediction.label,
              confidence: prediction.confidence, probabilities: prediction.probabilities))
        } else {
          let times = "\(sequence.start.formatted(decimals: 1))–\(end.formatted(decimals: 1)) s"
          let confidence = "\((100 * prediction.confidence).formatted(decimals: 0)) %"
          Console.print(
            (paths.count > 1 ? "\(path)  " : "")
              + "\(times.padded(to: 18))  \(prediction.label.padded(to: 14))  \(confidence)")
        }
      }
    }
  }

  private struct Line: Encodable {
    var recording: String
    var startS: Double
    var endS: Double
    var label: String
    var confidence: Double
    var probabilities: [String: Double]
  }
}

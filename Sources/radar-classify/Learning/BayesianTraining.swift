public import ArgumentParser
public import Gestures
import Networks

extension BayesianMethod: ExpressibleByArgument {}

/// Learning distributions over networks, and judging them.
struct BayesianTraining {
  var trainer: BayesianTrainer
  var console: OutputOptions

  init(method: BayesianMethod, training: TrainingOptions, console: OutputOptions) {
    trainer = BayesianTrainer(method: method, base: training.trainer)
    self.console = console
  }

  /// Learns a model and writes it.
  func train(
    on recordings: [LabelledRecording], output: String, file: Interruptible
  ) throws {
    var trainer = trainer
    trainer.base.checkpoint = file.checkpoint("")
    var shown = TrainingProgress(console: console)
    let model = try trainer.train(on: recordings) { epoch, epochs, loss in
      shown.show(epoch: epoch, of: epochs, loss: loss)
    }
    shown.clear()
    try model.write(to: output)
    file.remove()
    if console.isJSON {
      return try Console.print(json: TrainingSummary(model: output, bayes: model.method.rawValue))
    }
    Console.print(
      "\(output): \(model.labels.joined(separator: ", ")), \(model.method.rawValue),"
        + " \(model.parameterCount) parameters")
  }

  /// Judges a model by recordings that it has not seen.
  static func judge(
    _ recordings: [LabelledRecording], by model: BayesianGestureModel, console: OutputOptions
  ) throws {
    for recording in recordings { try model.check(recording) }
    var report = BayesianReport(labels: model.labels)
    report.judge(try LabelledSequence.read(recordings, grid: model.grid), by: model)
    try print((report, []), name: model.method.rawValue, console: console)
  }

  /// Judges one network as a distribution over networks is judged.
  static func judge(
    _ recordings: [LabelledRecording], by model: GestureModel, console: OutputOptions
  ) throws {
    var report = BayesianReport(labels: model.labels)
    report.judge(try LabelledSequence.read(recordings, grid: model.grid), by: model)
    try print((report, []), name: "one network", console: console)
  }

  /// Names the gestures of recordings.
  static func classify(
    _ paths: [String], by model: BayesianGestureModel, source: SourceOptions,
    output: OutputOptions
  ) throws {
    for path in paths {
      let events = model.events(
        in: try model.features(of: source.labelledRecording(path)))
      for event in events {
        if output.isJSON {
          try Console.print(json: Line(event, recording: path))
          continue
        }
        let times = "\(event.start.formatted(decimals: 2))–\(event.end.formatted(decimals: 2)) s"
        let prediction = event.answer.prediction
        let doubt = event.answer.uncertainty
        let confidence = "\((100 * prediction.confidence).formatted(decimals: 0)) %"
        let total = doubt.total.formatted(decimals: 3)
        let epistemic = doubt.epistemic.formatted(decimals: 3)
        let prefix = paths.count > 1 ? "\(path)  " : ""
        let name = "\(times.padded(to: 16))  \(prediction.answer.padded(to: 14))"
        Console.print(
          "\(prefix)\(name)  \(confidence)  uncertainty \(total) nats, \(epistemic) epistemic")
      }
      if events.isEmpty, !output.isJSON { Console.report("\(path): no gesture") }
    }
  }

  private struct Line: Encodable {
    var recording: String
    var startS: Double
    var endS: Double
    var label: String
    var confidence: Double
    var probabilities: [String: Double]
    var uncertainty: Double
    var aleatoric: Double
    var epistemic: Double
    var unfamiliarity: Double

    init(_ event: BayesianGestureModel.Event, recording: String) {
      self.recording = recording
      startS = event.start
      endS = event.end
      label = event.answer.prediction.answer
      confidence = event.answer.prediction.confidence
      probabilities = event.answer.prediction.probabilities
      uncertainty = event.answer.uncertainty.total
      aleatoric = event.answer.uncertainty.aleatoric
      epistemic = event.answer.uncertainty.epistemic
      unfamiliarity = event.answer.prediction.unfamiliarity
    }
  }

  /// Learns and judges by turns.
  ///
  /// - Parameters:
  ///   - total: The recordings, which the bar counts.
  ///   - name: What learns.
  ///   - console: Where to say it.
  ///   - compare: Learns and judges; it calls its argument after every turn.
  /// - Throws: What learning throws.
  static func compare(
    total: Int, name: String, console: OutputOptions,
    _ compare: ((String) -> Void) throws -> CrossValidation.Comparison
  ) throws {
    var bar = ProgressBar(total: total, options: console)
    var done = 0
    let result = try compare { turn in
      done += 1
      bar.show(min(done, total), turn)
    }
    bar.clear()
    try print(result, name: name, console: console)
  }

  private static func print(
    _ result: CrossValidation.Comparison, name: String, console: OutputOptions
  ) throws {
    let (report, areas) = result
    let figures = Figures(report, areas: areas, name: name)
    if console.isJSON { return try Console.print(json: figures) }
    let numbers = report.classification
    Console.print(
      "\(name): accuracy \((100 * numbers.accuracy).formatted(decimals: 2)) % of"
        + " \(numbers.count) gestures  ECE"
        + " \(numbers.expectedCalibrationError.formatted(decimals: 4))  NLL"
        + " \(numbers.negativeLogLikelihood.formatted(decimals: 4))"
        + " ± \(numbers.negativeLogLikelihoodError.formatted(decimals: 4))")
    Console.print(
      "uncertainty \(report.meanUncertainty.formatted(decimals: 4)) nats, of which"
        + " \(report.meanEpistemic.formatted(decimals: 4)) epistemic")
    Console.print(
      "\(report.cost.parameterCount) parameters,"
        + " \(report.cost.microsecondsPerAnswer.formatted(decimals: 0)) µs a gesture")
    if let known = report.rejectedShareOfKnown {
      let unknown = report.rejectedShareOfUnknown.map { ", \(percent($0)) of those never learned" }
      Console.print("answered unknown: \(percent(known)) of the known gestures\(unknown ?? "")")
    }
    for (label, area) in areas {
      Console.print("left out \(label.padded(to: 16)) AUROC \(area.formatted(decimals: 4))")
    }
    if let mean = figures.auroc {
      Console.print("AUROC of what is not known: \(mean.formatted(decimals: 4))")
    }
  }

  private struct Figures: Encodable {
    var learner: String
    var accuracy: Double
    var ece: Double
    var nll: Double
    var nllStandardError: Double
    var uncertainty: Double
    var epistemic: Double
    var gestures: Int
    var parameters: Int
    var microseconds: Double
    var auroc: Double?
    var aurocs: [String: Double]
    var rejectedShareOfKnown: Double?
    var rejectedShareOfUnknown: Double?

    init(
      _ report: BayesianReport, areas: [(label: String, area: Double)], name: String
    ) {
      learner = name
      accuracy = report.classification.accuracy
      ece = report.classification.expectedCalibrationError
      nll = report.classification.negativeLogLikelihood
      nllStandardError = report.classification.negativeLogLikelihoodError
      uncertainty = report.meanUncertainty
      epistemic = report.meanEpistemic
      gestures = report.classification.count
      parameters = report.cost.parameterCount
      microseconds = report.cost.microsecondsPerAnswer
      rejectedShareOfKnown = report.rejectedShareOfKnown
      rejectedShareOfUnknown = report.rejectedShareOfUnknown
      aurocs = Dictionary(areas.map { ($0.label, $0.area) }, uniquingKeysWith: { one, _ in one })
      auroc =
        areas.isEmpty
        ? report.areaUnderCurve : areas.map(\.area).reduce(0, +) / Double(areas.count)
    }
  }
}

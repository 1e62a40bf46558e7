import Gestures

/// An evaluation as the keys of its JSON object.
struct EvaluationObject: Encodable {
  struct Class: Encodable {
    var precision: Double
    var recall: Double
    var f1: Double
    var support: Int
  }

  struct Events: Encodable {
    var precision: Double
    var recall: Double
    var f1: Double
    var falseAlarmsPerHour: Double
  }

  var fold: String?
  var accuracy: Double
  var accuracyInterval: [Double]
  var macroF1: Double
  var ece: Double
  var nll: Double
  var confusion: [[Int]]
  var labels: [String]
  var perClass: [String: Class]
  var events: Events
  var recordings: Int
  var gestures: Int
  var seconds: Double
  var folds: [EvaluationObject]?

  init(_ evaluation: Evaluation, name: String? = nil, folds: [CrossValidation.Fold] = []) {
    let report = evaluation.classification
    fold = name
    accuracy = report.accuracy
    accuracyInterval = [report.accuracyInterval.lowerBound, report.accuracyInterval.upperBound]
    macroF1 = report.macroF1
    ece = report.expectedCalibrationError
    nll = report.negativeLogLikelihood
    confusion = report.confusion
    labels = report.labels
    perClass = Dictionary(
      uniqueKeysWithValues: labels.enumerated().map { index, label in
        let figures = Class(
          precision: report.precision(ofClass: index), recall: report.recall(ofClass: index),
          f1: report.f1(ofClass: index), support: report.support(ofClass: index))
        return (label, figures)
      })
    events = Events(
      precision: evaluation.events.precision, recall: evaluation.events.recall,
      f1: evaluation.events.f1, falseAlarmsPerHour: evaluation.events.falseAlarmsPerHour)
    recordings = evaluation.recordings
    gestures = report.count
    seconds = evaluation.events.seconds
    self.folds =
      folds.isEmpty ? nil : folds.map { EvaluationObject($0.evaluation, name: $0.name) }
  }
}

/// An evaluation as a person reads it.
func evaluationLines(_ evaluation: Evaluation, folds: [CrossValidation.Fold]) -> [String] {
  let report = evaluation.classification
  let interval = report.accuracyInterval
  func percent(_ share: Double) -> String { "\((100 * share).formatted(decimals: 1)) %" }
  var lines = folds.map { fold in
    let accuracy = percent(fold.evaluation.classification.accuracy)
    let count = fold.evaluation.classification.count
    return "held out \(fold.name.padded(to: 12)) \(accuracy) of \(count) gestures"
  }
  lines += [
    "accuracy \(percent(report.accuracy)) of \(report.count) gestures"
      + " (95 % interval \(percent(interval.lowerBound)) to \(percent(interval.upperBound)))",
    "macro-F1 \(report.macroF1.formatted(decimals: 4))"
      + "  ECE \(report.expectedCalibrationError.formatted(decimals: 4))"
      + "  NLL \(report.negativeLogLikelihood.formatted(decimals: 4))",
    "", "truth".padded(to: 16) + report.labels.map { $0.padded(to: 12) }.joined(),
  ]
  for (row, label) in report.labels.enumerated() where report.support(ofClass: row) > 0 {
    let counts = report.confusion[row].map { "\($0)".padded(to: 12) }.joined()
    lines.append(label.padded(to: 16) + counts + "recall \(percent(report.recall(ofClass: row)))")
  }
  let events = evaluation.events
  lines += [
    "",
    "in streams of \(events.seconds.formatted(decimals: 0)) s: event precision"
      + " \(percent(events.precision)), recall \(percent(events.recall)),"
      + " F1 \(events.f1.formatted(decimals: 4)),"
      + " \(events.falseAlarmsPerHour.formatted(decimals: 1)) false alarms an hour",
  ]
  return lines
}

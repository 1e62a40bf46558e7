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
    var quietSeconds: Double
    var quietFalseAlarmsPerHour: Double
    var medianLatencyS: Double?
  }

  struct Bin: Encodable {
    var count: Int
    var confidence: Double
    var accuracy: Double
  }

  struct OperatingPoint: Encodable {
    var falsePositiveRate: Double
    var truePositiveRate: Double
  }

  struct RiskPoint: Encodable {
    var coverage: Double
    var risk: Double
  }

  struct Conformal: Encodable {
    var promised: Double
    var measured: Double
    var meanSize: Double
  }

  struct Rejection: Encodable {
    var unknownGestures: Int
    var auroc: Double?
    var meanAuroc: Double?
    var rejectedShareOfKnown: Double?
    var rejectedShareOfUnknown: Double?
    var roc: [OperatingPoint]?
    var riskCoverage: [RiskPoint]
  }

  var fold: String?
  var accuracy: Double
  var accuracyInterval: [Double]
  var macroF1: Double
  var ece: Double
  var nll: Double
  var nllStandardError: Double
  var confusion: [[Int]]
  var labels: [String]
  var perClass: [String: Class]
  var reliability: [Bin]
  var conformal: Conformal?
  var rejection: Rejection
  var events: Events
  var recordings: Int
  var gestures: Int
  var seconds: Double
  var parameters: Int?
  var microseconds: Double?
  var folds: [EvaluationObject]?

  init(_ evaluation: Evaluation, name: String? = nil, folds: [CrossValidation.Fold] = []) {
    let report = evaluation.classification
    fold = name
    accuracy = report.accuracy
    accuracyInterval = [report.accuracyInterval.lowerBound, report.accuracyInterval.upperBound]
    macroF1 = report.macroF1
    ece = report.expectedCalibrationError
    nll = report.negativeLogLikelihood
    nllStandardError = report.negativeLogLikelihoodError
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
      f1: evaluation.events.f1, falseAlarmsPerHour: evaluation.events.falseAlarmsPerHour,
      quietSeconds: evaluation.events.quiet.seconds,
      quietFalseAlarmsPerHour: evaluation.events.quiet.falseAlarmsPerHour,
      medianLatencyS: evaluation.events.medianLatency)
    reliability = report.reliability.map {
      Bin(count: $0.count, confidence: $0.meanConfidence, accuracy: $0.accuracy)
    }
    let rejection = evaluation.rejection
    conformal = rejection.measuredCoverage.map {
      Conformal(
        promised: RejectionReport.promisedCoverage, measured: $0,
        meanSize: rejection.meanSetSize ?? 0)
    }
    self.rejection = Rejection(
      unknownGestures: rejection.unknownCount, auroc: rejection.areaUnderCurve,
      meanAuroc: meanArea(of: folds),
      rejectedShareOfKnown: rejection.rejectedShareOfKnown,
      rejectedShareOfUnknown: rejection.rejectedShareOfUnknown,
      roc: rejection.areaUnderCurve == nil
        ? nil
        : rejection.operatingPoints.map {
          OperatingPoint(
            falsePositiveRate: $0.falsePositiveRate, truePositiveRate: $0.truePositiveRate)
        },
      riskCoverage: rejection.riskCoverage.map {
        RiskPoint(coverage: $0.coverage, risk: $0.risk)
      })
    recordings = evaluation.recordings
    gestures = report.count
    seconds = evaluation.events.seconds
    if evaluation.cost.answers > 0 {
      parameters = evaluation.cost.parameterCount
      microseconds = evaluation.cost.microsecondsPerAnswer
    }
    self.folds =
      folds.isEmpty ? nil : folds.map { EvaluationObject($0.evaluation, name: $0.name) }
  }
}

/// An evaluation as a person reads it.
func evaluationLines(_ evaluation: Evaluation, folds: [CrossValidation.Fold]) -> [String] {
  let report = evaluation.classification
  let interval = report.accuracyInterval
  let width = (folds.map(\.name) + report.labels).map(\.count).max() ?? 0
  var lines = folds.map { fold in
    let report = fold.evaluation.classification
    let result =
      report.count > 0
      ? "\(percent(report.accuracy)) of \(report.count) gestures" : "no gestures to judge by"
    let area = fold.evaluation.rejection.areaUnderCurve.map {
      ", AUROC of what was never learned \($0.formatted(decimals: 4))"
    }
    return "held out \(fold.name.padded(to: width + 2)) \(result)\(area ?? "")"
  }
  if let area = meanArea(of: folds) {
    lines.append("AUROC, mean over what was left out: \(area.formatted(decimals: 4))")
  }
  lines += [
    "accuracy \(percent(report.accuracy)) of \(report.count) gestures"
      + " (95 % interval \(percent(interval.lowerBound)) to \(percent(interval.upperBound)))",
    "macro-F1 \(report.macroF1.formatted(decimals: 4))"
      + "  ECE \(report.expectedCalibrationError.formatted(decimals: 4))"
      + "  NLL \(report.negativeLogLikelihood.formatted(decimals: 4))"
      + " ± \(report.negativeLogLikelihoodError.formatted(decimals: 4))",
  ]
  lines += rejectionLines(evaluation.rejection)
  lines += [
    "", "truth".padded(to: width + 2) + report.labels.map { $0.padded(to: width + 2) }.joined(),
  ]
  for (row, label) in report.labels.enumerated() where report.support(ofClass: row) > 0 {
    let counts = report.confusion[row].map { "\($0)".padded(to: width + 2) }.joined()
    lines.append(
      label.padded(to: width + 2) + counts + "recall \(percent(report.recall(ofClass: row)))")
  }
  let events = evaluation.events
  let latency = events.medianLatency.map {
    ", sure \($0.formatted(decimals: 2)) s after the end of a gesture"
  }
  lines += [
    "",
    "in streams of \(events.seconds.formatted(decimals: 0)) s: event precision"
      + " \(percent(events.precision)), recall \(percent(events.recall)),"
      + " F1 \(events.f1.formatted(decimals: 4)),"
      + " \(events.falseAlarmsPerHour.formatted(decimals: 1)) false alarms an hour"
      + (latency ?? ""),
  ]
  if events.quiet.seconds > 0 {
    lines.append(
      "where nobody makes a gesture, \(events.quiet.seconds.formatted(decimals: 0)) s:"
        + " \(events.quiet.falseAlarms) false alarms,"
        + " \(events.quiet.falseAlarmsPerHour.formatted(decimals: 1)) an hour")
  }
  return lines
}

/// The mean over the turns in which there were gestures of a class never learned.
private func meanArea(of folds: [CrossValidation.Fold]) -> Double? {
  let areas = folds.compactMap(\.evaluation.rejection.areaUnderCurve)
  return areas.isEmpty ? nil : areas.reduce(0, +) / Double(areas.count)
}

private func rejectionLines(_ report: RejectionReport) -> [String] {
  var lines: [String] = []
  if let measured = report.measuredCoverage, let size = report.meanSetSize {
    lines.append(
      "conformal sets promised to hold the true class in \(percent(RejectionReport.promisedCoverage))"
        + " of cases: \(percent(measured)), with \(size.formatted(decimals: 2)) classes on average")
  }
  if let share = report.rejectedShareOfKnown {
    lines.append("answered unknown: \(percent(share)) of the gestures")
  }
  if report.unknownCount > 0, let share = report.rejectedShareOfUnknown {
    let area = report.areaUnderCurve.map { ", AUROC \($0.formatted(decimals: 4))" } ?? ""
    lines.append(
      "and \(percent(share)) of \(report.unknownCount) gestures of classes never learned\(area)")
  }
  return lines
}

func percent(_ share: Double) -> String { "\((100 * share).formatted(decimals: 1)) %" }

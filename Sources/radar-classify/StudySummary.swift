import Gestures
import Pictures
import Simulation

/// A study as people, programs and eyes take it in.
struct StudySummary {
  let study: Study
  let radar: SimulatedRadar
  let gestures: [SimulatedGesture]

  /// What was judged, and the titles of the columns.
  var head: [String] {
    let kinds = gestures.map(\.rawValue).joined(separator: ", ")
    let columns = [
      study.vary.title, "accuracy", "95 % interval", "unknown", "event F1", "false alarms/h",
    ]
    return [
      "\(whoAndWhat): \(kinds)", "\(conditions), judged by \(judge)", "",
      row(columns),
    ]
  }

  private var judge: String { study.model.model ?? "the shipped model" }

  private var whoAndWhat: String {
    "\(radar.rawValue), \(study.people) people, seed \(study.seed), \(gestures.count) gestures each"
  }

  /// What stays as it is.
  private var conditions: String {
    let scene = study.scene
    let distance = scene.distance ?? radar.usualDistance
    var parts: [String] = []
    if study.vary != .distance { parts.append("\(distance.formatted(decimals: 2)) m") }
    if study.vary != .scale { parts.append("scale \(scene.scale.formatted(decimals: 2))") }
    if study.vary != .snr {
      let usual = radar.usualDistance.formatted(decimals: 2)
      parts.append("\(scene.snr.formatted(decimals: 0)) dB at \(usual) m")
    }
    if study.vary != .frameLoss, scene.frameLoss > 0 {
      parts.append("\(scene.frameLoss.formatted(decimals: 2)) of frames lost")
    }
    if let length = scene.lossLength {
      parts.append("losses of \(length.formatted(decimals: 1)) frames")
    }
    return parts.joined(separator: ", ")
  }

  private func row(_ cells: [String]) -> String {
    var cells = cells
    let last = cells.removeLast()
    let widths = [study.vary.title.count + 2, 10, 18, 9, 10]
    return zip(cells, widths).map { $0.padded(to: $1) }.joined() + last
  }

  func line(of point: RobustnessPoint) -> String {
    let interval = point.accuracy.interval
    let events = point.evaluation.events
    return row([
      point.value.formatted(decimals: study.vary.decimals), "\(percent(point.accuracy.share)) %",
      "\(percent(interval.lowerBound)) to \(percent(interval.upperBound)) %",
      "\(percent(point.evaluation.rejection.rejectedShareOfKnown ?? 0)) %",
      events.f1.formatted(decimals: 3), events.falseAlarmsPerHour.formatted(decimals: 1),
    ])
  }

  private func percent(_ share: Double) -> String { (100 * share).formatted(decimals: 1) }

  func chart(of points: [RobustnessPoint]) -> Chart {
    let points = points.sorted { $0.value < $1.value }
    func line(
      _ label: String, _ value: (RobustnessPoint) -> (Double, ClosedRange<Double>?)
    ) -> Chart.Line {
      Chart.Line(
        label: label,
        points: points.map { point in
          let (y, interval) = value(point)
          return Chart.Point(x: point.value, y: y, interval: interval)
        })
    }
    let lines = [
      line("accuracy, 95 % over people") { ($0.accuracy.share, $0.accuracy.interval) },
      line("event F1") { ($0.evaluation.events.f1, nil) },
      line("answered unknown") { ($0.evaluation.rejection.rejectedShareOfKnown ?? 0, nil) },
    ]
    return Chart(
      title: "\(whoAndWhat), judged by \(judge)", subtitle: conditions,
      horizontalTitle: study.vary.title, verticalTitle: "share", lines: lines,
      reference: study.vary == .frameLoss
        ? nil : Chart.Place(label: "default", x: study.vary.usualValue(for: radar)))
  }
}

// MARK: - For programs

extension StudySummary {
  /// One point as the keys of its JSON object.
  struct Object: Encodable {
    var varied: String
    var value: Double
    var waveform: String
    var distanceM: Double
    var scale: Double
    var snrDb: Double
    var frameLoss: Double
    var lossLength: Double
    var seed: UInt64
    var people: Int
    var gestures: [String]
    var accuracy: Double
    var accuracyInterval: [Double]
    var designEffect: Double
    var rightPerPerson: [Int]
    var gesturesPerPerson: [Int]
    var evaluation: EvaluationObject
  }

  func object(of point: RobustnessPoint, in scene: SceneArguments) -> Object {
    let (options, accuracy) = (scene.options, point.accuracy)
    return Object(
      varied: study.vary.rawValue, value: point.value, waveform: radar.rawValue,
      distanceM: options.distance, scale: options.scale, snrDb: options.signalToNoiseRatio,
      frameLoss: options.frameLoss.share, lossLength: options.frameLoss.meanLength,
      seed: study.seed, people: study.people, gestures: gestures.map(\.rawValue),
      accuracy: accuracy.share,
      accuracyInterval: [accuracy.interval.lowerBound, accuracy.interval.upperBound],
      designEffect: accuracy.designEffect, rightPerPerson: accuracy.clusters.map(\.right),
      gesturesPerPerson: accuracy.clusters.map(\.count),
      evaluation: EvaluationObject(point.evaluation))
  }
}

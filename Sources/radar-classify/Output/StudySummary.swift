import Gestures
import Pictures
import Simulation

/// A study as people, programs and eyes take it in.
struct StudySummary {
  let study: Study
  let radar: SimulatedRadar
  let gestures: [SimulatedGesture]

  /// What the models are called.
  let models: [String]

  /// What was judged, and the titles of the columns.
  var head: [String] {
    let kinds = gestures.map(\.rawValue).joined(separator: ", ")
    let columns = [
      study.vary.title, models.count > 1 ? "model" : nil, "accuracy", "95 % interval", "unknown",
      "event F1", "false alarms/h",
    ]
    return [
      "\(whoAndWhat): \(kinds)",
      "\(conditions), judged by \(models.joined(separator: " and "))", "",
      row(columns.compactMap { $0 }),
    ]
  }

  /// What a model is called on a chart, where there is no room for a path.
  private func shortName(_ index: Int) -> String {
    let name = models[index].split(separator: "/").last.map(String.init) ?? models[index]
    return name.hasSuffix(".safetensors") ? String(name.dropLast(12)) : name
  }

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
    var widths = [study.vary.title.count + 2, 10, 18, 9, 10]
    if models.count > 1 { widths.insert((models.map(\.count).max() ?? 0) + 2, at: 1) }
    return zip(cells, widths).map { $0.padded(to: $1) }.joined() + last
  }

  func line(of point: RobustnessPoint, model: Int) -> String {
    let interval = point.accuracy.interval
    let events = point.evaluation.events
    var cells = [
      point.value.formatted(decimals: study.vary.decimals), "\(percent(point.accuracy.share)) %",
      "\(percent(interval.lowerBound)) to \(percent(interval.upperBound)) %",
      "\(percent(point.evaluation.rejection.rejectedShareOfKnown ?? 0)) %",
      events.f1.formatted(decimals: 3), events.falseAlarmsPerHour.formatted(decimals: 1),
    ]
    if models.count > 1 { cells.insert(models[model], at: 1) }
    return row(cells)
  }

  private func percent(_ share: Double) -> String { (100 * share).formatted(decimals: 1) }

  /// The curves of the models: of one model also its events and what it answered with unknown.
  func chart(of curves: [[RobustnessPoint]]) -> Chart {
    let curves = curves.map { $0.sorted { $0.value < $1.value } }
    func line(
      _ label: String, _ points: [RobustnessPoint],
      _ value: (RobustnessPoint) -> (Double, ClosedRange<Double>?)
    ) -> Chart.Line {
      Chart.Line(
        label: label,
        points: points.map { point in
          let (y, interval) = value(point)
          return Chart.Point(x: point.value, y: y, interval: interval)
        })
    }
    var lines = curves.indices.map { index in
      let label = curves.count > 1 ? shortName(index) : "accuracy, 95 % over people"
      return line(label, curves[index]) { ($0.accuracy.share, $0.accuracy.interval) }
    }
    if curves.count == 1 {
      lines += [
        line("event F1", curves[0]) { ($0.evaluation.events.f1, nil) },
        line("answered unknown", curves[0]) {
          ($0.evaluation.rejection.rejectedShareOfKnown ?? 0, nil)
        },
      ]
    }
    let judges = curves.indices.map(shortName).joined(separator: " and ")
    return Chart(
      title: whoAndWhat, subtitle: "\(judges), \(conditions)", horizontalTitle: study.vary.title,
      verticalTitle: curves.count > 1 ? "accuracy, 95 % over people" : "share", lines: lines,
      reference: study.vary == .frameLoss
        ? nil : Chart.Place(label: "default", x: study.vary.usualValue(for: radar)))
  }
}

// MARK: - For programs

extension StudySummary {
  /// One point as the keys of its JSON object.
  struct Object: Encodable {
    var model: String
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

  func object(of point: RobustnessPoint, model: Int, in scene: SceneArguments) -> Object {
    let (options, accuracy) = (scene.options, point.accuracy)
    return Object(
      model: models[model], varied: study.vary.rawValue, value: point.value,
      waveform: radar.rawValue,
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

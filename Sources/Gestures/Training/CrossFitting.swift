internal import Radar

/// What models say of gestures that they have not learned from, so that a last model, which learns
/// from all of them, can be told what its confidence means and when to tell an event.
struct CrossFitting {
  private var heldOut: [Calibration.HeldOut] = []
  private var streams: [Stream] = []

  /// The vigour of every held-out gesture.
  private var vigours: [Double] = []

  /// A part of a recording, as a model that has not learned from it sees it.
  private struct Stream {
    var model: GestureModel
    var track: ScoreTrack
    var annotations: [Annotation]
    var seconds: Double
    var isQuiet: Bool
    var includes: (Double) -> Bool
  }

  /// The share of held-out gestures that were named right, and `nil` without any.
  private(set) var accuracy: Double?

  /// Adds what `model` says of the moments for which `includes` says yes.
  mutating func add(
    _ sequences: [LabelledSequence], judgedBy model: GestureModel,
    includes: @escaping (_ sequence: Int, _ time: Double) -> Bool
  ) {
    for (index, sequence) in sequences.enumerated() {
      let annotations = sequence.annotations.filter { includes(index, $0.middle) }
      let rows = model.scores(of: annotations.count) {
        sequence.features.window(centeredAt: annotations[$0].middle)
      }
      for (annotation, scores) in zip(annotations, rows) {
        guard let truth = model.labels.firstIndex(of: annotation.label) else { continue }
        heldOut.append(Calibration.HeldOut(scores: scores, truth: truth))
        guard truth != model.background else { continue }
        vigours.append(sequence.features.vigour(centeredAt: annotation.middle))
      }
      let step = model.grid.timeStep
      let steps = (0..<sequence.features.stepCount).count { includes(index, Double($0) * step) }
      guard steps > 0 else { continue }
      streams.append(
        Stream(
          model: model,
          track: ScoreTrack(of: sequence.features, judgedBy: model) { includes(index, $0) },
          annotations: annotations, seconds: Double(steps) * step, isQuiet: sequence.isQuiet
        ) { includes(index, $0) })
    }
    let candidates = model.candidates
    let right = heldOut.count { answer in
      candidates.max { answer.scores[$0] < answer.scores[$1] } == answer.truth
    }
    accuracy = heldOut.isEmpty ? nil : Double(right) / Double(heldOut.count)
  }

  /// What the held-out gestures say about confidence.
  func calibration(of model: GestureModel) -> Calibration {
    Calibration(of: heldOut, candidates: model.candidates, background: model.background)
  }

  /// The settings under which events agree best with the gestures marked in the held-out streams,
  /// and which are quiet where nobody makes a gesture.
  ///
  /// - Parameter falseAlarmsPerHour: The most false alarms in an hour of recordings without any
  ///   gesture, if they are limited: of the settings that keep to it the best counts, or the quietest
  ///   if none does.
  /// - Returns: The settings.
  func detection(falseAlarmsPerHour: Double?) -> EventDetector.Settings {
    let confidences = stride(from: 0.3, to: 1, by: 0.05)
    let vigours = vigours.sorted()
    // A limit that costs a few of the gestures must save more false alarms than that.
    let limits =
      [nil]
      + [0, 0.01, 0.02, 0.04].compactMap { share in
        vigours.isEmpty ? nil : vigours[Int(share * Double(vigours.count))] - 0.1
      }
    let settings = limits.flatMap { vigour in
      [2, 5, 8].flatMap { fewest in
        confidences.map {
          EventDetector.Settings(confidence: $0, fewestWindows: fewest, vigour: vigour)
        }
      }
    }
    let outcomes = settings.map { ($0, report(under: $0)) }
    let limit = falseAlarmsPerHour ?? .infinity
    let quiet = outcomes.filter { $0.1.quiet.falseAlarmsPerHour <= limit }
    let most = quiet.map { Self.worth(of: $0.1) }.max() ?? 0
    // Of settings about as good as the best, which cannot be told apart, the most cautious.
    let best =
      quiet.filter { Self.worth(of: $0.1) >= most - 0.01 }
      .max { $0.0.confidence < $1.0.confidence }
      ?? outcomes.min { $0.1.quiet.falseAlarmsPerHour < $1.1.quiet.falseAlarmsPerHour }
    return best?.0 ?? EventDetector.Settings()
  }

  /// The F1 of events, in which a false alarm where nobody makes a gesture counts ``quietWeight``
  /// times: recordings are full of gestures, life is not.
  private static func worth(of report: EventReport) -> Double {
    let hits = 2 * Double(report.hits)
    let errors = Double(report.falseAlarms + report.misses)
    let more = (quietWeight - 1) * Double(report.quiet.falseAlarms)
    return hits > 0 ? hits / (hits + errors + more) : 0
  }

  /// How many false alarms a false alarm where nobody makes a gesture counts for.
  private static let quietWeight = 5.0

  private func report(under settings: EventDetector.Settings) -> EventReport {
    var report = EventReport()
    for stream in streams {
      let events = stream.track.findings(of: stream.model, settings: settings)
        .map { stream.model.event(of: $0) }
        .filter { stream.includes(($0.start + $0.end) / 2) }
      report.add(
        events, annotations: stream.annotations, seconds: stream.seconds, isQuiet: stream.isQuiet)
    }
    return report
  }
}

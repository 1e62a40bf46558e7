internal import Autodiff
internal import Radar

/// What models say of gestures that they have not learned from, so that a last model, which learns
/// from all of them, can be told what its confidence means and when to tell an event.
struct CrossFitting {
  private var heldOut: [Calibration.HeldOut] = []

  /// What was held out of each recording, as models see it that have not learned from it.
  private var streams: [Int: Stream] = [:]

  /// What the networks have in common.
  private var model: GestureModel?

  /// How unlike every known gesture the held-out ones look when they are varied.
  private var unfamiliarity: [Double] = []

  /// The vigour of every held-out gesture.
  private var vigours: [Double] = []

  /// For how long something had been moving when every held-out gesture came.
  private var motions: [Double] = []

  /// The level from which on something moves, in decibels above the noise.
  private let motionLevel: Double?

  /// The parts of a recording that were held out.
  private struct Stream {
    var parts: [(track: ScoreTrack, counts: (Double) -> Bool)] = []
    var annotations: [Annotation] = []
    var seconds = 0.0
    var isQuiet: Bool
  }

  /// The share of held-out gestures that were named right, and `nil` without any.
  private(set) var accuracy: Double?

  /// Begins with the moments of `sequences` that may be learned from, which show what rest is.
  init(_ sequences: [LabelledSequence], includes: (_ sequence: Int, _ time: Double) -> Bool) {
    motionLevel = MotionLimit.level(
      of: sequences.enumerated().flatMap { index, sequence in
        let step = sequence.features.grid.timeStep
        return sequence.features.movingPowers.enumerated()
          .filter { includes(index, Double($0.offset) * step) }.map(\.element)
      })
  }

  /// Adds what `model` says of the moments for which `includes` says yes.
  mutating func add(
    _ sequences: [LabelledSequence], judgedBy model: GestureModel,
    includes: @escaping (_ sequence: Int, _ time: Double) -> Bool
  ) {
    self.model = model
    for (index, sequence) in sequences.enumerated() {
      let annotations = sequence.annotations.filter { includes(index, $0.middle) }
      let views = model.views(of: annotations.count) {
        sequence.features.window(centeredAt: annotations[$0].middle)
      }
      let motion = motionLevel.map { sequence.features.motions(above: $0) }
      for (annotation, view) in zip(annotations, views) {
        guard let truth = model.labels.firstIndex(of: annotation.label) else { continue }
        heldOut.append(Calibration.HeldOut(scores: view.scores, truth: truth))
        guard truth != model.background else { continue }
        vigours.append(sequence.features.vigour(centeredAt: annotation.middle))
        if let motion {
          motions.append(sequence.features.motion(centeredAt: annotation.middle, of: motion))
        }
      }
      let step = model.grid.timeStep
      let steps = (0..<sequence.features.stepCount).count { includes(index, Double($0) * step) }
      guard steps > 0 else { continue }
      let track = ScoreTrack(
        of: sequence.features, judgedBy: model, motionLevel: motionLevel
      ) { includes(index, $0) }
      var stream = streams[index] ?? Stream(isQuiet: sequence.isQuiet)
      stream.parts.append((track, { includes(index, $0) }))
      stream.annotations += annotations
      stream.seconds += Double(steps) * step
      streams[index] = stream
    }
    unfamiliarity += Self.unfamiliarity(
      of: ExampleSet(sequences, labels: model.labels, includes: includes), judgedBy: model)
    let candidates = model.candidates
    let right = heldOut.count { answer in
      candidates.max { answer.scores[$0] < answer.scores[$1] } == answer.truth
    }
    accuracy = heldOut.isEmpty ? nil : Double(right) / Double(heldOut.count)
  }

  /// How unlike every known gesture those in `examples` look to `model` when they are varied.
  private static func unfamiliarity(
    of examples: ExampleSet, judgedBy model: GestureModel
  ) -> [Double] {
    var varied = VariedGestures(of: examples)
    return model.views(of: varied.count) { varied.window(of: $0) }
      .map { model.unfamiliarity(of: $0) }
  }

  /// What the held-out gestures say about confidence.
  func calibration(of model: GestureModel) -> Calibration {
    Calibration(of: heldOut, candidates: model.candidates, unfamiliarity: unfamiliarity)
  }

  /// The settings under which events agree with the gestures marked in the held-out streams, and which
  /// are quiet where nobody makes a gesture.
  ///
  /// - Parameters:
  ///   - falseAlarmsPerHour: The most false alarms in an hour of recordings without any gesture, if they
  ///     are limited.
  ///   - shortestGap: The shortest time from one marked gesture to the next, if there is one.
  /// - Returns: The settings.
  func detection(falseAlarmsPerHour: Double?, shortestGap: Double?) -> EventDetector.Settings {
    let streams = streams.sorted { $0.key < $1.key }.map(\.value)
    let tracks = streams.map { ScoreTrack(joining: $0.parts) }
    let motion = motionLevel.flatMap { level in
      model.flatMap {
        MotionLimit(level: level, motions: motions, windowDuration: $0.grid.duration)
      }
    }
    let candidates = DetectionChoice.candidates(
      vigours: vigours, shortestGap: shortestGap, motion: motion)
    return DetectionChoice(among: candidates) { report(of: streams, tracks: tracks, under: $0) }
      .best(falseAlarmsPerHour: falseAlarmsPerHour)
  }

  private func report(
    of streams: [Stream], tracks: [ScoreTrack], under settings: EventDetector.Settings
  ) -> EventReport {
    var report = EventReport()
    guard let model else { return report }
    for (stream, track) in zip(streams, tracks) {
      let events = track.findings(of: model, settings: settings).map { model.event(of: $0) }
        .filter { event in stream.parts.contains { $0.counts((event.start + event.end) / 2) } }
      report.add(
        events, annotations: stream.annotations.sorted { $0.start < $1.start },
        seconds: stream.seconds, isQuiet: stream.isQuiet)
    }
    return report
  }
}

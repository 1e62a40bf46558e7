/// Turns the probabilities of windows that slide along a stream into one event per gesture.
///
/// A network that looks at every window of a stream answers `background` until a gesture comes near
/// the middle of the window, and again when it has left. In between lies a *run* of windows in which
/// one gesture is the most probable. A run opens when the probability of any gesture exceeds
/// ``Settings/onset``, and ends when it falls below ``Settings/offset`` or another gesture takes the
/// lead. Runs closer together than ``Settings/separation`` belong to one gesture, of which the
/// window showed now a part and now the whole: the strongest is the event. What follows it within
/// ``Settings/refractory`` is not told, nor what has been moving without a rest for longer than
/// ``Settings/motion`` allows.
package struct EventDetector: Sendable {
  /// When a run opens and closes, and which runs are events.
  package struct Settings: Codable, Hashable, Sendable {
    /// The probability of any gesture at which a run opens.
    var onset = 0.6

    /// The probability of any gesture below which a run closes.
    var offset = 0.4

    /// The mean probability of its class that makes a run an event.
    var confidence = 0.5

    /// The fewest windows in a run.
    var fewestWindows = 3

    /// The least vigour of a gesture in decibels above silence, and `nil` if any will do.
    package var vigour: Double?

    /// The shortest time between two gestures, from middle to middle, as a share of a window.
    var separation = 0.5

    /// The time after a gesture in which no other one is told, from middle to middle in seconds, and
    /// `nil` if it is no longer than ``separation``.
    package var refractory: Double?

    /// For how long something may have been moving before it is no gesture, if that matters.
    package var motion: MotionLimit?

    init() {}

    /// Settings under which a gesture is an event if the mean probability of its class reaches
    /// `confidence`, its vigour `vigour`, it comes later than `refractory` after the one before, and
    /// what moves has rested before, as `motion` has it.
    package init(
      confidence: Double, fewestWindows: Int, vigour: Double?, refractory: Double?,
      motion: MotionLimit? = nil
    ) {
      self.confidence = confidence
      self.fewestWindows = fewestWindows
      self.vigour = vigour
      self.refractory = refractory
      self.motion = motion
      onset = confidence
      offset = 0.6 * confidence
    }
  }

  let settings: Settings

  /// The usual duration of each class in seconds.
  let durations: [Double]

  /// The classes that are gestures, as indices into the labels.
  let gestures: [Int]

  private let separation: Double
  private var run: Run?

  /// The strongest run so far of a gesture that may have another one.
  private var candidate: Run?

  /// The middle of the last gesture that was told.
  private var lastMiddle = -Double.infinity

  /// How often something looked like a gesture that had been moving for too long before.
  package private(set) var restlessCount = 0

  /// An event, as the window that shows its gesture best.
  package struct Finding: Sendable {
    /// When the gesture was in the middle of a window; near the beginning of a stream that is not the
    /// middle between ``start`` and ``end``.
    package var middle: Double
    package var start: Double
    package var end: Double
    package var view: GestureView
    var damage: Double

    /// The time from which on it was sure.
    var decided: Double
  }

  package init(settings: Settings, labels: [String], durations: [Double], windowDuration: Double) {
    precondition(labels.count == durations.count, "every class needs a duration")
    self.settings = settings
    self.durations = durations
    separation = settings.separation * windowDuration
    gestures = labels.indices.filter { labels[$0] != GestureModel.backgroundLabel }
  }

  /// A detector for the windows of `model`.
  init(model: GestureModel, settings: Settings) {
    self.init(
      settings: settings, labels: model.labels, durations: model.durations,
      windowDuration: model.grid.duration)
  }

  /// Neighbouring windows in which one gesture leads.
  private struct Run {
    var label: Int
    var start: Double
    var windows = 0
    var sum = 0.0
    var moment = 0.0
    var damage = 0.0
    var vigour = 0.0

    /// For how long something had been moving when the middle of a window came, by the window of which
    /// that was shortest.
    var motion = Double.infinity
    var best = 0.0
    var view: GestureView

    /// How little the most familiar window is unlike what is remembered.
    var leastUnlikeness: Double?

    /// The mean time of the windows, weighted by the probability of the gesture.
    var middle: Double { moment / sum }

    /// The mean probability of the gesture.
    var confidence: Double { sum / Double(windows) }
  }

  /// Takes the next window.
  ///
  /// - Returns: The event that is sure now, if one is.
  package mutating func append(_ window: ScoredWindow) -> Finding? {
    let time = window.middle
    var finding: Finding?
    if let current = run, window.presence < settings.offset || window.leader != current.label {
      finding = close(current, at: time)
    }
    if let leader = window.leader,
      window.presence >= (run == nil ? settings.onset : settings.offset)
    {
      var run = self.run ?? Run(label: leader, start: time, view: window.view)
      run.windows += 1
      run.damage = max(run.damage, window.damage)
      run.vigour = max(run.vigour, window.vigour)
      run.motion = min(run.motion, window.motion)
      run.moment += window.probability * time
      run.sum += window.probability
      if window.probability > run.best {
        (run.best, run.view) = (window.probability, window.view)
      }
      // A gesture looks like itself in one of its windows only, and strange in those before and after.
      run.leastUnlikeness = [run.leastUnlikeness, window.view.unlikeness].compactMap(\.self).min()
      self.run = run
    }
    // A run that is open may still turn out to belong to the same gesture.
    if finding == nil, let held = candidate, (run?.start ?? time) > held.middle + separation {
      candidate = nil
      finding = self.finding(of: held, at: time)
    }
    return finding
  }

  /// Ends the stream, whose last window had its middle at `time`.
  ///
  /// - Returns: The events that were not sure yet.
  package mutating func finish(at time: Double) -> [Finding] {
    let first = run.flatMap { close($0, at: time) }
    let held = candidate
    candidate = nil
    return [first, held.map { finding(of: $0, at: time) }].compactMap { $0 }
  }

  /// Ends a run, and tells the gesture before it if that is another one.
  private mutating func close(_ closed: Run, at time: Double) -> Finding? {
    run = nil
    guard closed.windows >= settings.fewestWindows, closed.confidence >= settings.confidence,
      closed.vigour >= settings.vigour ?? 0
    else { return nil }
    let isRestless = closed.motion > settings.motion?.duration ?? .infinity
    if let held = candidate, closed.middle - held.middle < separation {
      if closed.sum > held.sum, !isRestless { candidate = closed }
      return nil
    }
    let last = candidate?.middle ?? lastMiddle
    guard closed.middle - last >= settings.refractory ?? 0 else { return nil }
    guard !isRestless else {
      restlessCount += 1
      return nil
    }
    defer { candidate = closed }
    return candidate.map { finding(of: $0, at: time) }
  }

  private mutating func finding(of run: Run, at time: Double) -> Finding {
    lastMiddle = run.middle
    let half = durations[run.label] / 2
    let view = GestureView(scores: run.view.scores, unlikeness: run.leastUnlikeness)
    return Finding(
      middle: run.middle, start: max(run.middle - half, 0), end: run.middle + half, view: view,
      damage: run.damage, decided: time)
  }
}

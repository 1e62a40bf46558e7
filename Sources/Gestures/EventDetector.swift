/// Turns the probabilities of windows that slide along a stream into one event per gesture.
///
/// A network that looks at every window of a stream answers `background` until a gesture comes near
/// the middle of the window, and again when it has left. In between lies a *run* of windows in which
/// one gesture is the most probable. A run opens when the probability of any gesture exceeds
/// ``Settings/onset``, and ends when it falls below ``Settings/offset`` or another gesture takes the
/// lead. Runs closer together than ``Settings/separation`` belong to one gesture, of which the
/// window showed now a part and now the whole: the strongest is the event.
struct EventDetector: Sendable {
  /// When a run opens and closes, and which runs are events.
  struct Settings: Codable, Hashable, Sendable {
    /// The probability of any gesture at which a run opens.
    var onset = 0.6

    /// The probability of any gesture below which a run closes.
    var offset = 0.4

    /// The mean probability of its class that makes a run an event.
    var confidence = 0.5

    /// The fewest windows in a run.
    var fewestWindows = 3

    /// The shortest time between two gestures, from middle to middle, as a share of a window.
    var separation = 0.5
  }

  let settings: Settings
  let labels: [String]

  /// The usual duration of each class in seconds.
  let durations: [Double]

  private let separation: Double
  private let gestures: [Int]
  private var run: Run?

  /// The strongest run so far of a gesture that may have another one.
  private var candidate: Run?

  init(settings: Settings, labels: [String], durations: [Double], windowDuration: Double) {
    precondition(labels.count == durations.count, "every class needs a duration")
    self.settings = settings
    self.labels = labels
    self.durations = durations
    separation = settings.separation * windowDuration
    gestures = labels.indices.filter { labels[$0] != GestureModel.backgroundLabel }
  }

  /// Neighbouring windows in which one gesture leads.
  private struct Run {
    var label: Int
    var start: Double
    var windows = 0
    var sums: [Double]
    var moment = 0.0
    var damage = 0.0

    /// The mean time of the windows, weighted by the probability of the gesture.
    var middle: Double { moment / sums[label] }

    /// The mean probability of the gesture.
    var confidence: Double { sums[label] / Double(windows) }
  }

  /// Takes the probabilities of the window whose middle is at `time`.
  ///
  /// - Returns: The event that is sure now, if one is.
  mutating func append(_ probabilities: [Double], damage: Double, at time: Double) -> GestureEvent?
  {
    let presence = gestures.map { probabilities[$0] }.reduce(0, +)
    let leader = gestures.max { probabilities[$0] < probabilities[$1] }
    var event: GestureEvent?
    if let current = run, presence < settings.offset || leader != current.label {
      event = close(current)
    }
    if let leader, presence >= (run == nil ? settings.onset : settings.offset) {
      add(probabilities, leader: leader, damage: damage, at: time)
    }
    // A run that is open may still turn out to belong to the same gesture.
    if event == nil, let held = candidate, (run?.start ?? time) > held.middle + separation {
      candidate = nil
      event = self.event(of: held)
    }
    return event
  }

  /// Ends the stream.
  ///
  /// - Returns: The events that were not sure yet.
  mutating func finish() -> [GestureEvent] {
    let first = run.flatMap { close($0) }
    defer { candidate = nil }
    return [first, candidate.map { event(of: $0) }].compactMap { $0 }
  }

  /// Ends a run, and tells the gesture before it if that is another one.
  private mutating func close(_ closed: Run) -> GestureEvent? {
    run = nil
    guard closed.windows >= settings.fewestWindows, closed.confidence >= settings.confidence
    else { return nil }
    guard let held = candidate else {
      candidate = closed
      return nil
    }
    if closed.middle - held.middle < separation {
      if closed.sums[closed.label] > held.sums[held.label] { candidate = closed }
      return nil
    }
    candidate = closed
    return event(of: held)
  }

  private func event(of run: Run) -> GestureEvent {
    let half = durations[run.label] / 2
    return GestureEvent(
      start: max(run.middle - half, 0), end: run.middle + half,
      prediction: Prediction(
        labels: labels, probabilities: run.sums.map { $0 / Double(run.windows) }),
      damage: run.damage)
  }

  private mutating func add(
    _ probabilities: [Double], leader: Int, damage: Double, at time: Double
  ) {
    var run = self.run ?? Run(label: leader, start: time, sums: labels.map { _ in 0 })
    run.windows += 1
    run.damage = max(run.damage, damage)
    run.moment += probabilities[leader] * time
    for index in labels.indices { run.sums[index] += probabilities[index] }
    self.run = run
  }
}

public import Radar

/// How well the events found in streams agree with the gestures marked in them.
///
/// An event matches a gesture with the same name if they overlap; each takes part in one match at
/// most. An event without a gesture is a false alarm, unless its answer is `unknown`, upon which
/// nobody acts.
public struct EventReport: Equatable, Sendable {
  /// The events that match a gesture.
  public private(set) var hits = 0

  /// The events that match none.
  public private(set) var falseAlarms = 0

  /// The gestures that no event matches.
  public private(set) var misses = 0

  /// The time listened to in seconds.
  public private(set) var seconds = 0.0

  /// The times from the end of each gesture found until its event was sure, in seconds.
  private var latencies: [Double] = []

  /// Recordings in which nobody makes a gesture, of which the figures above count those too.
  public private(set) var quiet = Quiet()

  /// What was found where nobody makes a gesture.
  public struct Quiet: Equatable, Sendable {
    /// The events.
    public fileprivate(set) var falseAlarms = 0

    /// The time listened to in seconds.
    public fileprivate(set) var seconds = 0.0

    /// The events in an hour of listening.
    public var falseAlarmsPerHour: Double {
      seconds > 0 ? Double(falseAlarms) * 3600 / seconds : 0
    }
  }

  /// Creates a report of no streams.
  public init() {}

  /// Adds the events of a stream of `seconds` in which `annotations` are marked.
  ///
  /// Annotations of the background are no gestures.
  ///
  /// - Parameters:
  ///   - events: The events.
  ///   - annotations: What is marked.
  ///   - seconds: The length of the stream.
  ///   - isQuiet: Whether nobody makes a gesture in the whole recording.
  public mutating func add(
    _ events: [GestureEvent], annotations: [Annotation], seconds: Double, isQuiet: Bool = false
  ) {
    let alarmsBefore = falseAlarms
    defer {
      if isQuiet {
        quiet.falseAlarms += falseAlarms - alarmsBefore
        quiet.seconds += seconds
      }
    }
    var open = annotations.filter { $0.label != GestureModel.backgroundLabel }
    for event in events where event.label != Prediction.unknownLabel {
      let match = open.firstIndex { gesture in
        gesture.label == event.label && gesture.start < event.end && event.start < gesture.end
      }
      if let match {
        latencies.append(event.decided - open.remove(at: match).end)
        hits += 1
      } else {
        falseAlarms += 1
      }
    }
    misses += open.count
    self.seconds += seconds
  }

  /// Adds the streams of another report.
  public mutating func add(_ other: EventReport) {
    hits += other.hits
    falseAlarms += other.falseAlarms
    misses += other.misses
    seconds += other.seconds
    latencies += other.latencies
    quiet.falseAlarms += other.quiet.falseAlarms
    quiet.seconds += other.quiet.seconds
  }

  /// The median time from the end of a gesture until its event is sure in seconds, and `nil` if no
  /// gesture was found.
  public var medianLatency: Double? {
    latencies.isEmpty ? nil : latencies.sorted()[latencies.count / 2]
  }

  /// The share of events that match a gesture.
  public var precision: Double {
    hits + falseAlarms > 0 ? Double(hits) / Double(hits + falseAlarms) : 0
  }

  /// The share of gestures that an event matches.
  public var recall: Double {
    hits + misses > 0 ? Double(hits) / Double(hits + misses) : 0
  }

  /// The harmonic mean of precision and recall.
  public var f1: Double {
    2 * hits + falseAlarms + misses > 0
      ? Double(2 * hits) / Double(2 * hits + falseAlarms + misses) : 0
  }

  /// The events without a gesture in an hour of listening.
  public var falseAlarmsPerHour: Double {
    seconds > 0 ? Double(falseAlarms) * 3600 / seconds : 0
  }
}

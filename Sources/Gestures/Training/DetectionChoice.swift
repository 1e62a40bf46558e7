/// The choice of the settings under which a detector tells events, by how well these would have
/// agreed with gestures that were held out.
package struct DetectionChoice {
  /// What each of the settings finds.
  private let outcomes: [Outcome]

  private typealias Outcome = (settings: EventDetector.Settings, report: EventReport)

  /// How many false alarms a false alarm where nobody makes a gesture counts for: recordings are full
  /// of gestures, life is not.
  private static let quietWeight = 5.0

  /// Begins with what each of some settings finds.
  package init(
    among settings: [EventDetector.Settings],
    finding report: (EventDetector.Settings) -> EventReport
  ) {
    outcomes = settings.map { ($0, report($0)) }
  }

  /// The settings to choose from.
  ///
  /// - Parameters:
  ///   - vigours: The vigours of held-out gestures.
  ///   - shortestGap: The shortest time from one marked gesture to the next, if there is one.
  ///   - motion: For how long something may have been moving, if that can be told.
  /// - Returns: The settings.
  package static func candidates(
    vigours: [Double], shortestGap: Double?, motion: MotionLimit? = nil
  ) -> [EventDetector.Settings] {
    let vigours = vigours.sorted()
    // A limit that costs a few of the gestures must save more false alarms than that.
    var limits: [Double?] = [nil]
    if !vigours.isEmpty {
      limits += [0, 0.01, 0.02, 0.04].map { vigours[Int($0 * Double(vigours.count))] - 0.1 }
    }
    // A device that marks gestures may be deaf for a while after each.
    var refractories: [Double?] = [nil]
    if let shortestGap { refractories.append(0.98 * shortestGap) }
    let motions: [MotionLimit?] = motion == nil ? [nil] : [nil, motion]
    return limits.flatMap { vigour in
      refractories.flatMap { refractory in
        motions.flatMap { motion in
          [2, 5, 8].flatMap { fewest in
            // An event must be more probable than all else together, whatever less would find.
            stride(from: 0.55, to: 1, by: 0.05).map {
              EventDetector.Settings(
                confidence: $0, fewestWindows: fewest, vigour: vigour, refractory: refractory,
                motion: motion)
            }
          }
        }
      }
    }
  }

  /// Of the settings that agree best with the gestures, or nearly so, those that ask for rest, then for the
  /// most vigour, then for the most time between two gestures, and then for the least confidence, in the
  /// most windows.
  ///
  /// The best ones of all owe much to luck, so all are good enough that the held-out gestures are too few
  /// to tell from them: this is the rule of one standard error (Breiman, Friedman, Olshen and Stone,
  /// 1984). That gestures come out of rest, how vigorous they are, and how close to each other, is the
  /// same on another day. How confident a network is of them is not, so no more confidence is asked for
  /// than it takes here.
  ///
  /// - Parameter falseAlarmsPerHour: The most false alarms in an hour of recordings without any
  ///   gesture, if they are limited: if none of the settings keeps to it, the quietest are chosen.
  /// - Returns: The settings.
  package func best(falseAlarmsPerHour: Double? = nil) -> EventDetector.Settings {
    let limit = falseAlarmsPerHour ?? .infinity
    let quiet = outcomes.filter { $0.report.quiet.falseAlarmsPerHour <= limit }
    guard let best = quiet.max(by: { Self.worth(of: $0.report) < Self.worth(of: $1.report) }) else {
      let quietest = outcomes.min {
        $0.report.quiet.falseAlarmsPerHour < $1.report.quiet.falseAlarmsPerHour
      }
      return quietest?.settings ?? EventDetector.Settings()
    }
    let enough = Self.worth(of: best.report) - Self.standardError(of: best.report)
    let good = quiet.filter { Self.worth(of: $0.report) >= enough }
    return good.map(\.settings).max { Self.preference(for: $0) < Self.preference(for: $1) }
      ?? best.settings
  }

  /// The F1 of events, in which a false alarm where nobody makes a gesture counts ``quietWeight`` times.
  private static func worth(of report: EventReport) -> Double {
    let hits = 2 * Double(report.hits)
    let errors = Double(report.falseAlarms + report.misses)
    let more = (quietWeight - 1) * Double(report.quiet.falseAlarms)
    return hits > 0 ? hits / (hits + errors + more) : 0
  }

  /// By how much the worth would change by chance with other gestures: as if the numbers of errors of
  /// either sort were Poisson's.
  private static func standardError(of report: EventReport) -> Double {
    let errors = Double(report.falseAlarms + report.misses)
    let quiet = Double(report.quiet.falseAlarms)
    let all = 2 * Double(report.hits) + errors + (quietWeight - 1) * quiet
    let variance = errors + (quietWeight * quietWeight - 1) * quiet
    return all > 0 ? max(variance, 1).squareRoot() / all : 0
  }

  private static func preference(
    for settings: EventDetector.Settings
  ) -> (rest: Int, vigour: Double, refractory: Double, lack: Double, windows: Int) {
    (
      settings.motion == nil ? 0 : 1, settings.vigour ?? 0, settings.refractory ?? 0,
      -settings.confidence, settings.fewestWindows
    )
  }
}

internal import Radar

/// The scores of the windows that slide along a recording, as a stream would see them.
package struct ScoreTrack: Sendable {
  /// The windows in their order.
  package let windows: [ScoredWindow]

  /// The recording as a whole, of which several models have judged a part each.
  ///
  /// What a gesture is told as depends on those before it, so a part alone is not what a stream shows.
  ///
  /// - Parameter parts: The tracks, and of which moments each counts. A moment that no other track is
  ///   for, such as one close to those of a track, is shown by any that has it.
  package init(joining parts: [(track: ScoreTrack, counts: (_ time: Double) -> Bool)]) {
    var joined: [Double: ScoredWindow] = [:]
    for (track, _) in parts { for window in track.windows { joined[window.middle] = window } }
    for (track, counts) in parts {
      for window in track.windows where counts(window.middle) { joined[window.middle] = window }
    }
    windows = joined.values.sorted { $0.middle < $1.middle }
  }

  /// Looks at every window of `features` for which `includes` says yes of the time within half a
  /// window around its middle.
  ///
  /// - Parameters:
  ///   - features: The recording.
  ///   - model: What judges the windows.
  ///   - motionLevel: The level from which on something moves, in decibels above the noise, if it is
  ///     not that of the model.
  ///   - includes: Which moments count.
  package init(
    of features: FeatureSequence, judgedBy model: GestureModel, motionLevel: Double? = nil,
    includes: (_ time: Double) -> Bool = { _ in true }
  ) {
    let step = model.grid.timeStep
    let reach = model.grid.duration / 2
    let steps = model.grid.steps
    let middles = stride(from: 1, to: features.stepCount + steps / 2, by: GestureStream.stride)
      .map { (Double($0) + 0.5 - Double(steps) / 2) * step }
      .filter { middle in
        middle >= 0 && (includes(middle) || includes(middle - reach) || includes(middle + reach))
      }
    let views = model.views(of: features, at: middles)
    let gestures = model.gestures
    let level = motionLevel ?? model.detection.motion?.level
    let motions = level.map { features.motions(above: $0) }
    windows = zip(middles, views).map { middle, view in
      ScoredWindow(
        middle: middle, view: view, gestures: gestures,
        vigour: features.vigour(centeredAt: middle),
        motion: motions.map { features.motion(centeredAt: middle, of: $0) } ?? 0)
    }
  }

  /// What a detector finds in these windows.
  func findings(of model: GestureModel, settings: EventDetector.Settings) -> [EventDetector.Finding]
  {
    var detector = EventDetector(model: model, settings: settings)
    var findings: [EventDetector.Finding] = []
    for window in windows {
      if let finding = detector.append(window) { findings.append(finding) }
    }
    return findings + detector.finish(at: windows.last?.middle ?? 0)
  }
}

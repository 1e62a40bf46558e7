internal import RealModule

/// Where a hand is at any time: strokes with pauses between them, in which it goes without haste to
/// where the next stroke starts.
struct HandScript: Sendable {
  /// One stroke, or one stretch of background.
  struct Stroke: Sendable {
    var gesture: ScriptedGesture
    var style: StrokeStyle
    var start: Double
    var end: Double

    /// What happens in a stretch of background.
    var idling: Idling
  }

  /// What happens when there is no gesture.
  enum Idling: CaseIterable, Sendable {
    case still, walking, fidgeting
  }

  let strokes: [Stroke]

  /// When the script ends in seconds.
  let duration: Double

  private let person: SimulatedPerson
  private let rest: SIMD3<Double>
  private let fidgets: [(direction: SIMD3<Double>, rate: Double, phase: Double)]

  /// Writes a script of `gestures`, one after the other.
  init(
    gestures: [ScriptedGesture], person: SimulatedPerson, distance: Double,
    using generator: inout SimulationGenerator
  ) {
    self.person = person
    rest = SIMD3(0, 0, distance) + person.restOffset
    var time = generator.uniform(0.6...1.0)
    var strokes: [Stroke] = []
    for gesture in gestures {
      let pace = gesture.isBackground ? 1 : person.speed * generator.uniform(0.9...1.1)
      let duration = gesture.duration / pace
      strokes.append(
        Stroke(
          gesture: gesture, style: person.style(using: &generator), start: time,
          end: time + duration, idling: Idling.allCases.randomElement(using: &generator) ?? .still))
      time += duration + generator.uniform(0.9...1.6)
    }
    self.strokes = strokes
    duration = time
    fidgets = (0..<3).map { _ in
      (
        direction: SIMD3(
          generator.uniform(-1...1), generator.uniform(-1...1), generator.uniform(-1...1)),
        rate: generator.uniform(0.3...1.2), phase: generator.uniform(0...2 * .pi)
      )
    }
  }

  /// Where the palm is at rest.
  var restPosition: SIMD3<Double> { rest }

  /// Where the palm is.
  func palm(at time: Double) -> SIMD3<Double> {
    let next = strokes.firstIndex { $0.end > time } ?? strokes.count
    guard next < strokes.count, strokes[next].start <= time else {
      return pausing(at: time, before: next)
    }
    let stroke = strokes[next]
    let progress = (time - stroke.start) / (stroke.end - stroke.start)
    var place = edge(of: stroke, progress: progress)
    if stroke.gesture.isBackground, stroke.idling == .fidgeting {
      let envelope = Double.sin(.pi * progress)
      for fidget in fidgets {
        let turn = Double.sin(2 * .pi * fidget.rate * (time - stroke.start) + fidget.phase)
        place += 0.025 * person.size * envelope * turn * fidget.direction
      }
    }
    return place
  }

  /// The place in a stroke, as this person does it.
  private func edge(of stroke: Stroke, progress: Double) -> SIMD3<Double> {
    rest + person.leaning(stroke.gesture.displacement(at: progress, style: stroke.style))
  }

  /// The way from the end of one stroke to the start of the next, which uses the whole pause.
  private func pausing(at time: Double, before next: Int) -> SIMD3<Double> {
    let from = next > 0 ? edge(of: strokes[next - 1], progress: 1) : rest
    let to = next < strokes.count ? edge(of: strokes[next], progress: 0) : rest
    let start = next > 0 ? strokes[next - 1].end : 0
    let end = next < strokes.count ? strokes[next].start : duration
    // The hand waits a little at both ends, as hands do.
    let share = ((time - start) / max(end - start, 1e-9) - 0.1) / 0.8
    let t = min(max(share, 0), 1)
    return from + (to - from) * (t * t * t * (10 - 15 * t + 6 * t * t))
  }

  /// Where someone walks past at this time, if someone does, and which way they swing.
  func walker(at time: Double) -> (position: SIMD3<Double>, swing: Double)? {
    guard
      let stroke = strokes.first(where: { stroke in
        stroke.gesture.isBackground && stroke.idling == .walking
          && (stroke.start - 0.4..<stroke.end + 0.4).contains(time)
      })
    else { return nil }
    let speed = 1.1 * stroke.style.sense
    let middle = (stroke.start + stroke.end) / 2
    let x = speed * (time - middle)
    return (SIMD3(x, -0.1, rest.z + 0.55 + 0.15 * x), .sin(2 * .pi * 0.9 * time))
  }
}

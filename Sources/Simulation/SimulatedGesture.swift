internal import RealModule

/// A gesture as the path of a hand.
///
/// Every stroke starts and ends at rest, along the path that needs the least jerk (Flash and Hogan,
/// 1985). What the hand does before and after, returning without haste to where the next stroke
/// starts, is background.
public enum SimulatedGesture: String, CaseIterable, Hashable, Sendable {
  /// The flat hand moves towards the radar.
  case push

  /// The hand moves away from the radar.
  case pull

  /// The hand moves to the left as the radar looks out, to −x, in an arc around the elbow.
  case swipeLeft = "swipe_left"

  /// The hand moves to the right as the radar looks out, to +x, in an arc around the elbow.
  case swipeRight = "swipe_right"

  /// The hand moves once around a circle that is nearly parallel to the antenna.
  case circle

  /// A short movement towards the radar and back.
  case tap

  /// Two taps in a row.
  case doubleTap = "double_tap"

  /// The hand sways from side to side about the wrist, three times or more.
  case wave

  /// No gesture: the person is still, someone walks past, or the hand fidgets.
  case background

  /// How long the stroke of an average person takes in seconds.
  var duration: Double {
    switch self {
    case .push, .pull: 0.5
    case .swipeLeft, .swipeRight: 0.55
    case .circle: 1.1
    case .tap: 0.4
    case .doubleTap: 0.8
    case .wave: 1.3
    case .background: 1.3
    }
  }

  /// Where the hand is, relative to where it is held, when a share of the stroke is done.
  ///
  /// - Parameters:
  ///   - progress: The share of the time of the stroke, from zero to one.
  ///   - style: How this person does it.
  /// - Returns: The displacement in metres.
  func displacement(at progress: Double, style: StrokeStyle) -> SIMD3<Double> {
    let eased = easing(progress)
    switch self {
    case .push: return SIMD3(0, 0, style.reach * (0.5 - eased))
    case .pull: return SIMD3(0, 0, style.reach * (eased - 0.5))
    case .swipeLeft: return arc(0.5 - eased, style: style)
    case .swipeRight: return arc(eased - 0.5, style: style)
    case .circle:
      let angle = style.startAngle + style.sense * 2 * .pi * eased
      return style.radius
        * SIMD3(.cos(angle), .sin(angle), style.circleTilt * .sin(angle + style.startAngle))
    case .tap: return SIMD3(0, 0, -style.tapDepth * bump(progress))
    case .doubleTap:
      let second = progress > 0.5
      let part = second ? 2 * progress - 1 : 2 * progress
      return SIMD3(0, 0, -style.tapDepth * (second ? style.evenness : 1) * bump(part))
    case .wave:
      // The sway grows and dies away smoothly, so the stroke starts and ends at rest.
      let envelope = easing(min(6 * progress, 1)) * easing(min(6 * (1 - progress), 1))
      let angle = 2 * .pi * style.waves * progress
      let sway = style.radius * envelope * Double.sin(angle)
      return SIMD3(sway, 0.2 * sway, style.waveDepth * sway)
    case .background: return .zero
    }
  }

  /// Across by a share of the reach, on an arc that is nearest to the radar in its middle.
  private func arc(_ share: Double, style: StrokeStyle) -> SIMD3<Double> {
    let x = 1.6 * style.reach * share
    return SIMD3(x, style.swipeRise * x, 0.6 * x * x)
  }

  /// The path between rest and rest that needs the least jerk.
  private func easing(_ progress: Double) -> Double {
    let t = min(max(progress, 0), 1)
    return t * t * t * (10 - 15 * t + 6 * t * t)
  }

  /// Forth and back again.
  private func bump(_ progress: Double) -> Double {
    progress < 0.5 ? easing(2 * progress) : easing(2 - 2 * progress)
  }
}

/// How one person does one stroke.
struct StrokeStyle: Sendable {
  /// How far a push goes, in metres.
  var reach: Double

  /// How far a tap goes, in metres.
  var tapDepth: Double

  /// The radius of a circle, and half the width of a wave, in metres.
  var radius: Double

  /// Where on the circle the stroke starts, in radians.
  var startAngle: Double

  /// One for counter-clockwise, minus one for clockwise.
  var sense: Double

  /// How far a circle leans towards the radar, as a share of its radius.
  var circleTilt: Double

  /// The number of times a wave goes to and fro.
  var waves: Double

  /// How far a wave goes towards the radar, as a share of its width.
  var waveDepth: Double

  /// How much a swipe rises, as a share of its width.
  var swipeRise: Double

  /// The depth of the second tap, as a share of the first.
  var evenness: Double
}

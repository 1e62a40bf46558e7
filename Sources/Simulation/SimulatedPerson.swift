internal import RealModule

/// Someone in front of the radar: the hand, how it moves, and the body behind it.
struct SimulatedPerson: Sendable {
  /// The points of hand and forearm, relative to the palm.
  let hand: [HandPoint]

  /// The points of the body, relative to the palm at rest.
  let body: [Scatterer]

  /// How much larger this person's movements are than those of most.
  let size: Double

  /// How much faster this person's strokes are than those of most.
  let speed: Double

  /// Where this person holds the hand, relative to the distance asked for.
  let restOffset: SIMD3<Double>

  private let lean: SIMD2<Double>
  private let breath: (rate: Double, phase: Double)

  /// A point of the hand, and how it stirs.
  struct HandPoint: Sendable {
    var offset: SIMD3<Double>
    var amplitude: Double
    var stir: SIMD3<Double>
    var stirRate: Double
    var stirPhase: Double
  }

  /// Draws a person.
  ///
  /// - Parameters:
  ///   - scale: The size of movements of an average person.
  ///   - distance: How far from the radar the hand is held in metres.
  ///   - generator: Where chance comes from.
  init(scale: Double, distance: Double, using generator: inout SimulationGenerator) {
    size = scale * generator.uniform(0.8...1.25)
    speed = generator.uniform(0.75...1.3)
    let handSize = generator.uniform(0.85...1.15) * min(1, distance / 0.25)
    restOffset = SIMD3(
      generator.uniform(-0.06...0.06) * scale, generator.uniform(-0.05...0.05) * scale,
      distance * generator.uniform(-0.2...0.2))
    lean = SIMD2(generator.uniform(-0.25...0.25), generator.uniform(-0.25...0.25))
    breath = (generator.uniform(0.2...0.35), generator.uniform(0...2 * .pi))

    var hand: [HandPoint] = []
    func add(_ offset: SIMD3<Double>, amplitude: Double, stir: Double) {
      let direction = SIMD3(
        generator.uniform(-1...1), generator.uniform(-1...1), generator.uniform(-1...1))
      hand.append(
        HandPoint(
          offset: handSize * offset, amplitude: amplitude * generator.uniform(0.6...1.4),
          stir: stir * direction, stirRate: generator.uniform(0.6...3),
          stirPhase: generator.uniform(0...2 * .pi)))
    }
    for finger in 0..<5 {
      let side = Double(finger) * 0.02 - 0.04
      add(SIMD3(side, 0.05, -0.005), amplitude: 0.25, stir: 0.002)
      add(SIMD3(side * 1.3, 0.085, -0.01), amplitude: 0.2, stir: 0.004)
    }
    for place in [SIMD3(0.0, 0, 0), SIMD3(-0.025, -0.02, 0), SIMD3(0.025, -0.02, 0)] {
      add(place, amplitude: 0.6, stir: 0.001)
    }
    for part in 1...4 {
      let along = Double(part) * 0.06
      add(SIMD3(0.01 * Double(part), -along, 0.7 * along), amplitude: 0.3, stir: 0.0005)
    }
    let power = hand.map { $0.amplitude * $0.amplitude }.reduce(0, +)
    self.hand = hand.map { point in
      var point = point
      point.amplitude /= power.squareRoot()
      return point
    }

    let depth = generator.uniform(0.3...0.45)
    body = (0..<7).map { _ in
      Scatterer(
        position: SIMD3(
          generator.uniform(-0.18...0.18), generator.uniform(-0.3...0.15),
          depth + generator.uniform(0...0.1)), amplitude: generator.uniform(0.4...1.2))
    }
  }

  /// How this person does a stroke: never twice the same.
  func style(using generator: inout SimulationGenerator) -> StrokeStyle {
    StrokeStyle(
      reach: 0.19 * size * generator.uniform(0.85...1.15),
      tapDepth: 0.06 * size * generator.uniform(0.85...1.2),
      radius: 0.085 * size * generator.uniform(0.85...1.15),
      startAngle: generator.uniform(0...2 * .pi),
      sense: Bool.random(using: &generator) ? 1 : -1,
      circleTilt: generator.uniform(0.2...0.5),
      waves: [3, 3.5, 4].randomElement(using: &generator) ?? 3,
      waveDepth: generator.uniform(0.2...0.4),
      swipeRise: generator.uniform(-0.2...0.2), evenness: generator.uniform(0.8...1.15))
  }

  /// A displacement as this person, who does not face the radar squarely, does it.
  func leaning(_ displacement: SIMD3<Double>) -> SIMD3<Double> {
    // Small turns about the vertical and the horizontal axis.
    let (sineX, cosineX) = (Double.sin(lean.x), Double.cos(lean.x))
    let (sineY, cosineY) = (Double.sin(lean.y), Double.cos(lean.y))
    let turned = SIMD3(
      displacement.x * cosineX + displacement.z * sineX, displacement.y,
      displacement.z * cosineX - displacement.x * sineX)
    return SIMD3(
      turned.x, turned.y * cosineY - turned.z * sineY, turned.z * cosineY + turned.y * sineY)
  }

  /// The points of hand and body at a time, the palm being at `palm` and the body behind `rest`.
  func scatterers(
    palm: SIMD3<Double>, rest: SIMD3<Double>, amplitude: Double, at time: Double
  ) -> [Scatterer] {
    var points: [Scatterer] = []
    points.reserveCapacity(hand.count + body.count)
    for point in hand {
      let stir = point.stir * Double.sin(2 * .pi * point.stirRate * time + point.stirPhase)
      points.append(
        Scatterer(position: palm + point.offset + stir, amplitude: amplitude * point.amplitude))
    }
    let breathing = 0.004 * Double.sin(2 * .pi * breath.rate * time + breath.phase)
    let sway = 0.008 * Double.sin(0.7 * breath.rate * 2 * .pi * time)
    for point in body {
      points.append(
        Scatterer(
          position: rest + point.position + SIMD3(sway, 0, breathing),
          amplitude: amplitude * point.amplitude))
    }
    return points
  }
}

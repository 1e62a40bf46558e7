internal import RealModule

/// A gesture that nobody has a name for: a few strokes in directions drawn by chance.
///
/// A number stands for one of them. Whoever performs it makes the same strokes in their own size,
/// speed and slant, so invented gestures teach what stays the same when a person or a day changes,
/// for gestures that no data set has.
public struct InventedGesture: Hashable, Sendable {
  /// The number that stands for the gesture.
  public let number: Int

  /// How long the gesture of an average person takes in seconds.
  public let duration: Double

  private let strokes: [Stroke]

  /// Where the path has its middle, in units of the reach.
  private let middle: SIMD3<Double>

  /// A way from rest to rest along an arc.
  private struct Stroke: Hashable {
    var start: SIMD3<Double>
    var way: SIMD3<Double>
    var bulge: SIMD3<Double>

    /// When it starts and ends, as a share of the gesture.
    var times: ClosedRange<Double>
  }

  /// Invents the gesture that `number` stands for.
  public init(number: Int) {
    self.number = number
    var generator = SimulationGenerator(seed: UInt64(bitPattern: Int64(number)) &+ 0x1277_E57E)
    var ways: [SIMD3<Double>] = []
    var lengths: [Double] = []
    let pace = generator.uniform(0.8...1.3)
    let isOscillation = generator.uniform(0...1) < 0.2
    let count =
      isOscillation
      ? 2 * Int.random(in: 1...3, using: &generator)
      : Int.random(in: 1...4, using: &generator)
    let size = isOscillation ? generator.uniform(0.35...0.6) : 1
    for index in 0..<count {
      let goesBack = index > 0 && (isOscillation || generator.uniform(0...1) < 0.3)
      let way =
        goesBack
        ? -(ways.last ?? .zero)
        : size * generator.uniform(0.55...1.1) * Self.direction(using: &generator)
      ways.append(way)
      // Longer ways take longer, though not in proportion.
      lengths.append(pace * (0.22 + 0.22 * (way * way).sum().squareRoot()))
    }
    let total = lengths.reduce(0, +)
    duration = min(max(total, 0.4), 1.6)
    var place = SIMD3<Double>.zero
    var time = 0.0
    var low = place
    var high = place
    var strokes: [Stroke] = []
    for (way, length) in zip(ways, lengths) {
      let across = Self.direction(using: &generator)
      let bulge = generator.uniform(0...0.35) * (across - (across * way).sum() * way)
      strokes.append(
        Stroke(
          start: place, way: way, bulge: isOscillation ? .zero : bulge,
          times: time / total...(time + length) / total))
      place += way
      time += length
      low = low.replacing(with: place, where: place .< low)
      high = high.replacing(with: place, where: place .> high)
    }
    self.strokes = strokes
    middle = 0.5 * (low + high)
  }

  /// What the gesture is called.
  public var name: String {
    "invented_" + String(repeating: "0", count: max(4 - "\(number)".count, 0)) + "\(number)"
  }

  /// A direction in which hands move: less up and down than from side to side.
  private static func direction(using generator: inout SimulationGenerator) -> SIMD3<Double> {
    while true {
      let point = SIMD3(
        generator.uniform(-1...1), generator.uniform(-0.6...0.6), generator.uniform(-1...1))
      let length = (point * point).sum().squareRoot()
      if length > 0.3, length < 1 { return point / length }
    }
  }

  /// Where the hand is, relative to where it is held, when a share of the gesture is done, in metres.
  func displacement(at progress: Double, style: StrokeStyle) -> SIMD3<Double> {
    let time = min(max(progress, 0), 1)
    let index = strokes.lastIndex { $0.times.lowerBound <= time } ?? 0
    let stroke = strokes[index]
    let length = stroke.times.upperBound - stroke.times.lowerBound
    let t = min(max((time - stroke.times.lowerBound) / length, 0), 1)
    // The path between rest and rest that needs the least jerk.
    let eased = t * t * t * (10 - 15 * t + 6 * t * t)
    let place = stroke.start + eased * stroke.way + 4 * eased * (1 - eased) * stroke.bulge
    return style.reach * (place - middle)
  }
}

/// What a person in a recording does: a gesture with a name, or an invented one.
enum ScriptedGesture: Hashable, Sendable {
  case named(SimulatedGesture)
  case invented(InventedGesture)

  /// What it is called.
  var name: String {
    switch self {
    case .named(let gesture): gesture.rawValue
    case .invented(let gesture): gesture.name
    }
  }

  /// How long an average person takes in seconds.
  var duration: Double {
    switch self {
    case .named(let gesture): gesture.duration
    case .invented(let gesture): gesture.duration
    }
  }

  /// Whether it is no gesture at all.
  var isBackground: Bool { self == .named(.background) }

  /// Where the hand is, relative to where it is held, when a share of the stroke is done, in metres.
  func displacement(at progress: Double, style: StrokeStyle) -> SIMD3<Double> {
    switch self {
    case .named(let gesture): gesture.displacement(at: progress, style: style)
    case .invented(let gesture): gesture.displacement(at: progress, style: style)
    }
  }
}

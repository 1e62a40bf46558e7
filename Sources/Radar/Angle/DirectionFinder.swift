internal import ComplexModule
internal import RealModule

/// Finds the direction of a single echo from what the channels of an array received of it.
///
/// The direction is where the steered beam has its maximum, which for one echo in even noise is the
/// most likely one. It is looked for on a grid of beams that overlap, and then between them.
struct DirectionFinder: Sendable {
  let array: AntennaArray

  /// Whether the array tells left from right, and down from up.
  let resolves: (horizontal: Bool, vertical: Bool)

  private let grid: [(direction: SIMD2<Double>, steering: [Complex<Double>])]
  private let step: SIMD2<Double>

  init(array: AntennaArray) {
    self.array = array
    let aperture = array.aperture
    let resolves = (horizontal: aperture.x > 0.01, vertical: aperture.y > 0.01)
    self.resolves = resolves
    func axis(_ isResolved: Bool, _ aperture: Double) -> [Double] {
      guard isResolved else { return [0] }
      // A beam is about 1/aperture wide; four a beam cannot miss its top.
      let count = max(9, Int((8 * aperture).rounded(.up)) + 1)
      return (0..<count).map { 2 * Double($0) / Double(count - 1) - 1 }
    }
    let horizontal = axis(resolves.horizontal, aperture.x)
    let vertical = axis(resolves.vertical, aperture.y)
    step = SIMD2(
      horizontal.count > 1 ? horizontal[1] - horizontal[0] : 0,
      vertical.count > 1 ? vertical[1] - vertical[0] : 0)
    grid = horizontal.flatMap { u in
      vertical.compactMap { v in
        u * u + v * v <= 1 ? (SIMD2(u, v), array.steering(horizontal: u, vertical: v)) : nil
      }
    }
  }

  /// The direction cosines to the right and upwards; those the array cannot tell are zero.
  ///
  /// - Parameter snapshots: What the channels received, any number of times.
  /// - Returns: The direction cosines, each from −1 to 1.
  func direction(of snapshots: [[Complex<Double>]]) -> SIMD2<Double> {
    func power(_ steering: [Complex<Double>]) -> Double {
      snapshots.reduce(0) { sum, snapshot in
        var beam = Complex<Double>.zero
        for channel in steering.indices { beam += steering[channel].conjugate * snapshot[channel] }
        return sum + beam.lengthSquared
      }
    }
    guard grid.count > 1 else { return .zero }
    var best = (power: -Double.infinity, direction: SIMD2<Double>.zero)
    for (direction, steering) in grid {
      let level = power(steering)
      if level > best.power { best = (level, direction) }
    }
    // One axis after the other, in shrinking steps, until neither moves the beam any further.
    var direction = best.direction
    var reach = step
    for _ in 0..<(resolves.horizontal && resolves.vertical ? 4 : 1) {
      if resolves.horizontal {
        direction.x = maximum(
          of: { power(array.steering(horizontal: $0, vertical: direction.y)) },
          in: max(direction.x - reach.x, -1)...min(direction.x + reach.x, 1))
      }
      if resolves.vertical {
        direction.y = maximum(
          of: { power(array.steering(horizontal: direction.x, vertical: $0)) },
          in: max(direction.y - reach.y, -1)...min(direction.y + reach.y, 1))
      }
      reach /= 2
    }
    return direction
  }
}

/// The azimuth in radians of an echo from the phase by which one of two antennas leads the other.
///
/// The echo reaches an antenna further to the right earlier if it comes from the right: sin *θ* =
/// −*λ*Δ*φ*/2π*d*. Antennas further apart than half a wavelength leave it ambiguous, and the answer
/// is the one nearest to straight ahead.
///
/// - Parameters:
///   - phase: The phase of the right antenna above that of the left in radians.
///   - spacing: How far apart the antennas stand in metres.
///   - wavelength: The wavelength in metres.
/// - Returns: The azimuth, or `nil` where no direction makes such a difference.
/// - Precondition: `spacing` and `wavelength` are positive.
public func azimuth(phaseDifference phase: Double, spacing: Double, wavelength: Double) -> Double? {
  precondition(spacing > 0 && wavelength > 0, "two antennas stand apart, and a wave has a length")
  let wrapped = phase - 2 * .pi * (phase / (2 * .pi)).rounded()
  let sine = -wrapped * wavelength / (2 * .pi * spacing)
  return abs(sine) <= 1 ? .asin(sine) : nil
}

/// A point that reflects the radar's wave.
///
/// Coordinates are in metres: `x` to the right as the radar looks out, `y` up, `z` outwards.
public struct Scatterer: Hashable, Sendable {
  /// Where the point is.
  public var position: SIMD3<Double>

  /// The amplitude of its echo at a distance of one metre in ADC counts.
  public var amplitude: Double

  /// Creates a scatterer.
  public init(position: SIMD3<Double>, amplitude: Double) {
    self.position = position
    self.amplitude = amplitude
  }
}

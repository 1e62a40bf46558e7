internal import RealModule

/// Random numbers that are the same for the same seed on every machine (SplitMix64; Steele, Lea and
/// Flood, 2014).
struct SimulationGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// A number drawn evenly from `range`.
  mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    .random(in: range, using: &self)
  }

  /// Two independent numbers from the standard normal distribution (Box and Muller, 1958).
  mutating func normals() -> (Double, Double) {
    let radius = (-2 * Double.log(1 - .random(in: 0..<1, using: &self))).squareRoot()
    let angle = Double.random(in: 0..<2 * .pi, using: &self)
    return (radius * .cos(angle), radius * .sin(angle))
  }
}

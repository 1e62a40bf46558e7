import RealModule

/// Random numbers that are the same on every run (SplitMix64).
struct TestGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// A number drawn evenly from 0 to 1, 1 left out.
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A power of mean one, as noise has it after a square-law detector.
  mutating func exponential() -> Double { -.log(onePlus: -uniform()) }

  /// Two independent numbers from the standard normal distribution.
  mutating func normals() -> (Double, Double) {
    let radius = (2 * exponential()).squareRoot()
    let angle = 2 * Double.pi * uniform()
    return (radius * .cos(angle), radius * .sin(angle))
  }
}

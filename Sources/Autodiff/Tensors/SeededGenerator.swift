/// A generator of random numbers that gives the same ones for the same seed on every machine.
///
/// This is SplitMix64 (Steele, Lea and Flood, 2014): fast, of good quality, and a value, so that a
/// copy repeats what the original would have given.
public struct SeededGenerator: RandomNumberGenerator, Hashable, Codable, Sendable {
  private var state: UInt64

  /// Creates the generator of `seed`.
  public init(seed: UInt64) { state = seed }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// A generator whose numbers have nothing to do with those that follow here.
  public mutating func split() -> SeededGenerator { SeededGenerator(seed: next()) }
}

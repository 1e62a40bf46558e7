/// The middle of several codes: for each bit, how many of them have it set.
///
/// What is near to the middle of a few examples is more surely of their kind than what is near to
/// them on the average, since examples that lie far apart should not make everything look far
/// (Snell, Swersky and Zemel, 2017).
struct CodeCentroid: Sendable {
  /// The share of the codes that have each bit set.
  private let shares: [Double]

  /// The middle of `codes`.
  ///
  /// - Precondition: There is a code, and all have as many bits.
  init(of codes: some Collection<BinaryCode>) {
    guard let bits = codes.first?.bitCount else { preconditionFailure("no codes have no middle") }
    shares = (0..<bits).map { bit in
      Double(codes.count { $0[bit] }) / Double(codes.count)
    }
  }

  /// How far a code lies from the middle, in bits: the sum of the squared differences of all bits.
  ///
  /// It is the mean of the distances to the codes less half the mean of those among them.
  func distance(to code: BinaryCode) -> Double {
    var sum = 0.0
    for (bit, share) in shares.enumerated() {
      let difference = (code[bit] ? 1 : 0) - share
      sum += difference * difference
    }
    return sum
  }
}

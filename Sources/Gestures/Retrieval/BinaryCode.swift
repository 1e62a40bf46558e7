/// A string of bits that stands for something, near to the codes of what is like it.
public struct BinaryCode: Hashable, Sendable {
  /// The number of bits.
  public let bitCount: Int

  /// The bits, 64 to a word, the first one the lowest; what the last word has left over is zero.
  public let words: [UInt64]

  /// Creates a code of words.
  ///
  /// - Precondition: There are as many words as the bits need, and no bit is set beyond the last.
  public init(words: [UInt64], bitCount: Int) {
    precondition(
      bitCount > 0 && words.count == (bitCount + 63) / 64,
      "\(words.count) words do not hold \(bitCount) bits")
    let spare = words.count * 64 - bitCount
    precondition(
      spare == 0 || (words.last ?? 0) >> UInt64(64 - spare) == 0,
      "a bit is set beyond the \(bitCount) bits of the code")
    self.words = words
    self.bitCount = bitCount
  }

  /// Creates the code whose bits say which of `values` are positive.
  ///
  /// - Precondition: There is a value.
  public init(signsOf values: some Collection<Float>) {
    var words = [UInt64](repeating: 0, count: (values.count + 63) / 64)
    for (index, value) in values.enumerated() where value > 0 {
      words[index / 64] |= 1 << UInt64(index % 64)
    }
    self.init(words: words, bitCount: values.count)
  }

  /// Whether the bit at `index` is set.
  public subscript(index: Int) -> Bool { words[index / 64] >> UInt64(index % 64) & 1 == 1 }

  /// The number of bits in which two codes differ: the Hamming distance.
  ///
  /// - Precondition: Both codes have as many bits.
  public func distance(to other: BinaryCode) -> Int {
    precondition(
      bitCount == other.bitCount,
      "codes of \(bitCount) and \(other.bitCount) bits have no distance")
    return zip(words, other.words).map { ($0 ^ $1).nonzeroBitCount }.reduce(0, +)
  }
}

/// Codes among which the nearest are found without looking at all of them.
///
/// Every code is cut into substrings of about 16 bits, and a table for each says which codes have
/// which substring. Two codes that differ in *r* bits differ in at most ⌊*r*/*m*⌋ bits in one of
/// their *m* substrings, so looking up the near substrings finds every near code (Norouzi, Punjani
/// and Fleet, 2012). It pays for many questions to archives of millions of codes whose answers are
/// near; it is built once, and its answers are those of ``HammingIndex``.
public struct MultiIndexHash: Sendable {
  /// The codes themselves.
  public let codes: HammingIndex

  private let tables: [Table]

  /// The codes by one of their substrings.
  private struct Table: Sendable {
    var bits: Range<Int>

    /// Where the positions of each substring begin, and at last where they end.
    var starts: [UInt32]

    var positions: [UInt32]

    init(bits: Range<Int>, codes: HammingIndex) {
      self.bits = bits
      let keys = (0..<codes.count).map { codes[$0].substring(bits) }
      starts = Array(repeating: 0, count: 1 << bits.count + 1)
      for key in keys { starts[key + 1] += 1 }
      for key in 1..<starts.count { starts[key] += starts[key - 1] }
      positions = Array(repeating: 0, count: keys.count)
      var next = starts
      for (position, key) in keys.enumerated() {
        positions[Int(next[key])] = UInt32(position)
        next[key] += 1
      }
    }

    /// The positions of the codes with a substring.
    func positions(of key: Int) -> ArraySlice<UInt32> {
      positions[Int(starts[key])..<Int(starts[key + 1])]
    }
  }

  /// Creates the tables of `codes`.
  ///
  /// - Precondition: There are fewer than 2³² codes.
  /// - Complexity: O(*nm*) for *n* codes and *m* substrings.
  public init(_ codes: HammingIndex) {
    precondition(codes.count < Int(UInt32.max), "\(codes.count) codes are too many for the tables")
    self.codes = codes
    let pieces = (codes.bitCount + 15) / 16
    tables = (0..<pieces).map { piece in
      let bits = codes.bitCount * piece / pieces..<codes.bitCount * (piece + 1) / pieces
      return Table(bits: bits, codes: codes)
    }
  }

  /// The codes nearest to `code`, the nearest first, and of equally near ones the first added first.
  ///
  /// - Parameters:
  ///   - code: What is looked for.
  ///   - limit: The most codes to find.
  /// - Returns: The matches.
  /// - Precondition: The code has the bits of the index.
  /// - Complexity: In the number of substrings that are as near as the farthest match; when these
  ///   are more than the codes, O(*n*).
  public func nearest(to code: BinaryCode, limit: Int) -> [HammingIndex.Match] {
    precondition(
      code.bitCount == codes.bitCount,
      "an index of \(codes.bitCount) bits cannot look for a code of \(code.bitCount)")
    guard limit > 0, codes.count > limit else { return codes.nearest(to: code, limit: limit) }
    var found: [HammingIndex.Match] = []
    var seen: Set<UInt32> = []
    var work = 0
    for radius in 0...codes.bitCount {
      let table = tables[radius % tables.count]
      let key = code.substring(table.bits)
      forEachMask(bits: table.bits.count, weight: radius / tables.count) { mask in
        work += 1
        for position in table.positions(of: key ^ mask) where seen.insert(position).inserted {
          let match = codes[Int(position)]
          found.append(
            .init(position: Int(position), distance: code.distance(to: match)))
        }
      }
      // Every code within this radius has been seen now.
      if found.count(where: { $0.distance <= radius }) >= limit { break }
      // What is far is found faster by looking at everything.
      if 16 * (found.count + work) > codes.count {
        return codes.nearest(to: code, limit: limit)
      }
    }
    found.sort { ($0.distance, $0.position) < ($1.distance, $1.position) }
    return Array(found.prefix(limit))
  }
}

extension BinaryCode {
  /// The bits in a range, at most 16 of them, as a number.
  fileprivate func substring(_ bits: Range<Int>) -> Int {
    let word = bits.lowerBound / 64
    let shift = UInt64(bits.lowerBound % 64)
    var value = words[word] >> shift
    if shift > 0, word + 1 < words.count { value |= words[word + 1] << (64 - shift) }
    return Int(value & (1 << UInt64(bits.count) - 1))
  }
}

/// Calls `body` with every number of `bits` bits of which `weight` are set, in ascending order.
private func forEachMask(bits: Int, weight: Int, _ body: (Int) -> Void) {
  guard weight > 0 else { return body(0) }
  guard weight <= bits else { return }
  var mask = 1 << weight - 1
  while mask < 1 << bits {
    body(mask)
    // The next number with as many bits set (Gosper's hack).
    let lowest = mask & -mask
    let ripple = mask + lowest
    mask = ripple | ((mask ^ ripple) >> 2) / lowest
  }
}

internal import CKernels

/// Codes among which the nearest to a given one are found, exactly, by looking at all of them.
///
/// The words of the codes lie in planes, all first words, then all second ones, so that a processor
/// counts the differing bits of many codes at once: a million codes of 64 bits are one pass over
/// eight megabytes. Below some ten million codes nothing is faster that is also exact, unless the
/// nearest codes are very near: see ``MultiIndexHash``.
public struct HammingIndex: Sendable {
  /// A code that was found.
  public struct Match: Hashable, Sendable {
    /// The position of the code: the number of codes that were added before it.
    public var position: Int

    /// The bits in which it differs from what was looked for.
    public var distance: Int

    /// Creates a match.
    public init(position: Int, distance: Int) {
      self.position = position
      self.distance = distance
    }
  }

  /// The number of bits of each code.
  public let bitCount: Int

  /// The number of codes.
  public private(set) var count = 0

  private var planes: [[UInt64]]

  /// The codes whose distances are computed before the nearest are picked: they stay in the cache.
  private static let blockSize = 4096

  /// Creates an index without codes.
  ///
  /// - Precondition: There is a bit, and there are at most 65,535.
  public init(bitCount: Int) {
    precondition((1...65_535).contains(bitCount), "an index cannot hold codes of \(bitCount) bits")
    self.bitCount = bitCount
    planes = Array(repeating: [], count: (bitCount + 63) / 64)
  }

  /// Adds a code at the end.
  ///
  /// - Precondition: The code has the bits of the index.
  public mutating func append(_ code: BinaryCode) {
    precondition(
      code.bitCount == bitCount,
      "a code of \(code.bitCount) bits does not belong into an index of \(bitCount)")
    for (plane, word) in code.words.enumerated() { planes[plane].append(word) }
    count += 1
  }

  /// The code at `position`.
  public subscript(position: Int) -> BinaryCode {
    BinaryCode(words: planes.map { $0[position] }, bitCount: bitCount)
  }

  /// The codes nearest to `code`, the nearest first, and of equally near ones the first added first.
  ///
  /// - Parameters:
  ///   - code: What is looked for.
  ///   - limit: The most codes to find.
  ///   - distance: The most bits in which they may differ.
  /// - Returns: The matches.
  /// - Precondition: The code has the bits of the index.
  /// - Complexity: O(*n*) for *n* codes, whatever the limit.
  public func nearest(
    to code: BinaryCode, limit: Int, within distance: Int = .max
  ) -> [Match] {
    precondition(
      code.bitCount == bitCount,
      "an index of \(bitCount) bits cannot look for a code of \(code.bitCount)")
    var best = NearestMatches(limit: limit, within: min(distance, bitCount), bitCount: bitCount)
    var distances = [UInt16](repeating: 0, count: Self.blockSize)
    var hits = [UInt16](repeating: 0, count: Self.blockSize)
    for start in stride(from: 0, to: count, by: Self.blockSize) {
      guard best.reach >= 0 else { break }
      let length = min(Self.blockSize, count - start)
      for plane in planes.indices {
        let (query, begins) = (code.words[plane], Int32(plane == 0 ? 1 : 0))
        unsafe planes[plane].withUnsafeBufferPointer { words in
          guard let first = words.baseAddress else { return }
          unsafe hammingDistances(first + start, Int64(length), query, begins, &distances)
        }
      }
      let found = unsafe hammingHits(distances, Int64(length), UInt16(best.reach), &hits)
      for hit in hits.prefix(Int(found)) {
        best.insert(
          Match(position: start + Int(hit), distance: Int(distances[Int(hit)])))
      }
    }
    return best.matches
  }
}

/// The nearest of matches that come in the order of their positions.
struct NearestMatches {
  private let limit: Int
  private var kept: [HammingIndex.Match] = []
  private var counts: [Int]

  /// The distance up to which a match is still of interest, and −1 if none is.
  private(set) var reach: Int

  init(limit: Int, within distance: Int, bitCount: Int) {
    // Room for twice as many, and some.
    self.limit = min(max(limit, 0), Int.max / 4)
    reach = limit > 0 ? distance : -1
    counts = Array(repeating: 0, count: bitCount + 1)
  }

  /// Takes a match, which comes after all those with smaller positions.
  mutating func insert(_ match: HammingIndex.Match) {
    guard match.distance <= reach else { return }
    kept.append(match)
    counts[match.distance] += 1
    if kept.count >= 2 * limit + 64 { prune() }
    if kept.count >= limit { tighten() }
  }

  /// Once enough matches are as near as some distance, only nearer ones are of interest.
  private mutating func tighten() {
    var sum = 0
    for (distance, count) in counts.enumerated() {
      sum += count
      if sum >= limit {
        reach = min(reach, distance - 1)
        return
      }
    }
  }

  /// Forgets what cannot be among the nearest any more.
  private mutating func prune() {
    kept = matches
    counts = Array(repeating: 0, count: counts.count)
    for match in kept { counts[match.distance] += 1 }
  }

  /// The nearest matches, by distance and then by position.
  var matches: [HammingIndex.Match] {
    let sorted = kept.sorted { ($0.distance, $0.position) < ($1.distance, $1.position) }
    return Array(sorted.prefix(limit))
  }
}

/// Equal parts of the range axis, in metres, so that they mean the same before every radar.
///
/// A gate takes from a range bin the share of the power by which the bin, which is as wide as bins lie
/// apart, lies within the gate. What lies in front of the first gate and behind the last one is in none.
public struct RangeGates: Codable, Hashable, Sendable {
  /// Where the first gate begins in metres.
  public var start: Double

  /// Where the last gate ends in metres.
  public var end: Double

  /// The number of gates.
  public var count: Int

  /// Creates gates.
  ///
  /// - Parameters:
  ///   - start: Where the first gate begins in metres.
  ///   - end: Where the last gate ends in metres.
  ///   - count: The number of gates.
  /// - Precondition: There are from one to 64 gates, and they have a width.
  public init(start: Double, end: Double, count: Int) {
    self.start = start
    self.end = end
    self.count = count
    precondition(isSound, "these numbers make no range gates: \(self)")
  }

  /// Whether the numbers, which may come from a damaged file, make gates.
  public var isSound: Bool {
    start.isFinite && end.isFinite && end - start > 1e-6 && (1...64).contains(count)
  }

  /// The width of a gate in metres.
  public var width: Double { (end - start) / Double(count) }

  /// The gate that holds `range` in metres, and `nil` if none does.
  public func gate(ofRange range: Double) -> Int? {
    guard range >= start, range < end else { return nil }
    return min(Int((range - start) / width), count - 1)
  }
}

extension RangeGates {
  /// What a gate takes from a range bin.
  struct Share: Hashable, Sendable {
    var rangeBin: Int
    var gate: Int

    /// The share of the bin that lies within the gate, above zero and at most one.
    var weight: Float
  }

  /// What the gates take from the range bins of `waveform`, bin by bin; nothing without a range axis.
  func shares(of waveform: Waveform) -> [Share] {
    guard let resolution = waveform.rangeResolution else { return [] }
    return (0..<waveform.rangeBins).flatMap { bin -> [Share] in
      guard let range = waveform.range(ofBin: bin) else { return [] }
      let (lower, upper) = (range - resolution / 2, range + resolution / 2)
      return (0..<count).compactMap { gate in
        let begin = max(start + Double(gate) * width, lower)
        let finish = min(start + Double(gate + 1) * width, upper)
        // Borders that fall together do so up to rounding.
        let weight = (finish - begin) / resolution
        return weight > 1e-6 ? Share(rangeBin: bin, gate: gate, weight: Float(weight)) : nil
      }
    }
  }
}

extension Waveform {
  /// The range bins whose middles lie within `gates`: with fewer of them than gates, neighbouring gates
  /// would say the same.
  public func rangeBins(within gates: RangeGates) -> Int {
    (0..<rangeBins).count { bin in range(ofBin: bin).flatMap(gates.gate) != nil }
  }
}

internal import Autodiff

/// Makes a network smaller while it learns, by a penalty on the lengths of its filters.
///
/// After every step of the optimiser each filter is moved to the proximal point of the penalty, which
/// makes short filters zero as a whole (Yuan and Lin, 2006; Alvarez and Salzmann, 2016). The penalty
/// grows until the filters that are left do no more than a share of the multiplications; then as many
/// of the longest as fill vectors go on learning without it.
public struct FilterSparsity: Hashable, Sendable {
  /// The share of the multiplications that may be left.
  public var share: Double

  /// The share of the training after which the penalty begins.
  var begin = 0.1

  /// The share of the training after which the shortest filters are dropped if the penalty has not
  /// done it by then.
  var end = 0.35

  /// Creates a sparsity.
  ///
  /// - Precondition: `share` is above zero and at most one.
  public init(share: Double = 0.5) {
    precondition(share > 0 && share <= 1, "a network cannot keep \(share) of its multiplications")
    self.share = share
  }
}

/// How far a network has become smaller.
struct FilterSelection: Sendable {
  private let sparsity: FilterSparsity
  private let grid: FeatureGrid
  private let whole: Int

  /// What changes from epoch to epoch.
  struct Memory: Codable, Sendable {
    /// The weight of the penalty.
    var strength: Float = 0.02

    /// The filters that are left, once they are few enough.
    var kept: [[Bool]]?
  }

  var memory = Memory()

  init(_ sparsity: FilterSparsity, of network: TimeFrequencyNetwork, grid: FeatureGrid) {
    self.sparsity = sparsity
    self.grid = grid
    whole = network.multiplyAdds(for: grid)
  }

  /// Follows a step of the optimiser.
  mutating func follow(
    _ network: inout TimeFrequencyNetwork, learningRate: Double, progress: Double
  ) {
    if let kept = memory.kept { return network.clearFilters(except: kept) }
    guard progress >= sparsity.begin else { return }
    let threshold = memory.strength * Float(learningRate)
    network.shrinkFilters(by: network.filterCounts.map { _ in threshold })
  }

  /// Ends an epoch: the penalty grows, or has done enough.
  mutating func endEpoch(of network: inout TimeFrequencyNetwork, progress: Double) {
    guard memory.kept == nil, progress >= sparsity.begin else { return }
    let left = Double(network.pruned.multiplyAdds(for: grid)) / Double(whole)
    guard left <= sparsity.share || progress >= sparsity.end else {
      memory.strength *= 1.25
      return
    }
    let kept = vectors(of: network) ?? shares(of: network)
    network.clearFilters(except: kept)
    memory.kept = kept
  }

  /// The network with the filters that are left, and no others.
  func finished(_ network: TimeFrequencyNetwork) -> TimeFrequencyNetwork {
    guard let kept = memory.kept else { return network.pruned }
    var network = network
    network.clearFilters(except: kept)
    return network.pruned
  }

  /// The longest filters of each convolution in numbers that fill vectors.
  ///
  /// A layer of 20 takes as long as one of 32. Of all such numbers those are taken under which most of
  /// the length is left, and `nil` if there are none that come near to the share.
  private func vectors(of network: TimeFrequencyNetwork) -> [[Bool]]? {
    let lengths = network.filterLengths
    var best: (counts: [Int], length: Float)?
    var choices: [[Int]] = [[]]
    for layer in lengths {
      let counts =
        Array(stride(from: Self.vector, to: layer.count, by: Self.vector)) + [layer.count]
      choices = choices.flatMap { choice in counts.map { choice + [$0] } }
    }
    for counts in choices {
      let share = Double(network.multiplyAdds(for: grid, filters: counts)) / Double(whole)
      guard (0.8 * sparsity.share...sparsity.share).contains(share) else { continue }
      let length = zip(lengths, counts).reduce(Float(0)) { sum, item in
        let total = max(item.0.reduce(0, +), .leastNormalMagnitude)
        return sum + item.0.sorted(by: >).prefix(item.1).reduce(0, +) / total
      }
      if length > best?.length ?? -1 { best = (counts, length) }
    }
    return best.map { best in
      zip(lengths, best.counts).map { lengths, count in
        let longest = lengths.indices.sorted { (lengths[$0], $1) > (lengths[$1], $0) }.prefix(count)
        return lengths.indices.map { longest.contains($0) }
      }
    }
  }

  /// The filters that are left if the shortest beside the others of their layer go first, until few
  /// enough are left.
  private func shares(of network: TimeFrequencyNetwork) -> [[Bool]] {
    let lengths = network.filterLengths
    let means = lengths.map { max($0.reduce(0, +), .leastNormalMagnitude) / Float($0.count) }
    var kept = lengths.map { $0.map { $0 > 0 } }
    func counts() -> [Int] { kept.map { max($0.count(where: \.self), 1) } }
    while Double(network.multiplyAdds(for: grid, filters: counts()))
      > sparsity.share * Double(whole)
    {
      var shortest: (layer: Int, filter: Int, length: Float)?
      for (layer, lengths) in lengths.enumerated() where kept[layer].count(where: \.self) > 1 {
        for (filter, length) in lengths.enumerated() where kept[layer][filter] {
          if length / means[layer] < shortest?.length ?? .infinity {
            shortest = (layer, filter, length / means[layer])
          }
        }
      }
      guard let shortest else { break }
      kept[shortest.layer][shortest.filter] = false
    }
    return kept
  }

  /// The filters that a kernel computes at a time.
  private static let vector = 16
}

internal import Autodiff

/// Makes a network smaller while it learns, by a penalty on the lengths of its filters.
///
/// After every step of the optimiser each filter is moved to the proximal point of the penalty, which
/// makes short filters zero as a whole (Yuan and Lin, 2006; Alvarez and Salzmann, 2016). The penalty
/// grows until the filters that are left do no more than a share of the multiplications; then these
/// go on learning without it.
public struct FilterSparsity: Hashable, Sendable {
  /// The share of the multiplications that may be left.
  public var share: Double

  /// The share of the training after which the penalty begins.
  var begin = 0.15

  /// The share of the training after which the shortest filters are dropped if the penalty has not
  /// done it by then.
  var end = 0.6

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
    if progress >= sparsity.end { dropShortest(of: &network) }
    let left = Double(network.pruned.multiplyAdds(for: grid)) / Double(whole)
    if left <= sparsity.share {
      memory.kept = network.filterLengths.map { $0.map { $0 > 0 } }
    } else {
      memory.strength *= 1.25
    }
  }

  /// The network with the filters that are left, and no others.
  func finished(_ network: TimeFrequencyNetwork) -> TimeFrequencyNetwork {
    guard let kept = memory.kept else { return network.pruned }
    var network = network
    network.clearFilters(except: kept)
    return network.pruned
  }

  /// Clears filters, the shortest beside the others of their layer first, until few enough are left.
  private func dropShortest(of network: inout TimeFrequencyNetwork) {
    while Double(network.pruned.multiplyAdds(for: grid)) > sparsity.share * Double(whole) {
      let lengths = network.filterLengths
      var shortest: (layer: Int, filter: Int, length: Float)?
      for (layer, lengths) in lengths.enumerated() where lengths.count(where: { $0 > 0 }) > 1 {
        let mean = lengths.reduce(0, +) / Float(lengths.count)
        for (filter, length) in lengths.enumerated() where length > 0 {
          if length / mean < shortest?.length ?? .infinity {
            shortest = (layer, filter, length / mean)
          }
        }
      }
      guard let shortest else { return }
      var kept = lengths.map { $0.map { $0 > 0 } }
      kept[shortest.layer][shortest.filter] = false
      network.clearFilters(except: kept)
    }
  }
}

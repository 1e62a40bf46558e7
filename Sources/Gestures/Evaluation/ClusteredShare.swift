/// A share of answers that are right, where answers come in clusters that resemble each other, such
/// as the gestures of one person.
///
/// Ten gestures of one person say less than one gesture each of ten people. How much less follows
/// from how differently the clusters fare: the variance of the share over clusters, as that of a
/// ratio, over the variance that independent answers would have is the design effect (Kish, 1965), and
/// the answers count as so many fewer in the interval after Wilson (Dean and Pagano, 2015).
public struct ClusteredShare: Hashable, Sendable {
  /// The answers of one cluster.
  public struct Cluster: Hashable, Sendable {
    /// The number of those that are right.
    public var right: Int

    /// The number of all.
    public var count: Int

    /// Creates a cluster.
    public init(right: Int, count: Int) {
      self.right = right
      self.count = count
    }
  }

  /// The clusters that have an answer.
  public private(set) var clusters: [Cluster] = []

  /// Creates a share of nothing.
  public init() {}

  /// Adds a cluster, which counts only if it has an answer.
  ///
  /// - Precondition: No more answers are right than there are.
  public mutating func add(_ cluster: Cluster) {
    precondition(
      cluster.right >= 0 && cluster.right <= cluster.count,
      "\(cluster.right) of \(cluster.count) answers cannot be right")
    if cluster.count > 0 { clusters.append(cluster) }
  }

  /// The number of answers.
  public var count: Int { clusters.map(\.count).reduce(0, +) }

  /// The share of answers that are right, and zero without answers.
  public var share: Double {
    count > 0 ? Double(clusters.map(\.right).reduce(0, +)) / Double(count) : 0
  }

  /// How many answers of these clusters say as much as one independent answer: at least one.
  public var designEffect: Double {
    let (share, count) = (share, Double(count))
    let independent = share * (1 - share) / count
    guard clusters.count > 1, independent > 0 else { return 1 }
    let squares = clusters.map { cluster in
      let residual = Double(cluster.right) - share * Double(cluster.count)
      return residual * residual
    }
    let number = Double(clusters.count)
    let variance = number / (number - 1) * squares.reduce(0, +) / (count * count)
    return max(variance / independent, 1)
  }

  /// The interval that holds the true share with a probability of 95 %.
  public var interval: ClosedRange<Double> {
    wilsonInterval(share: share, count: Double(count) / designEffect)
  }
}

/// The interval that holds the true share with a probability of 95 %, after Wilson (1927), if `share`
/// was found in so many independent answers, or in what is worth as many.
func wilsonInterval(share: Double, count n: Double) -> ClosedRange<Double> {
  guard n > 0 else { return 0...1 }
  let z = 1.959964
  let centre = (share + z * z / (2 * n)) / (1 + z * z / n)
  let half =
    z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
  return max(centre - half, 0)...min(centre + half, 1)
}

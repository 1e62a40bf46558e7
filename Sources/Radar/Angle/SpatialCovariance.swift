public import ComplexModule
public import RealModule

/// How the signals of the channels of an array go together, as seen in a number of snapshots.
public struct SpatialCovariance: Hashable, Sendable {
  /// The sum over snapshots of the products of the signals, `[channel, channel]`.
  private var products: HermitianMatrix

  /// The snapshots seen.
  public private(set) var snapshots = 0

  /// Creates the covariance of an array that has seen nothing.
  ///
  /// - Precondition: There is a channel.
  public init(channels: Int) { products = HermitianMatrix(size: channels) }

  /// Takes what the channels received at one moment.
  ///
  /// - Precondition: There is a number for each channel.
  public mutating func add(_ snapshot: [Complex<Double>]) {
    products.addOuterProduct(of: snapshot)
    snapshots += 1
  }

  /// The mean product of the signals of each two channels.
  public var matrix: HermitianMatrix {
    products.scaled(by: 1 / Double(max(snapshots, 1)))
  }

  /// The mean of this covariance and its mirror image, which separates two coherent echoes.
  ///
  /// An array that is symmetric about its middle sees the conjugate of the same directions from its
  /// other end (Pillai and Kwon, 1989).
  public var forwardBackward: SpatialCovariance {
    var both = self
    both.products = products.mirrored
    return both
  }

  /// How many echoes there are (Wax and Kailath, 1985).
  ///
  /// - Parameters:
  ///   - eigenvalues: The eigenvalues of ``matrix`` in falling order.
  ///   - criterion: What a further echo must be worth.
  /// - Returns: The number of echoes, at most one less than there are channels.
  public func sourceCount(
    eigenvalues: [Double], by criterion: SourceCriterion = .minimumLength
  ) -> Int {
    let size = eigenvalues.count
    let seen = Double(snapshots)
    // Fewer snapshots than channels leave eigenvalues of zero that say nothing about noise.
    let known = min(size, max(snapshots, 1))
    var best = (count: 0, cost: Double.infinity)
    for count in 0..<known {
      let noise = eigenvalues[count..<known].map { max($0, .leastNormalMagnitude) }
      let rest = Double(noise.count)
      let logarithm = noise.reduce(0) { $0 + .log($1) } / rest
      let misfit = seen * rest * (.log(noise.reduce(0, +) / rest) - logarithm)
      let freedom = Double(count * (2 * size - count))
      let penalty =
        switch criterion {
        case .minimumLength: freedom * .log(seen) / 2
        case .information: freedom
        }
      if misfit + penalty < best.cost { best = (count, misfit + penalty) }
    }
    return best.count
  }
}

/// What a further echo must be worth to be counted.
public enum SourceCriterion: String, CaseIterable, Hashable, Sendable {
  /// Rissanen's minimum description length (MDL), which is right if there are many snapshots.
  case minimumLength

  /// Akaike's information criterion (AIC), which counts an echo too many now and then, and misses
  /// fewer.
  case information
}

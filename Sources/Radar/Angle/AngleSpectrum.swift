internal import ComplexModule
internal import RealModule

/// How power is told apart by the direction it comes from.
public enum AngleMethod: Hashable, Sendable {
  /// The power of the beam steered to each direction (Bartlett): robust, as wide as the array is
  /// short.
  case bartlett

  /// The power of the beam that lets pass the direction and as little else as possible (Capon,
  /// 1969), with `loading` times the mean power of a channel added to each, which keeps few
  /// snapshots harmless.
  case capon(loading: Double = 1e-3)

  /// One over the share of each direction in the space of noise (MUSIC; Schmidt, 1986), for a
  /// number of sources, or that which the description length tells.
  case music(sources: Int? = nil)
}

/// Tells directions apart along the horizontal axis of an array.
public struct AngleEstimator: Sendable {
  /// The array.
  public let array: AntennaArray

  /// The directions of a spectrum as angles from straight ahead in radians, positive to the right.
  ///
  /// Their sines are evenly spaced, as the beams of an array are evenly wide in them.
  public let azimuths: [Double]

  private let cosines: [Double]
  private let steering: [[Complex<Double>]]

  /// Creates an estimator.
  ///
  /// - Parameters:
  ///   - array: The array.
  ///   - count: The number of directions of a spectrum.
  /// - Precondition: There are at least three directions.
  public init(array: AntennaArray, count: Int = 181) {
    precondition(count >= 3, "a spectrum needs at least three directions")
    self.array = array
    let cosines = (0..<count).map { 2 * (Double($0) + 0.5) / Double(count) - 1 }
    self.cosines = cosines
    azimuths = cosines.map { .asin($0) }
    steering = cosines.map { array.steering(horizontal: $0) }
  }

  /// The power, or for MUSIC the pseudo-power, from each of ``azimuths``.
  ///
  /// - Precondition: `covariance` has a channel for each antenna.
  /// - Complexity: O(*n*³ + *kn*²) for *n* antennas and *k* directions.
  public func spectrum(of covariance: SpatialCovariance, by method: AngleMethod) -> [Double] {
    let form = DirectionForm(covariance, method: method)
    return steering.map { form.level(of: $0) }
  }

  /// The azimuths in radians of the highest peaks, the highest first.
  ///
  /// Each peak is found between neighbouring directions by golden section, so the number of
  /// directions does not limit its accuracy.
  ///
  /// - Parameters:
  ///   - covariance: The covariance of the channels.
  ///   - method: How power is told apart.
  ///   - count: The most peaks that are given.
  /// - Returns: At most `count` azimuths; fewer where there are fewer peaks.
  public func azimuths(
    of covariance: SpatialCovariance, by method: AngleMethod, count: Int
  ) -> [Double] {
    let form = DirectionForm(covariance, method: method)
    let levels = steering.map { form.level(of: $0) }
    var peaks: [(cosine: Double, level: Double)] = []
    for index in levels.indices {
      let before = index > 0 ? levels[index - 1] : -.infinity
      let after = index + 1 < levels.count ? levels[index + 1] : -.infinity
      guard levels[index] > before, levels[index] >= after else { continue }
      let step = 2 / Double(levels.count)
      let cosine = maximum(
        of: { form.level(of: array.steering(horizontal: $0)) },
        in: max(cosines[index] - step, -1)...min(cosines[index] + step, 1))
      peaks.append((cosine, form.level(of: array.steering(horizontal: cosine))))
    }
    return peaks.sorted { $0.level > $1.level }.prefix(count).map { .asin($0.cosine) }
  }
}

/// The level of a direction as a Hermitian form of its steering vector, or one over it.
private struct DirectionForm {
  private var matrix: HermitianMatrix
  private let isInverse: Bool
  private let scale: Double

  init(_ covariance: SpatialCovariance, method: AngleMethod) {
    let channels = covariance.matrix.size
    switch method {
    case .bartlett:
      matrix = covariance.matrix
      isInverse = false
      scale = 1 / Double(channels * channels)
    case .capon(let loading):
      matrix = HermitianMatrix(size: channels)
      let load = max(loading * covariance.matrix.meanEigenvalue, .leastNormalMagnitude)
      for (value, vector) in covariance.matrix.eigenvectors() {
        matrix.addOuterProduct(of: vector, weight: 1 / (max(value, 0) + load))
      }
      isInverse = true
      scale = 1
    case .music(let sources):
      let eigenvectors = covariance.matrix.eigenvectors()
      let found = sources ?? covariance.sourceCount(eigenvalues: eigenvectors.map(\.value))
      matrix = HermitianMatrix(size: channels)
      // At least one direction must be left for the noise.
      for (_, vector) in eigenvectors.dropFirst(min(max(found, 0), channels - 1)) {
        matrix.addOuterProduct(of: vector)
      }
      isInverse = true
      scale = Double(channels)
    }
  }

  func level(of steering: [Complex<Double>]) -> Double {
    let form = matrix.form(of: steering)
    return scale * (isInverse ? 1 / max(form, .leastNormalMagnitude) : max(form, 0))
  }
}

/// Where a function with one maximum in `range` has it, by golden section (Kiefer, 1953).
func maximum(of function: (Double) -> Double, in range: ClosedRange<Double>) -> Double {
  let share = (5.0.squareRoot() - 1) / 2
  var (low, high) = (range.lowerBound, range.upperBound)
  var left = high - share * (high - low)
  var right = low + share * (high - low)
  var (leftValue, rightValue) = (function(left), function(right))
  for _ in 0..<40 {
    if leftValue > rightValue {
      (high, right, rightValue) = (right, left, leftValue)
      left = high - share * (high - low)
      leftValue = function(left)
    } else {
      (low, left, leftValue) = (left, right, rightValue)
      right = low + share * (high - low)
      rightValue = function(right)
    }
  }
  return (low + high) / 2
}

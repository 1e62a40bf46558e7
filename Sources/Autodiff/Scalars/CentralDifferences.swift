import RealModule

/// Numerical differentiation: central differences with ever smaller steps, extrapolated to none.
///
/// The difference (*f*(*x* + *h*) − *f*(*x* − *h*)) / 2*h* is off by a series in *h*². From several
/// steps Richardson's extrapolation removes one power after another, and Ridders' tableau keeps the
/// entry whose neighbours agree best: smaller steps no longer help once rounding takes over. Their
/// disagreement is the estimate of the error.
///
/// The first step is a share of the argument, and of one if the argument is smaller than that: both
/// are tried, since a function of a small argument may change over either scale.
///
/// Differences need nothing but the function, which makes them the way to check the others; they
/// cost 2 or 4 × ``steps`` evaluations for each variable and lose a few digits.
public struct CentralDifferences: Sendable {
  /// A derivative and about how far it may be off.
  public struct Estimate: Hashable, Sendable {
    /// The derivative, which is NaN if the function is not defined on both sides of the point.
    public var value: Double

    /// The estimated error of the derivative.
    public var error: Double
  }

  /// The first step as a share of the scale of the argument.
  public var relativeStep: Double

  /// The number of steps, each smaller than the last by the square root of two.
  public var steps: Int

  /// Creates a way to differentiate numerically.
  ///
  /// - Parameters:
  ///   - relativeStep: The first step as a share of the scale of the argument. Where the function
  ///     is not defined at the first step, a smaller one is found.
  ///   - steps: The number of steps.
  /// - Precondition: The step is positive, and there are at least two.
  public init(relativeStep: Double = 0.1, steps: Int = 14) {
    precondition(relativeStep > 0 && steps >= 2, "differences need two steps of positive size")
    self.relativeStep = relativeStep
    self.steps = steps
  }
}

extension CentralDifferences {
  /// The derivative of `function` at `x`.
  public func derivative(of function: (Double) -> Double, at x: Double) -> Estimate {
    derivative(of: { [function($0)] }, at: x, scales: scales(of: x))[0]
  }

  /// The derivative of a function of many variables along a direction: the product of its Jacobian
  /// and `direction`.
  ///
  /// - Parameters:
  ///   - function: Takes and returns vectors.
  ///   - point: Where to differentiate, of shape `[variable]`.
  ///   - direction: Which way, of shape `[variable]`.
  /// - Returns: The derivative of every result, of shape `[result]`.
  /// - Precondition: `point` and `direction` have the same number of variables.
  public func directionalDerivative(
    of function: ([Double]) -> [Double], at point: [Double], along direction: [Double]
  ) -> [Estimate] {
    precondition(point.count == direction.count, "a direction needs an entry for every variable")
    let moving = zip(point, direction).filter { $1 != 0 }
    let longest = moving.map { scales(of: $0)[0] / $1.magnitude }.min() ?? 1
    let shortest = moving.map { (scales(of: $0).last ?? 1) / $1.magnitude }.min() ?? 1
    return derivative(
      of: { t in function(zip(point, direction).map { $0 + t * $1 }) }, at: 0,
      scales: shortest < longest ? [longest, shortest] : [longest])
  }

  /// The derivatives of every result of a function by every variable.
  ///
  /// - Parameters:
  ///   - function: Takes and returns vectors.
  ///   - point: Where to differentiate, of shape `[variable]`.
  /// - Returns: The Jacobian, of shape `[result, variable]`.
  public func jacobian(
    of function: ([Double]) -> [Double], at point: [Double]
  ) -> [[Estimate]] {
    transpose(
      point.indices.map { variable in
        derivative(
          of: { x in
            var moved = point
            moved[variable] = x
            return function(moved)
          }, at: point[variable], scales: scales(of: point[variable]))
      })
  }

  /// The derivatives of a function by every variable.
  ///
  /// - Parameters:
  ///   - function: Takes a vector and returns a number.
  ///   - point: Where to differentiate, of shape `[variable]`.
  /// - Returns: The gradient, of shape `[variable]`.
  public func gradient(of function: ([Double]) -> Double, at point: [Double]) -> [Estimate] {
    jacobian(of: { [function($0)] }, at: point).first ?? []
  }

  /// The product of the Hessian of `function` and `direction`.
  ///
  /// The gradients in it are themselves numerical, and the estimate knows only of the outer
  /// differences.
  ///
  /// - Parameters:
  ///   - function: Takes a vector and returns a number.
  ///   - point: Where to differentiate, of shape `[variable]`.
  ///   - direction: What to multiply the Hessian by, of shape `[variable]`.
  /// - Returns: The product, of shape `[variable]`.
  /// - Precondition: `point` and `direction` have the same number of variables.
  public func hessianVectorProduct(
    of function: ([Double]) -> Double, at point: [Double], along direction: [Double]
  ) -> [Estimate] {
    directionalDerivative(
      of: { gradient(of: function, at: $0).map(\.value) }, at: point, along: direction)
  }
}

// MARK: - Extrapolation

extension CentralDifferences {
  /// The lengths over which a function of `x` may change, the longest first.
  private func scales(of x: Double) -> [Double] {
    x == 0 || x.magnitude >= 1 ? [max(x.magnitude, 1)] : [1, x.magnitude]
  }

  /// The derivative of every result of a curve, from the scale that makes its error smallest.
  private func derivative(
    of curve: (Double) -> [Double], at x: Double, scales: [Double]
  ) -> [Estimate] {
    let estimates = scales.map { derivative(of: curve, at: x, scale: $0) }
    return estimates.dropFirst().reduce(estimates[0]) { best, others in
      zip(best, others).map { $1.error < $0.error ? $1 : $0 }
    }
  }

  private func derivative(
    of curve: (Double) -> [Double], at x: Double, scale: Double
  ) -> [Estimate] {
    var step = relativeStep * scale
    while x + step > x, !(curve(x + step) + curve(x - step)).allSatisfy(\.isFinite) {
      step /= 2
    }
    var differences: [[Double]] = []
    var noises: [[Double]] = []
    for _ in 0..<steps {
      let (above, below) = (x + step, x - step)
      let (high, low) = (curve(above), curve(below))
      differences.append(zip(high, low).map { ($0 - $1) / (above - below) })
      noises.append(
        zip(high, low).map { ($0.magnitude + $1.magnitude) * .ulpOfOne / (above - below) })
      step /= .sqrt(2)
    }
    return zip(transpose(differences), transpose(noises)).map(extrapolate)
  }
}

/// The limit of `differences`, whose steps shrink by the square root of two, as Ridders finds it.
///
/// Each column of the tableau removes the next power of *h*², which halves from row to row. The
/// `noises` are what rounding the function alone does to the differences.
private func extrapolate(_ differences: [Double], noises: [Double]) -> CentralDifferences.Estimate {
  var best = CentralDifferences.Estimate(value: .nan, error: .infinity)
  var previous: [Double] = []
  for (difference, noise) in zip(differences, noises) {
    var row = [difference]
    var ratio = 2.0
    for (column, above) in previous.enumerated() {
      let entry = row[column] + (row[column] - above) / (ratio - 1)
      let error = max((entry - row[column]).magnitude, (entry - above).magnitude) + noise
      if error < best.error { best = .init(value: entry, error: error) }
      row.append(entry)
      ratio *= 2
    }
    previous = row
  }
  return best
}

internal import RealModule

/// The false-alarm rate of an order statistic when a cell sums several powers.
///
/// The cells have a gamma distribution, for which no closed form is known. The integral over the
/// value of the order statistic is taken in its logarithm, where the integrand is smooth and falls
/// to nothing on both sides, so that the trapezoidal rule converges exponentially.
struct OrderStatisticIntegral {
  private let looks: Int
  private let points: [(value: Double, weight: Double)]

  init(rank: Double, cells: Double, looks: Int) {
    self.looks = looks
    let shape = Double(looks)
    let combinations =
      Double.logGamma(cells + 1) - .logGamma(rank) - .logGamma(cells - rank + 1)
      - .logGamma(shape)
    let step = 0.5 / (max(cells, 1) * shape).squareRoot()
    let range = (Double.log(shape) - 14)...(Double.log(shape + 80))
    var points: [(value: Double, weight: Double)] = []
    for place in stride(from: range.lowerBound, through: range.upperBound, by: step) {
      let value = Double.exp(place)
      let tails = gammaTails(at: value, looks: looks)
      let logarithm =
        combinations + (rank - 1) * .log(tails.lower) + (cells - rank) * .log(tails.upper)
        + shape * place - value
      if logarithm > -200 { points.append((value, step * .exp(logarithm))) }
    }
    self.points = points
  }

  /// The probability that a cell exceeds `multiplier` times the order statistic.
  func tail(beyond multiplier: Double) -> Double {
    var sum = 0.0
    for point in points {
      sum += point.weight * gammaTails(at: multiplier * point.value, looks: looks).upper
    }
    return min(sum, 1)
  }
}

/// The probabilities that a sum of `looks` exponential powers of mean one lies below and above
/// `value`.
func gammaTails(at value: Double, looks: Int) -> (lower: Double, upper: Double) {
  var term = Double.exp(-value)
  var upper = term
  for look in 1..<max(looks, 1) {
    term *= value / Double(look)
    upper += term
  }
  guard value < Double(looks) else { return (max(1 - upper, 0), upper) }
  // Below the mean the difference to one would cancel, and the series of the rest converges.
  var lower = 0.0
  var index = looks
  repeat {
    term *= value / Double(index)
    lower += term
    index += 1
  } while term > lower * 1e-17
  return (lower, upper)
}

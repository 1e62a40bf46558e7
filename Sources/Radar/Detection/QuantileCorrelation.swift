internal import RealModule

/// How alike two powers are in whether they lie below a quantile, given the correlation of the
/// powers.
///
/// An order statistic only sees on which side of it a power lies, and two powers that are alike
/// lie less often on the same side than their correlation says. Both are expanded in Laguerre
/// polynomials, where the *n*-th term of correlated gamma variables is the *n*-th power of their
/// correlation (Kibble, 1941).
struct QuantileCorrelation {
  /// The share of the variance that each power of the correlation carries.
  private let shares: [Double]

  init(share: Double, looks: Int) {
    let shape = Double(looks)
    let quantile = gammaQuantile(share, looks: looks)
    let density = Double.exp(shape * .log(quantile) - quantile - .logGamma(shape))
    // L₀, L₁, … of order `looks` at the quantile, by their recurrence.
    var (before, polynomial) = (0.0, 1.0)
    var shares: [Double] = []
    for index in 1...40 {
      let degree = Double(index)
      let coefficient = density * polynomial / degree
      let norm = Double.exp(.logGamma(degree + 1) + .logGamma(shape) - .logGamma(degree + shape))
      shares.append(coefficient * coefficient * norm / (share * (1 - share)))
      let next =
        ((2 * degree - 1 + shape - quantile) * polynomial - (degree - 1 + shape) * before) / degree
      (before, polynomial) = (polynomial, next)
    }
    self.shares = shares
  }

  /// The correlation of lying below the quantile, where the powers have `correlation`.
  func callAsFunction(_ correlation: Double) -> Double {
    // A cell is wholly like itself, which the truncated series misses.
    guard correlation < 1 else { return 1 }
    var (sum, factor) = (0.0, 1.0)
    for share in shares {
      factor *= correlation
      sum += share * factor
    }
    return sum
  }
}

/// The value below which a sum of `looks` exponential powers lies with probability `share`.
private func gammaQuantile(_ share: Double, looks: Int) -> Double {
  var (low, high) = (0.0, Double(looks) + 60)
  for _ in 0..<80 {
    let middle = (low + high) / 2
    if gammaTails(at: middle, looks: looks).lower < share { low = middle } else { high = middle }
  }
  return low
}

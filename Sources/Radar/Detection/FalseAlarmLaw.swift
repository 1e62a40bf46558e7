internal import RealModule

/// The probability that noise alone exceeds a multiple of the noise estimated around it.
///
/// The power of a cell is exponentially distributed, or the sum of `looks` such powers, and cells
/// are independent. The laws hold for any number of training cells on either side, so a threshold
/// at the edge of a map is as exact as one inside.
extension NoiseEstimator {
  /// The probability that a cell of noise exceeds `multiplier` times the estimate.
  ///
  /// - Parameters:
  ///   - multiplier: The factor that the estimate is multiplied with.
  ///   - leading: The number of training cells on one side.
  ///   - lagging: The number of training cells on the other side.
  ///   - looks: The independent powers summed in a cell, such as those of several receivers.
  /// - Returns: The probability of a false alarm in a cell.
  /// - Precondition: There is a training cell and a look, and `multiplier` is not negative.
  /// - Complexity: O(`looks` · (`leading` + `lagging`)).
  public func falseAlarmRate(
    multiplier: Double, leading: Int, lagging: Int, looks: Int = 1
  ) -> Double {
    precondition(
      leading >= 0 && lagging >= 0 && leading + lagging > 0, "a threshold needs a training cell")
    precondition(looks > 0 && multiplier >= 0, "a threshold needs a look and a positive multiplier")
    return law(of: TrainingStrength(self, leading: leading, lagging: lagging), looks: looks)(
      multiplier)
  }

  /// The probability of a false alarm as a function of the multiplier.
  func law(of strength: TrainingStrength, looks: Int) -> (Double) -> Double {
    let cells = strength.leading + strength.lagging
    let isTwoSided = min(strength.leading, strength.lagging) > 0
    switch self {
    case .greatestOf where isTwoSided, .smallestOf where isTwoSided:
      return { multiplier in
        .exp(twoSided(multiplier, strength, looks, takesGreater: self == .greatestOf))
      }
    case .cellAveraging, .greatestOf, .smallestOf:
      return { averaged($0, cells: cells, looks: looks) }
    case .orderedStatistic where looks == 1:
      return { ordered($0, rank: strength.rank, cells: cells) }
    case .orderedStatistic:
      let integral = OrderStatisticIntegral(rank: strength.rank, cells: cells, looks: looks)
      return { integral.tail(beyond: $0) }
    }
  }

  /// One exponential cell against the order statistic of others (Rohling, 1983).
  ///
  /// His product, and a quotient of gamma functions for what is left of a rank between whole
  /// numbers.
  private func ordered(_ multiplier: Double, rank: Double, cells: Double) -> Double {
    var logarithm = 0.0
    let whole = Int(rank)
    for index in 0..<whole { logarithm -= .log(onePlus: multiplier / (cells - Double(index))) }
    let rest = cells - rank + 1
    let last = cells - Double(whole) + 1
    if last > rest {
      logarithm += .logGamma(last) - .logGamma(rest)
      logarithm -= .logGamma(last + multiplier) - .logGamma(rest + multiplier)
    }
    return .exp(logarithm)
  }

  /// A sum of `looks` powers against the mean of others: a negative binomial tail.
  private func averaged(_ multiplier: Double, cells: Double, looks: Int) -> Double {
    let ratio = multiplier / cells
    let shape = cells * Double(looks)
    var term = Double.exp(-shape * .log(onePlus: ratio))
    var sum = term
    for look in 1..<max(looks, 1) {
      term *= (shape + Double(look) - 1) / Double(look) * ratio / (1 + ratio)
      sum += term
    }
    return sum
  }

  /// The logarithm of the probability for the greater or the smaller of two means.
  ///
  /// With *s* = *α* + *n*₁ + *n*₂ and *M* = *n* · looks, each side contributes the terms
  /// (*M*₁ − 1 + *i* + *j*)! / (*i*! *j*! (*M*₁ − 1)!) · (*α*/*s*)ⁱ (*n*₂/*s*)ʲ (*n*₁/*s*)^*M*₁,
  /// where *i* < looks, and where the other side's mean is greater for *j* < *M*₂. All are
  /// positive, and they are summed as logarithms, so no number of cells underflows.
  private func twoSided(
    _ multiplier: Double, _ strength: TrainingStrength, _ looks: Int, takesGreater: Bool
  ) -> Double {
    let (leading, lagging) = (strength.leading, strength.lagging)
    let total = multiplier + leading + lagging
    var sum = LogarithmicSum()
    for (own, other) in [(leading, lagging), (lagging, leading)] {
      let shape = own * Double(looks)
      let bound = max(Int((other * Double(looks)).rounded()), 1)
      let step = other / total
      var start = shape * .log(own / total)
      for look in 0..<looks {
        if look > 0 {
          start += .log((shape - 1 + Double(look)) / Double(look) * multiplier / total)
        }
        var term = start
        var index = 0
        while index < bound || takesGreater {
          if takesGreater == (index >= bound) { sum.add(term) }
          index += 1
          let ratio = (shape - 1 + Double(look + index)) / Double(index) * step
          term += .log(ratio)
          // What is left of the series is below the last bit of the sum.
          if index > bound, ratio < 1, term - .log(1 - ratio) < sum.value - 40 { break }
        }
      }
    }
    return sum.value
  }
}

/// How much the training cells of a cell tell: their number, or that of as many independent cells
/// as tell the same.
struct TrainingStrength {
  var leading: Double
  var lagging: Double

  /// The place of the order statistic, if it is one that estimates.
  var rank: Double

  init(_ estimator: NoiseEstimator, leading: Int, lagging: Int) {
    self.leading = Double(leading)
    self.lagging = Double(lagging)
    rank = 0
    if case .orderedStatistic(let share) = estimator {
      rank = Double(NoiseEstimator.rank(share: share, cells: leading + lagging))
    }
  }
}

/// The logarithm of a sum of numbers that are known by their logarithms.
private struct LogarithmicSum {
  private var largest = -Double.infinity
  private var scaled = 0.0

  var value: Double { scaled > 0 ? largest + .log(scaled) : -.infinity }

  mutating func add(_ logarithm: Double) {
    if logarithm > largest {
      scaled = scaled * .exp(largest - logarithm) + 1
      largest = logarithm
    } else {
      scaled += .exp(logarithm - largest)
    }
  }
}

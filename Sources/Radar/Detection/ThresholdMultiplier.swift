internal import RealModule

extension NoiseEstimator {
  /// The factor above the estimated noise that noise alone exceeds with probability
  /// `falseAlarmRate`.
  ///
  /// Cell averaging of single powers has the closed form *N*(*P*^(−1/*N*) − 1); the other laws are
  /// inverted numerically, to the last digits of a double.
  ///
  /// - Parameters:
  ///   - falseAlarmRate: The probability of a false alarm, between zero and one.
  ///   - leading: The number of training cells on one side.
  ///   - lagging: The number of training cells on the other side.
  ///   - looks: The independent powers summed in a cell, such as those of several receivers.
  /// - Returns: The factor above the estimate of the noise in one cell.
  /// - Precondition: There is a training cell and a look, and the rate lies between zero and one.
  public func multiplier(
    falseAlarmRate: Double, leading: Int, lagging: Int, looks: Int = 1
  ) -> Double {
    precondition(
      falseAlarmRate > 0 && falseAlarmRate < 1,
      "a false-alarm rate of \(falseAlarmRate) does not lie between zero and one")
    precondition(
      leading >= 0 && lagging >= 0 && leading + lagging > 0, "a threshold needs a training cell")
    precondition(looks > 0, "a threshold needs a look")
    return multiplier(
      falseAlarmRate: falseAlarmRate,
      for: TrainingStrength(self, leading: leading, lagging: lagging), looks: looks)
  }

  /// The factor for training cells that tell as much as `strength` says.
  func multiplier(falseAlarmRate: Double, for strength: TrainingStrength, looks: Int) -> Double {
    let cells = strength.leading + strength.lagging
    let averaging = cells * .expMinusOne(-.log(falseAlarmRate) / cells)
    if self == .cellAveraging, looks == 1 { return averaging }

    let law = law(of: strength, looks: looks)
    // The logarithm of the rate falls smoothly with that of the multiplier.
    let target = Double.log(falseAlarmRate)
    let root = fallingRoot(near: .log(averaging)) { place in
      let rate = law(.exp(place))
      return rate > 0 ? .log(rate) - target : -1e3
    }
    return .exp(root)
  }
}

/// Where a function that falls crosses zero (the Illinois variant of regula falsi; Dowell and
/// Jarratt, 1971).
private func fallingRoot(near start: Double, of function: (Double) -> Double) -> Double {
  var low = (place: start - 0.5, value: function(start - 0.5))
  while low.value < 0 { low = (low.place - 1, function(low.place - 1)) }
  var high = (place: start + 0.5, value: function(start + 0.5))
  while high.value > 0 { high = (high.place + 1, function(high.place + 1)) }
  var lastWasAbove: Bool?
  for _ in 0..<200 {
    let place = (low.place * high.value - high.place * low.value) / (high.value - low.value)
    let value = function(place)
    if abs(value) < 1e-13 || high.place - low.place < 1e-15 { return place }
    // An end that stays twice in a row counts half, so that both ends close in.
    if value > 0 {
      low = (place, value)
      if lastWasAbove == true { high.value /= 2 }
    } else {
      high = (place, value)
      if lastWasAbove == false { low.value /= 2 }
    }
    lastWasAbove = value > 0
  }
  return (low.place + high.place) / 2
}

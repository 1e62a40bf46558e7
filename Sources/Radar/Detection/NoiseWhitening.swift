internal import ComplexModule
internal import RealModule

extension ClutterRemoval {
  /// The factors that make the noise power even again which clutter removal has left uneven over the
  /// Doppler bins, zero velocity in the middle.
  ///
  /// The noise in bin *k* has the variance Σ |*v*[*m*]|², where *v*[*m*] is what the noise of chirp
  /// *m* adds to it: *v*[*m*] = Σ *h*[*c* − *m*] *u*[*c*] exp(−j2π*kc*/*C*), with the weights *u* of the
  /// chirps and the impulse response *h* of the removal. Bins with less than a millionth of the noise
  /// have nothing to say, and become zero.
  ///
  /// - Parameters:
  ///   - weights: The weights of the chirps of a transform.
  ///   - bins: The bins of the transform.
  /// - Returns: A factor for each bin.
  func noiseWhitening(weights: [Float], bins: Int) -> [Float] {
    let squares = weights.reduce(0) { $0 + Double($1) * Double($1) }
    return (0..<bins).map { bin in
      let turn = -2 * Double.pi * Double(bin - bins / 2) / Double(bins)
      let terms = weights.enumerated().map { index, weight in
        Complex(length: Double(weight), phase: turn * Double(index))
      }
      let left = noiseVariance(terms) / squares
      return left > 1e-6 ? Float(1 / left) : 0
    }
  }

  /// The variance of the sum of `terms` times noise of variance one, from which clutter was removed.
  private func noiseVariance(_ terms: [Complex<Double>]) -> Double {
    var variance = 0.0
    switch self {
    case .none:
      for term in terms { variance += term.lengthSquared }
    case .mean:
      // What the mean takes is the share of the terms that is the same for each chirp.
      for term in terms { variance += term.lengthSquared }
      variance -= terms.reduce(.zero, +).lengthSquared / Double(terms.count)
    case .twoPulse, .threePulse:
      let padded = [.zero, .zero] + terms + [.zero, .zero]
      for index in 0..<terms.count + 2 {
        let (now, next, third) = (padded[index], padded[index + 1], padded[index + 2])
        variance += (self == .twoPulse ? next - third : now - (next + next) + third).lengthSquared
      }
    case .background(let rate):
      // Of a chirp, (1 − r)ⁿ⁻¹ times r is in the background n chirps later.
      let rate = Double(rate)
      var later = Complex<Double>.zero
      for term in terms.reversed() {
        variance += (term - Complex(rate) * later).lengthSquared
        later = term + Complex(1 - rate) * later
      }
      // Chirps before the first are in the background too.
      variance += rate * rate * later.lengthSquared / (1 - (1 - rate) * (1 - rate))
    }
    return max(variance, 0)
  }
}

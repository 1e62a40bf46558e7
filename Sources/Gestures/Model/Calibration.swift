/// What the answers of models to gestures they have not learned from say about a model's confidence.
package struct Calibration: Codable, Hashable, Sendable {
  /// The number by which scores are divided before they become probabilities, so that confidence
  /// means what it says (Guo et al., 2017).
  var temperature = 1.0

  /// The percentiles, 0 to 100, of one minus the probability of the true class, and empty if nothing
  /// was held out.
  ///
  /// A conformal set is made with them (Vovk et al., 2005).
  var nonconformity: [Double] = []

  /// The percentiles, 0 to 100, of how unfamiliar known gestures look when they are varied as in
  /// training, and empty if nothing was held out.
  var unfamiliarity: [Double] = []

  /// The share of known gestures, varied as in training, that an answer of `unknown` may cost.
  ///
  /// Gestures of another day are about as unlike those learned from as these; those of the same day
  /// are much less so, and hardly ever answered `unknown`.
  static let rejectedShare = 0.05

  init() {}

  /// One gesture that the model which judged it had not learned from.
  package struct HeldOut: Sendable {
    /// The score of every class.
    var scores: [Float]

    /// The true class, as an index into the labels.
    var truth: Int

    package init(scores: [Float], truth: Int) {
      self.scores = scores
      self.truth = truth
    }
  }

  /// Learns from held-out gestures.
  ///
  /// - Parameters:
  ///   - heldOut: The answers.
  ///   - candidates: The classes that a marked gesture can have.
  ///   - unfamiliarity: How unfamiliar gestures look that are varied, if the model can say that.
  package init(of heldOut: [HeldOut], candidates: [Int], unfamiliarity: [Double] = []) {
    guard !heldOut.isEmpty else { return }
    temperature =
      TemperatureFit(
        to: heldOut.compactMap { answer in
          candidates.firstIndex(of: answer.truth).map { truth in
            (candidates.map { Double(answer.scores[$0]) }, truth)
          }
        }
      ).temperature
    nonconformity = Self.percentiles(
      heldOut.map { answer in
        let probabilities = softmax(answer.scores, over: candidates, temperature: temperature)
        return 1 - (candidates.firstIndex(of: answer.truth).map { probabilities[$0] } ?? 0)
      }, beyond: 1)
    self.unfamiliarity = Self.percentiles(unfamiliarity, beyond: unfamiliarity.max() ?? 0)
  }

  /// The greatest one minus probability that a class may have in a set which holds the true class
  /// with a probability of `coverage`, and `nil` if nothing was held out.
  package func nonconformityLimit(coverage: Double) -> Double? {
    guard nonconformity.count == 101 else { return nil }
    // A hundred times 0.55 is a little more than 55.
    let percent = (100 * min(max(coverage, 0), 1) - 1e-9).rounded(.up)
    return nonconformity[max(Int(percent), 0)]
  }

  /// How unfamiliar a gesture may look before the answer is `unknown`.
  var unfamiliarityLimit: Double? {
    guard unfamiliarity.count == 101 else { return nil }
    return unfamiliarity[Int(100 * (1 - Self.rejectedShare))]
  }

  /// How unfamiliar a gesture may look before the answer is `unknown`, if known ones that are varied
  /// look as unfamiliar as `values` say, and `nil` if nothing was held out.
  static func unfamiliarityLimit(among values: [Double]) -> Double? {
    var calibration = Calibration()
    calibration.unfamiliarity = percentiles(values, beyond: values.max() ?? 0)
    return calibration.unfamiliarityLimit
  }

  /// The percentiles 0 to 100, each the least value that is not below that share of `values` with
  /// `beyond` as one more, as conformal prediction asks: what few values cannot promise is promised
  /// by the greatest that there can be.
  private static func percentiles(_ values: [Double], beyond: Double) -> [Double] {
    guard !values.isEmpty else { return [] }
    let sorted = values.sorted() + [beyond]
    return (0...100).map { percent in
      // Whole numbers: 0.95 of 20 values must not be the twentieth by a rounding error.
      let rank = (percent * sorted.count + 99) / 100
      return sorted[max(rank, 1) - 1]
    }
  }
}

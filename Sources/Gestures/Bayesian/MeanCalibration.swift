internal import RealModule

/// What mean probabilities of several draws have to be made of to be as sure as they are right.
///
/// The mean is calibrated, not what it is the mean of: however sure draws are made that contradict each
/// other, their mean stays in doubt (Rahaman and Thiery, 2021).
package struct MeanCalibration: Sendable {
  /// The number by which the logarithm of the mean probability of each class is divided.
  package var temperature = 1.0

  /// The mean over held-out answers of minus the logarithm of the probability of the truth, which
  /// counts as not quite certain.
  package private(set) var loss = 0.0

  /// Leaves everything as it is.
  package init() {}

  /// Finds the temperature under which held-out answers are most probable.
  ///
  /// - Parameter heldOut: The mean probabilities of the classes in each answer, and the true class.
  package init(of heldOut: [(mean: [Double], truth: Int)]) {
    guard !heldOut.isEmpty else { return }
    let smoothing = 1 / Double(heldOut.count + 2)
    var best: MeanCalibration?
    for logarithm in stride(from: -2.0, through: 1.5, by: 0.05) {
      var candidate = MeanCalibration()
      candidate.temperature = .exp(logarithm)
      let sum = heldOut.reduce(0.0) { sum, answer in
        let mean = candidate.calibrated(answer.mean)
        // The targets are not quite one, so that few gestures without a mistake do not tell the
        // model to be certain (Platt, 1999).
        return mean.enumerated().reduce(sum) { sum, item in
          let share = smoothing / Double(mean.count)
          let target = (item.offset == answer.truth ? 1 - smoothing : 0) + share
          return sum - target * .log(max(item.element, 1e-12))
        }
      }
      candidate.loss = sum / Double(heldOut.count)
      if candidate.loss < best?.loss ?? .infinity { best = candidate }
    }
    self = best ?? self
  }

  /// Mean probabilities, as sure as they are right.
  package func calibrated(_ mean: [Double]) -> [Double] {
    softmax(mean.map { Double.log(max($0, 1e-12)) / temperature }[...])
  }
}

/// The probabilities that scores stand for.
func softmax(_ scores: ArraySlice<Double>) -> [Double] {
  let greatest = scores.max() ?? 0
  let powers = scores.map { Double.exp($0 - greatest) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}

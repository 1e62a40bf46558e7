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
    let fit = TemperatureFit(
      to: heldOut.map { (Self.logarithms(of: $0.mean), $0.truth) }, among: Self.temperatures)
    (temperature, loss) = (fit.temperature, fit.loss)
  }

  /// Mean probabilities, as sure as they are right.
  package func calibrated(_ mean: [Double]) -> [Double] {
    softmax(Self.logarithms(of: mean).map { $0 / temperature }[...])
  }

  /// In steps of five hundredths: a few hundred gestures cannot tell finer ones apart.
  private static let temperatures = stride(from: -2.0, through: 1.5, by: 0.05).map(Double.exp)

  private static func logarithms(of mean: [Double]) -> [Double] {
    mean.map { .log(max($0, 1e-12)) }
  }
}

import Autodiff
import Networks
import Testing

@Suite("Laplace's approximation")
struct LaplaceTests {
  /// A layer whose inputs are all `value`, and whose classes are equally probable.
  private func posterior(
    _ value: Float, examples: Int, precision: Double
  ) -> KroneckerLaplace {
    KroneckerLaplace(
      inputs: Tensor(repeating: value, shape: [examples, 1]),
      probabilities: Tensor(repeating: 0.5, shape: [examples, 2]), precision: precision)
  }

  @Test("With one input and two classes it is what the formula gives by hand")
  func byHand() {
    let (x, n, tau) = (2.0, 16.0, 4.0)
    let laplace = posterior(Float(x), examples: 16, precision: tau)
    // A = √n [[x², x], [x, 1]] + √τ, and φᵀA⁻¹φ for φ = (1, 1) by Cramer's rule.
    let a = n.squareRoot() * x * x + tau.squareRoot()
    let b = n.squareRoot() * x
    let d = n.squareRoot() + tau.squareRoot()
    let expected = (a + d - 2 * b) / (a * d - b * b)
    #expect(abs(laplace.variance(of: [1]) / expected - 1) < 1e-5)
    // B = √n [[¼, −¼], [−¼, ¼]] + √τ: along (1, −1) its eigenvalue is √n/2 + √τ, along (1, 1) √τ.
    var generator = SeededGenerator(seed: 5)
    var (difference, sum) = (0.0, 0.0)
    let draws = 20_000
    for _ in 0..<draws {
      let noise = Tensor<Double>.normal(shape: [2], using: &generator).elements
      let scores = laplace.draw(around: [0, 0], variance: 1, noise: noise)
      difference += (scores[0] - scores[1]) * (scores[0] - scores[1])
      sum += (scores[0] + scores[1]) * (scores[0] + scores[1])
    }
    #expect(
      abs(difference / Double(draws) / (2 / (n.squareRoot() / 2 + tau.squareRoot())) - 1) < 0.05)
    #expect(abs(sum / Double(draws) / (2 / tau.squareRoot()) - 1) < 0.05)
  }

  @Test("More examples make it surer, what is unlike them less sure, and a file keeps it")
  func behaviour() {
    let few = posterior(1, examples: 10, precision: 1)
    let many = posterior(1, examples: 1000, precision: 1)
    #expect(many.variance(of: [1]) < few.variance(of: [1]))
    #expect(few.variance(of: [-1]) > few.variance(of: [1]))
    #expect(few.inputCount == 1 && few.classCount == 2)
    let read = KroneckerLaplace(
      inputFactor: few.inputFactor, outputFactor: few.outputFactor)
    #expect(read == few)
    #expect(
      KroneckerLaplace(
        inputFactor: Tensor(zeros: [2, 2]), outputFactor: few.outputFactor) == nil)
  }

  @Test("Uncertainty falls apart into what is in the data and what is in the weights")
  func parts() {
    let agreed = PredictiveUncertainty(of: [[0.5, 0.5], [0.5, 0.5]])
    #expect(abs(agreed.total - 0.693147) < 1e-5 && agreed.epistemic < 1e-12)
    let torn = PredictiveUncertainty(of: [[1, 0], [0, 1]])
    #expect(abs(torn.total - 0.693147) < 1e-5 && torn.aleatoric == 0)
    let sure = PredictiveUncertainty(of: [[1, 0]])
    #expect(sure.total == 0 && sure.epistemic == 0)
    // What is a contradiction in the draws is the same share of what calibration leaves of the doubt.
    let answers = [[0.9, 0.1], [0.1, 0.9]]
    let drawn = PredictiveUncertainty(of: answers)
    let calibrated = PredictiveUncertainty(of: answers, calibratedMean: [0.8, 0.2])
    #expect(abs(calibrated.total - 0.500402) < 1e-5)
    #expect(abs(calibrated.epistemic / calibrated.total - drawn.epistemic / drawn.total) < 1e-12)
    let certain = PredictiveUncertainty(of: [[1, 0]], calibratedMean: [1, 0])
    #expect(certain.total == 0 && certain.epistemic == 0)
  }
}

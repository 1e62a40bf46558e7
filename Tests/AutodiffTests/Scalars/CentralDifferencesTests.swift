import Autodiff
import RealModule
import Testing

@Suite("Central differences")
struct CentralDifferencesTests {
  private let differences = CentralDifferences()

  @Test("The step follows the scale of the argument", arguments: [1e-6, 1, 1e3, 1e8, 1e100])
  func scale(x: Double) {
    let derivative = differences.derivative(of: { $0 * $0 * $0 }, at: x)
    #expect((derivative.value / (3 * x * x) - 1).magnitude < (x < 1 ? 1e-3 : 1e-11))
  }

  @Test("A smaller step is found where the first one leaves the domain", arguments: [1e-9, 1e-3])
  func domain(x: Double) {
    let derivative = differences.derivative(of: { .log($0) }, at: x)
    #expect((derivative.value * x - 1).magnitude < 1e-9)
  }

  @Test("Where the function ends there is no derivative")
  func boundary() {
    let derivative = differences.derivative(of: { .sqrt($0) }, at: 0)
    #expect(derivative.value.isNaN)
    #expect(derivative.error == .infinity)
  }

  @Test("Where there is no function there is no derivative", arguments: [.nan, .infinity, -1])
  func undefined(x: Double) {
    #expect(differences.derivative(of: { .log($0) }, at: x).value.isNaN)
  }

  @Test("Extrapolation earns its cost")
  func extrapolation() {
    let plain = (Double.exp(1.1) - .exp(0.9)) / 0.2 - .exp(1)
    let extrapolated = differences.derivative(of: { .exp($0) }, at: 1).value - .exp(1)
    #expect(plain.magnitude > 1e-3)
    #expect(extrapolated.magnitude < 1e-12)
  }

  @Test("A polynomial of low degree is exact but for rounding")
  func polynomial() {
    let estimate = differences.derivative(of: { 2 * $0 * $0 - 3 * $0 + 1 }, at: 4)
    #expect(agree(estimate.value, 13, within: 1e-13))
    #expect(estimate.error < 1e-12)
  }

  @Test("A noisy function is known to be so")
  func noise() {
    let coarse = differences.derivative(of: { (1e4 * .sin($0)).rounded() / 1e4 }, at: 1)
    #expect((coarse.value - .cos(1)).magnitude < 10 * coarse.error)
    #expect(coarse.error > 1e-6)
  }

  @Test("A Jacobian has a row for each result")
  func jacobian() {
    let jacobian = differences.jacobian(of: { [$0[0] * $0[1], .sin($0[0]), 3] }, at: [2, 5])
    let exact = [[5, 2], [.cos(2), 0], [0, 0]] as [[Double]]
    #expect(jacobian.count == 3)
    for (row, exactRow) in zip(jacobian, exact) {
      for (entry, exactEntry) in zip(row, exactRow) {
        #expect(agree(entry.value, exactEntry, within: 1e-11))
      }
    }
  }

  @Test("A gradient has an entry for each variable")
  func gradient() {
    let gradient = differences.gradient(of: { $0[0] * $0[0] * .exp($0[1]) }, at: [3, 0.5])
    #expect(agree(gradient[0].value, 6 * .exp(0.5), within: 1e-11))
    #expect(agree(gradient[1].value, 9 * .exp(0.5), within: 1e-11))
  }

  @Test("A directional derivative is linear in the direction")
  func direction() {
    let function = { (v: [Double]) in [v[0] * v[1] * v[2], .cos(v[2])] }
    let once = differences.directionalDerivative(of: function, at: [1, 2, 3], along: [1, -1, 2])
    let twice = differences.directionalDerivative(
      of: function, at: [1, 2, 3], along: [-2, 2, -4])
    for (a, b) in zip(once, twice) { #expect(agree(b.value, -2 * a.value, within: 1e-10)) }
    #expect(agree(once[0].value, 7, within: 1e-11))
    let still = differences.directionalDerivative(of: function, at: [1, 2, 3], along: [0, 0, 0])
    #expect(still.map(\.value) == [0, 0])
  }

  @Test("A Hessian–vector product of a quadratic form is the matrix times the vector")
  func hessian() {
    let product = differences.hessianVectorProduct(
      of: { v in 2 * v[0] * v[0] + 3 * v[0] * v[1] - v[1] * v[1] }, at: [1, -2], along: [1, 2])
    #expect(agree(product[0].value, 10, within: 1e-8))
    #expect(agree(product[1].value, -1, within: 1e-8))
  }

  @Test("One step is too few")
  func tooFewSteps() async {
    await #expect(processExitsWith: .failure) { _ = CentralDifferences(steps: 1) }
  }
}

import Autodiff
import RealModule
import Testing

/// The derivative of one function in each of the four ways.
private struct Derivatives {
  let numerical, symbolic, dual, reverse: Double

  /// The ways that do not look at the neighbourhood of the point.
  var exact: [Double] { [symbolic, dual, reverse] }

  init(
    at x: Double, _ number: (Double) -> Double, _ formula: (Expression) -> Expression,
    _ dual: (Dual<Double>) -> Dual<Double>, _ reverse: (Variable<Double>) -> Variable<Double>
  ) {
    numerical = CentralDifferences().derivative(of: number, at: x).value
    symbolic = formula(Expression(variable: "x")).derivative(by: "x").value(at: ["x": x])
    self.dual = Dual.derivative(of: dual, at: x)
    self.reverse = Variable.derivative(of: reverse, at: x)
  }
}

private func rectifier<T: DifferentiableScalar>(_ x: T) -> T { .maximum(x, 0) }
private func clip<T: DifferentiableScalar>(_ x: T) -> T { .minimum(x, 1) }
private func absolute<T: DifferentiableScalar>(_ x: T) -> T { x.magnitude }
private func root<T: DifferentiableScalar>(_ x: T) -> T { .sqrt(x) }
private func cubeRoot<T: DifferentiableScalar>(_ x: T) -> T { .root(x, 3) }
private func length<T: DifferentiableScalar>(_ x: T) -> T { .sqrt(x * x) }
private func power<T: DifferentiableScalar>(_ x: T) -> T { .pow(x, 1.5) }

@Suite("Kinks and edges")
struct KinkTests {
  @Test("At a kink every way takes the mean of both sides")
  func kinks() {
    let magnitude = Derivatives(at: 0, absolute, absolute, absolute, absolute)
    #expect(magnitude.exact == [0, 0, 0])
    #expect(magnitude.numerical == 0)

    let maximum = Derivatives(at: 0, rectifier, rectifier, rectifier, rectifier)
    #expect(maximum.exact == [0.5, 0.5, 0.5])
    #expect(agree(maximum.numerical, 0.5, within: 1e-12))

    let minimum = Derivatives(at: 1, clip, clip, clip, clip)
    #expect(minimum.exact == [0.5, 0.5, 0.5])
    #expect(agree(minimum.numerical, 0.5, within: 1e-12))
  }

  @Test("A root is infinitely steep at zero, and differences see no derivative there")
  func rootAtZero() {
    let square = Derivatives(at: 0, root, root, root, root)
    #expect(square.exact == [.infinity, .infinity, .infinity])
    #expect(square.numerical.isNaN)

    let cube = Derivatives(at: 0, cubeRoot, cubeRoot, cubeRoot, cubeRoot)
    #expect(cube.exact == [.infinity, .infinity, .infinity])
  }

  @Test("Infinity times zero is not a number in every exact way")
  func rootOfSquare() {
    let derivatives = Derivatives(at: 0, length, length, length, length)
    #expect(derivatives.exact.allSatisfy { $0.isNaN })
    #expect(derivatives.numerical == 0)
  }

  @Test("A power with a constant exponent is flat at zero")
  func powerAtZero() {
    #expect(Derivatives(at: 0, power, power, power, power).exact == [0, 0, 0])
  }

  @Test("Where the argument is not a number, neither is a derivative")
  func notANumber() {
    let derivatives = Derivatives(at: .nan, rectifier, rectifier, rectifier, rectifier)
    #expect(derivatives.exact.allSatisfy { $0.isNaN })
  }
}

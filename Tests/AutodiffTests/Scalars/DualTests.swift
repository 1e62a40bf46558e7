import Autodiff
import RealModule
import Testing

@Suite("Dual number")
struct DualTests {
  @Test("A polynomial gives its value and its derivative exactly")
  func polynomial() {
    func polynomial<T: DifferentiableScalar>(_ x: T) -> T { 5 * .pow(x, 3) - 2 * x * x + x / 4 - 7 }
    let result = polynomial(Dual(3.0, derivative: 2))
    #expect(result.value == 110.75)
    #expect(result.derivative == 2 * 123.25)
  }

  @Test("d squared is zero")
  func nilpotence() {
    let d = Dual(0.0, derivative: 1)
    #expect(d * d == 0)
    #expect((1 + d) * (1 - d) == 1)
  }

  @Test("Nested derivatives do not confuse their perturbations")
  func perturbationConfusion() {
    // d/dx x · d/dy (x + y) is one; two, if the inner derivative counts the outer x.
    let derivative = Dual<Double>.derivative(
      of: { x in x * Dual.derivative(of: { y in Dual(constant: x) + y }, at: 1) }, at: 1)
    #expect(derivative == 1)

    // d/dx (x · d/dy xy) is 2x.
    let product = Dual<Double>.derivative(
      of: { x in x * Dual.derivative(of: { y in Dual(constant: x) * y }, at: 2) }, at: 3)
    #expect(product == 6)
  }

  @Test("Three levels give the third derivative")
  func thirdDerivative() {
    let third = Dual<Double>.derivative(
      of: { x in
        Dual.derivative(of: { y in Dual.derivative(of: { .exp(2 * $0) }, at: y) }, at: x)
      }, at: 0.5)
    #expect(agree(third, 8 * .exp(1), within: 1e-14))
  }

  @Test("A variable exponent at a zero base depends on what varies")
  func powerOfZero() {
    let (zero, constantZero) = (Dual(0.0, derivative: 1.0), Dual(constant: 0.0))
    #expect(Dual.pow(zero, Dual(constant: 2)).derivative == 0)
    #expect(Dual.pow(constantZero, Dual(constant: 0.5)).derivative == 0)
    #expect(Dual.pow(zero, Dual(2, derivative: 1)).derivative.isNaN)
  }

  @Test("A directional derivative is the Jacobian times the direction")
  func directionalDerivative() {
    func polar<T: DifferentiableScalar>(_ v: [T]) -> [T] {
      [v[0] * .cos(v[1]), v[0] * .sin(v[1]), v[0] * v[0]]
    }
    let jacobian = Dual.jacobian(of: polar, at: [2, 0.5])
    let exact =
      [
        [.cos(0.5), -2 * .sin(0.5)], [.sin(0.5), 2 * .cos(0.5)], [4, 0],
      ] as [[Double]]
    #expect(jacobian == exact)
    let along = Dual.directionalDerivative(of: polar, at: [2, 0.5], along: [3, -1])
    for (entry, row) in zip(along, exact) {
      #expect(agree(entry, 3 * row[0] - row[1], within: 1e-15))
    }
  }

  @Test("Code that knows only the protocols of swift-numerics can be differentiated")
  func algebraicField() {
    func smallest<T: AlgebraicField & ElementaryFunctions & Comparable>(_ x: T) -> T {
      x < 1 ? -x / .exp(x) : x * x
    }
    #expect(Dual.derivative(of: smallest, at: 3.0) == 6)
    #expect(Dual.derivative(of: smallest, at: 0.0) == -1)
    // The order looks a small step ahead: at one, the step to the right leaves the first branch.
    #expect(Dual.derivative(of: smallest, at: 1.0) == 2)
    #expect(smallest(Dual(1.0, derivative: -1)).derivative == -0.0)
    #expect(Dual<Double>(exactly: 7) == 7)
    #expect(Dual<Float>(exactly: 16_777_217) == nil)
    #expect(Dual<Double>(constant: -2).magnitude == 2)
  }

  @Test("A direction of the wrong length traps")
  func wrongDirection() async {
    await #expect(processExitsWith: .failure) {
      _ = Dual<Double>.directionalDerivative(of: { $0 }, at: [1, 2], along: [1])
    }
  }
}

import Autodiff
import RealModule
import Testing

@Suite("Reverse-mode variable")
struct VariableTests {
  @Test("One sweep yields the derivatives by all inputs")
  func gradient() {
    let (value, gradient) = Variable.valueWithGradient(
      of: { $0[0] * $0[1] + .sin($0[0]) / $0[2] }, at: [2.0, 3, 4])
    #expect(value == 6 + .sin(2) / 4)
    #expect(agree(gradient[0], 3 + .cos(2) / 4, within: 1e-15))
    #expect(gradient[1] == 2)
    #expect(agree(gradient[2], -.sin(2) / 16, within: 1e-15))
  }

  @Test("A number that is used many times collects from all its uses")
  func reuse() {
    #expect(Variable.derivative(of: { x in x + x * x + x * x * x }, at: 2.0) == 17)
  }

  @Test("An input that is not used has no derivative, whatever else was done with it")
  func unused() {
    let gradient = Variable.gradient(
      of: { v in
        _ = Variable.log(v[1])
        return 3 * v[0]
      }, at: [1.0, 0, 5])
    #expect(gradient == [3, 0, 0])
    #expect(Variable.gradient(of: { _ in 7 }, at: [1.0, 2]) == [0, 0])
  }

  @Test("A constant beside an infinite slope does no harm")
  func constants() {
    #expect(Variable.derivative(of: { x in x * .sqrt(0) + .pow(x, 2.0) }, at: 0.0) == 0)
  }

  @Test("Backward agrees with forward on a function of many variables")
  func forward() {
    func energy<T: DifferentiableScalar>(_ v: [T]) -> T {
      v.indices.dropFirst().reduce(0) { sum, i in
        sum + 100 * .pow(v[i] - v[i - 1] * v[i - 1], 2) + .pow(1 - v[i - 1], 2)
      }
    }
    let point = [-1.2, 1, 0.3, 2, -0.7]
    for (a, b) in zip(
      Variable.gradient(of: energy, at: point), Dual.gradient(of: energy, at: point))
    {
      #expect(agree(a, b, within: 1e-13))
    }
    let direction = [1.0, -2, 0.5, 3, 1]
    let exact = Dual.hessianVectorProduct(of: energy, at: point, along: direction)
    let numerical = CentralDifferences().hessianVectorProduct(
      of: energy, at: point, along: direction)
    for (a, b) in zip(numerical, exact) { #expect(agree(a.value, b, within: 1e-7)) }
    // The Hessian is symmetric: ⟨Hv, w⟩ = ⟨v, Hw⟩.
    let other = [0.2, 1, -1, 0.4, 2]
    let swapped = Dual.hessianVectorProduct(of: energy, at: point, along: other)
    let left = zip(exact, other).reduce(0) { $0 + $1.0 * $1.1 }
    let right = zip(swapped, direction).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(agree(left, right, within: 1e-13))
  }

  @Test("A long computation neither overflows the stack nor loses a step")
  func longComputation() {
    let derivative = Variable.derivative(
      of: { x in (0..<20_000).reduce(x) { sum, _ in sum + x } }, at: 1.0)
    #expect(derivative == 20_001)
  }

  @Test("Branches follow the value")
  func branches() {
    func smaller<T: AlgebraicField & Comparable>(_ x: T) -> T { x < 1 ? -x : x * x }
    #expect(Variable.derivative(of: smaller, at: 3.0) == 6)
    #expect(Variable.derivative(of: smaller, at: 0.5) == -1)
  }

  @Test("Variables of two computations cannot meet")
  func twoTapes() async {
    await #expect(processExitsWith: .failure) {
      _ = Variable.derivative(
        of: { x in x * Variable(Variable.derivative(of: { y in x + y }, at: 1.0)) }, at: 1.0)
    }
    await #expect(processExitsWith: .failure) {
      _ = Variable.derivative(
        of: { x in Variable(Variable.derivative(of: { _ in x }, at: 1.0)) }, at: 1.0)
    }
  }
}

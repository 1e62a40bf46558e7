import Autodiff
import RealModule
import Testing

/// Whether two numbers differ by no more than `tolerance`, relative to the greater of one and them.
func agree(_ a: Double, _ b: Double, within tolerance: Double) -> Bool {
  (a - b).magnitude <= tolerance * max(1, b.magnitude)
}

@Suite("Four ways to a derivative")
struct FourWaysTests {
  @Test("All four find the first derivative", arguments: Zoo.allCases)
  func firstDerivative(function: Zoo) {
    let formula = function(Expression(variable: "x"))
    let program = StraightLineProgram([formula, formula.derivative(by: "x")])
    for golden in function.goldens {
      #expect(agree(function(golden.x), golden.value, within: 1e-14))

      let numerical = CentralDifferences().derivative(of: { function($0) }, at: golden.x)
      #expect(agree(numerical.value, golden.first, within: 2e-10))

      let symbolic = program.values(at: ["x": golden.x])
      #expect(agree(symbolic[0], golden.value, within: 1e-14))
      #expect(agree(symbolic[1], golden.first, within: 1e-13))

      let dual = function(Dual(golden.x, derivative: 1))
      #expect(agree(dual.value, golden.value, within: 1e-14))
      #expect(agree(dual.derivative, golden.first, within: 1e-13))

      let reverse = Variable.valueWithGradient(of: { function($0[0]) }, at: [golden.x])
      #expect(agree(reverse.value, golden.value, within: 1e-14))
      #expect(agree(reverse.gradient[0], golden.first, within: 1e-13))
    }
  }

  @Test("All four find the second derivative", arguments: Zoo.allCases)
  func secondDerivative(function: Zoo) {
    let formula = function(Expression(variable: "x"))
    let second = formula.derivative(by: "x").derivative(by: "x")
    for golden in function.goldens {
      let numerical = CentralDifferences().derivative(
        of: { x in
          // Where a function has no value its derivative means nothing.
          let dual = function(Dual(x, derivative: 1))
          return dual.value.isNaN ? .nan : dual.derivative
        }, at: golden.x)
      #expect(agree(numerical.value, golden.second, within: 1e-9))

      #expect(agree(second.value(at: ["x": golden.x]), golden.second, within: 1e-12))

      let nested = Dual.derivative(
        of: { x in Dual.derivative(of: { function($0) }, at: x) }, at: golden.x)
      #expect(agree(nested, golden.second, within: 1e-12))

      let forwardOverReverse = Dual.hessianVectorProduct(
        of: { function($0[0]) }, at: [golden.x], along: [1])
      #expect(agree(forwardOverReverse[0], golden.second, within: 1e-12))
    }
  }

  @Test("A numerical derivative is off by no more than it says", arguments: Zoo.allCases)
  func errorEstimate(function: Zoo) {
    for golden in function.goldens {
      let numerical = CentralDifferences().derivative(of: { function($0) }, at: golden.x)
      #expect(numerical.error < 1e-6 * max(1, golden.first.magnitude))
      #expect((numerical.value - golden.first).magnitude <= 10 * numerical.error)
    }
  }

  @Test("One function has five readings")
  func readings() {
    func wave<T: DifferentiableScalar>(_ x: T) -> T { .exp(-x * x) * .sin(3 * x) }
    let slope = 3 * Double.cos(1.5) * .exp(-0.25) - wave(0.5)
    #expect(agree(CentralDifferences().derivative(of: wave, at: 0.5).value, slope, within: 1e-11))
    #expect(agree(Dual.derivative(of: wave, at: 0.5), slope, within: 1e-15))
    #expect(agree(Variable.derivative(of: wave, at: 0.5), slope, within: 1e-15))
    let formula = wave(Expression(variable: "x")).derivative(by: "x")
    #expect(agree(formula.value(at: ["x": 0.5]), slope, within: 1e-15))
    #expect(
      formula.description
        == "-2 * (sin(3 * x) * (exp(-x * x) * x)) + 3 * (exp(-x * x) * cos(3 * x))")
  }

  @Test("The digits are kept near the edge of a domain")
  func edges() {
    let tail = Dual.derivative(of: { .tanh($0) }, at: 20.0)
    #expect((tail / 1.6993417021166355e-17 - 1).magnitude < 1e-14)
    let edge = Dual.derivative(of: { .acos($0) }, at: 1 - 0x1p-50)
    #expect((edge / -23726566.40606289 - 1).magnitude < 1e-14)
    let small = Dual.derivative(of: { .root($0, 3) }, at: 1e-300)
    #expect((small / (1e200 / 3) - 1).magnitude < 1e-13)
  }

  @Test("Single precision follows the same rules", arguments: Zoo.allCases)
  func singlePrecision(function: Zoo) {
    for golden in function.goldens where golden.second.magnitude < 100 {
      let derivative = Dual<Float>.derivative(of: { function($0) }, at: Float(golden.x))
      #expect(agree(Double(derivative), golden.first, within: 1e-4))
    }
  }
}

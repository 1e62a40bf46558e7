import Autodiff
import RealModule
import Testing

private let x = Expression(variable: "x")
private let y = Expression(variable: "y")

private func simplified(_ formula: Expression) -> String { formula.simplified().description }

@Suite("Simplification")
struct SimplificationTests {
  @Test("Formulas become shorter")
  func shorter() {
    #expect(simplified(x + 0) == "x")
    #expect(simplified(0 + x) == "x")
    #expect(simplified(x - 0) == "x")
    #expect(simplified(0 - x) == "-x")
    #expect(simplified(x * 1) == "x")
    #expect(simplified(1 * x) == "x")
    #expect(simplified(x / 1) == "x")
    #expect(simplified(x / -1) == "-x")
    #expect(simplified(-1 * x) == "-x")
    #expect(simplified(.pow(x, 1)) == "x")
    #expect(simplified(.pow(x, 0)) == "1")
    #expect(simplified(.root(x, 1)) == "x")
    #expect(simplified(-(-x)) == "x")
    #expect(simplified(x - (-y)) == "x + y")
    #expect(simplified(x + (-y)) == "x - y")
    #expect(simplified(-x + y) == "y - x")
    #expect(simplified(-x * -y) == "x * y")
    #expect(simplified(x * -y) == "-x * y")
    #expect(simplified(-x / -y) == "x / y")
    #expect(simplified(x + x) == "2 * x")
    #expect(simplified(x - x) == "0")
    #expect(simplified(0 * x) == "0")
    #expect(simplified(x * 0) == "0")
    #expect(simplified(x * 3) == "3 * x")
    #expect(simplified(2 * (3 * x)) == "6 * x")
    #expect(simplified((2 * x) * (y * 3)) == "6 * (x * y)")
    #expect(simplified(-(2 * x)) == "-2 * x")
    #expect(simplified(x * (1 / y)) == "x / y")
    #expect(simplified(2 * (1 / y)) == "2 / y")
    #expect(simplified(.sin(0) + .cos(0) + x) == "1 + x")
    #expect(simplified(0 * .exp(.sin(x))) == "0")
    #expect(simplified(.pow(2, 3) * x) == "8 * x")
  }

  @Test("What might not be defined stays")
  func unchanged() {
    #expect(simplified(x / x) == "x / x")
    #expect(simplified(0 * .log(x)) == "0 * log(x)")
    #expect(simplified(0 / x) == "0 / x")
    #expect(simplified(0 * (1 / x)) == "0 / x")
    #expect(simplified(.log(x) - .log(x)) == "log(x) - log(x)")
    #expect(simplified(.pow(.sqrt(x), 0)) == "sqrt(x)^0")
    #expect(simplified(.pow(x, 1.0)) == "pow(x, 1)")
    #expect(simplified(.sqrt(x * x)) == "sqrt(x * x)")
    #expect(simplified(.log(.exp(x))) == "log(exp(x))")
    #expect(simplified(Expression(1) / 0) == "1 / 0")
    #expect(simplified(Expression.log(-1) * 0) == "0 * log(-1)")
    #expect(simplified(0 * .tan(x)) == "0 * tan(x)")
    #expect(simplified(0 * .pow(x, -1)) == "0 * x^-1")
    #expect(simplified(0 * .root(x, 2)) == "0 * root(x, 2)")
    #expect(simplified(0 * .pow(x, y)) == "0 * pow(x, y)")
    #expect(simplified(0 * Expression(.nan)) == "0 * nan")
  }

  @Test("Neither values nor domains change", arguments: Zoo.allCases)
  func soundness(function: Zoo) {
    // Padding gives every rule something to do.
    let argument: Expression = x * 1 - (-(0 * x))
    let quotient: Expression = -function(x) * (1 / (1 + x))
    let padded: Expression = function(argument) * (2 * (x + x)) - quotient
    let formulas: [Expression] = [padded, function(x).derivative(by: "x") * 0 + padded]
    let program = StraightLineProgram(formulas + formulas.map { $0.simplified() })
    let edges: [Double] = [-1, 0, 1, 3, 0.3, -0.3, -2.5, 2.5, 4.75, -4.75]
    for point in edges + function.goldens.map(\.x) {
      let values = program.values(at: ["x": point])
      for (original, simplified) in [(values[0], values[2]), (values[1], values[3])] {
        #expect(original.isNaN == simplified.isNaN)
        if original.isFinite { #expect(agree(simplified, original, within: 1e-11)) }
      }
    }
  }

  @Test("To simplify twice is to simplify once", arguments: Zoo.allCases)
  func idempotence(function: Zoo) {
    let once = function(x * 1 + 0).derivative(by: "x")
    #expect(once.simplified() == once)
  }
}

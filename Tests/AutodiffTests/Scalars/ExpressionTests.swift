import Autodiff
import RealModule
import Testing

private let x = Expression(variable: "x")
private let y = Expression(variable: "y")

private func text(_ formula: Expression) -> String { formula.description }

private func derivative(_ formula: Expression) -> String {
  formula.derivative(by: "x").description
}

@Suite("Expression")
struct ExpressionTests {
  @Test("A formula is printed with the parentheses it needs")
  func printing() {
    #expect(text(x + y * 2) == "x + y * 2")
    #expect(text((x + y) * 2) == "(x + y) * 2")
    #expect(text(x - (y - 1)) == "x - (y - 1)")
    #expect(text(x - y - 1) == "x - y - 1")
    #expect(text(x / (y * 2)) == "x / (y * 2)")
    #expect(text(x / y * 2) == "x / y * 2")
    #expect(text(x + (-y)) == "x + (-y)")
    #expect(text(-x + y) == "-x + y")
    #expect(text(-(x + y)) == "-(x + y)")
    #expect(text(-(x * y)) == "-x * y")
    #expect(text(-(-x)) == "-(-x)")
    #expect(text(x * (-2)) == "x * (-2)")
    #expect(text(.pow(-x, 2)) == "(-x)^2")
    #expect(text(-.pow(x, 2)) == "-x^2")
    #expect(text(.pow(.pow(x, 2), -3)) == "(x^2)^-3")
    #expect(text(.pow(x, y + 1)) == "pow(x, y + 1)")
    #expect(text(.root(x, 3) + .sqrt(x + 1)) == "root(x, 3) + sqrt(x + 1)")
    #expect(text(.log(onePlus: .exp(-x))) == "log(onePlus: exp(-x))")
    #expect(text(.maximum(x, 0.5) - x.magnitude) == "max(x, 0.5) - abs(x)")
    #expect(text(1e-5 * x.signum()) == "1e-05 * sign(x)")
  }

  @Test("A derivative reads as one would write it")
  func derivatives() {
    #expect(derivative(.pow(x, 3)) == "3 * x^2")
    #expect(derivative(.sin(2 * x)) == "2 * cos(2 * x)")
    #expect(derivative(x * .exp(x)) == "exp(x) + x * exp(x)")
    #expect(derivative(.log(x)) == "1 / x")
    #expect(derivative(.log(.sin(x))) == "cos(x) / sin(x)")
    #expect(derivative(y / x) == "-y / x / x")
    #expect(derivative(.sin(y)) == "0")
    #expect(derivative(3 * x - y) == "3")
  }

  @Test("Formulas are equal when they are written alike")
  func equality() {
    #expect(x + .sin(y) == Expression(variable: "x") + .sin(Expression(variable: "y")))
    #expect(x + y != y + x)
    #expect(Expression(0.0) != Expression(-0.0))
    #expect(Set([x * x, x * x, x + x]).count == 2)
  }

  @Test("A formula is a value")
  func valueSemantics() {
    var formula = x
    let copy = formula
    formula *= 2
    formula += y
    #expect(copy == x)
    #expect(formula.value(at: ["x": 3, "y": 4]) == 10)
  }

  @Test("Other formulas and dual numbers can take the place of a variable")
  func substitution() {
    let formula = x * .sin(y)
    #expect(formula.value(substituting: ["x": y, "y": x + 1]) == y * .sin(x + 1))
    let dual = formula.value(
      substituting: ["x": Dual(2.0, derivative: 1), "y": Dual(0.5, derivative: 0)])
    #expect(dual.derivative == .sin(0.5))
  }

  @Test("A gradient has a formula for each variable")
  func gradient() {
    let gradient = (x * x * y).gradient(by: ["x", "y", "z"])
    #expect(StraightLineProgram(gradient).values(at: ["x": 3, "y": 5]) == [30, 9, 0])
  }

  @Test("A variable without a value traps")
  func missingVariable() async {
    await #expect(processExitsWith: .failure) {
      _ = Expression(variable: "x").value(at: ["y": 1.0])
    }
  }
}

@Suite("Straight-line program")
struct StraightLineProgramTests {
  @Test("What occurs twice is computed once")
  func sharing() {
    let formula = Expression.sin(x * y) + .cos(Expression(variable: "x") * y)
    #expect(StraightLineProgram([formula]).count == 6)
    #expect(
      StraightLineProgram([formula]).description == """
        t0 = x * y
        t1 = sin(t0)
        t2 = cos(t0)
        t3 = t1 + t2
        return t3
        """)
  }

  @Test("The value and the derivative share their parts")
  func valueAndDerivative() {
    let formula = Expression.exp(.sin(x))
    let program = StraightLineProgram([formula, formula.derivative(by: "x")])
    #expect(program.count == 5)
    #expect(program.values(at: ["x": 0]) == [1, 1])
  }

  @Test("A doubled formula grows by one instruction, and so does its derivative")
  func repeatedSquaring() {
    let formula = (0..<60).reduce(x) { formula, _ in formula + .sin(formula) }
    #expect(StraightLineProgram([formula]).count == 121)
    #expect(StraightLineProgram([formula.derivative(by: "x")]).count < 400)
  }

  @Test("A deep formula does not overflow the stack")
  func depth() {
    let depth = 50_000
    var formula = x
    for _ in 0..<depth { formula = .sin(formula) }
    #expect(formula.value(at: ["x": 0.5]).isFinite)
    let chain = (0..<depth).reduce(y) { sum, _ in sum + x }
    #expect(chain.derivative(by: "x").value(at: [:]) == Double(depth))
  }

  @Test("Formulas that share storage can be released on many threads at once")
  func concurrentRelease() async {
    var formulas = [x]
    for _ in 0..<300 { formulas.append(.sin(formulas[formulas.count - 1]) + x) }
    await withTaskGroup { group in
      for start in 0..<4 {
        let share = stride(from: start, to: formulas.count, by: 4).map { formulas[$0] }
        group.addTask { #expect(share.allSatisfy { $0.value(at: ["x": 0]).isFinite }) }
      }
      formulas = []
    }
  }
}

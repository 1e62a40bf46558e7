extension Expression {
  /// The same function, written shorter.
  ///
  /// Simplification is sound: rounding and overflow aside it changes neither a value nor where the
  /// formula is defined. So *x*/*x* stays, and 0 · *x* and *x* − *x* become zero only where *x* is
  /// defined for all real values of its variables: log *x* is not. What it does:
  ///
  /// - functions of constants become constants, if they are finite;
  /// - zero terms, factors and divisors of one, and first powers vanish;
  /// - signs move outwards: *x* − (−*y*) becomes *x* + *y*, (−*x*)*y* becomes −(*xy*);
  /// - constant factors move to the front, and *x* + *x* becomes 2*x*;
  /// - *x* · (1/*y*) becomes *x*/*y*.
  public func simplified() -> Expression {
    StraightLineProgram([self]).simplified()[0]
  }
}

extension StraightLineProgram {
  /// The formulas of the results, simplified, sharing what they have in common.
  func simplified() -> [Expression] {
    var rewriter = Rewriter()
    var rewritten: [Int] = []
    for instruction in instructions {
      switch instruction {
      case .constant, .variable: rewritten.append(rewriter.append(instruction))
      case .unary(let function, let x):
        rewritten.append(rewriter.apply(function, rewritten[x]))
      case .binary(let function, let x, let y):
        rewritten.append(rewriter.apply(function, rewritten[x], rewritten[y]))
      }
    }
    let expressions = rewriter.program.expressions
    return results.map { expressions[rewritten[$0]] }
  }
}

/// Builds a program in which every instruction is as simple as the rules make it.
private struct Rewriter {
  private(set) var program = StraightLineProgram()

  /// Whether each instruction has a value for all real values of its variables.
  private var isTotal: [Bool] = []

  mutating func append(_ instruction: StraightLineProgram.Instruction) -> Int {
    let number = program.append(instruction)
    if number == isTotal.count { isTotal.append(isTotal(instruction)) }
    return number
  }

  private mutating func append(_ constant: Double) -> Int { append(.constant(constant)) }

  private func isTotal(_ instruction: StraightLineProgram.Instruction) -> Bool {
    switch instruction {
    case .constant(let bits): Double(bitPattern: bits).isFinite
    case .variable: true
    case .unary(let function, let x): isTotal[x] && function.isTotal
    case .binary(.division, let x, let y): isTotal[x] && isTotal[y] && (constant(y) ?? 0) != 0
    case .binary(.power, _, _): false
    case .binary(_, let x, let y): isTotal[x] && isTotal[y]
    }
  }

  // MARK: Patterns

  private func constant(_ number: Int) -> Double? {
    guard case .constant(let bits) = program.instructions[number] else { return nil }
    return Double(bitPattern: bits)
  }

  private func negated(_ number: Int) -> Int? {
    guard case .unary(.negation, let x) = program.instructions[number] else { return nil }
    return x
  }

  /// The constant and the other factor of a product.
  private func scaled(_ number: Int) -> (factor: Double, of: Int)? {
    guard case .binary(.multiplication, let x, let y) = program.instructions[number],
      let factor = constant(x)
    else { return nil }
    return (factor, y)
  }

  /// The divisor of a quotient whose dividend is one.
  private func reciprocal(_ number: Int) -> Int? {
    guard case .binary(.division, let x, let y) = program.instructions[number], constant(x) == 1
    else { return nil }
    return y
  }

  // MARK: Rules

  mutating func apply(_ function: UnaryFunction, _ x: Int) -> Int {
    if let value = constant(x).map({ function($0) }), value.isFinite { return append(value) }
    switch function {
    case .negation:
      if let x = negated(x) { return x }
      if let (factor, y) = scaled(x) { return apply(.multiplication, append(-factor), y) }
    case .power(0) where isTotal[x]: return append(1)
    case .power(1), .root(1): return x
    default: break
    }
    return append(.unary(function, x))
  }

  mutating func apply(_ function: BinaryFunction, _ x: Int, _ y: Int) -> Int {
    if let a = constant(x), let b = constant(y), function(a, b).isFinite {
      return append(function(a, b))
    }
    return switch function {
    case .addition: add(x, y)
    case .subtraction: subtract(x, y)
    case .multiplication: multiply(x, y)
    case .division: divide(x, y)
    case .power, .maximum, .minimum: append(.binary(function, x, y))
    }
  }

  private mutating func add(_ x: Int, _ y: Int) -> Int {
    if constant(x) == 0 { return y }
    if constant(y) == 0 { return x }
    if x == y { return multiply(append(2), x) }
    if let y = negated(y) { return subtract(x, y) }
    if let x = negated(x) { return subtract(y, x) }
    return append(.binary(.addition, x, y))
  }

  private mutating func subtract(_ x: Int, _ y: Int) -> Int {
    if constant(y) == 0 { return x }
    if constant(x) == 0 { return apply(.negation, y) }
    if x == y, isTotal[x] { return append(0) }
    if let y = negated(y) { return add(x, y) }
    return append(.binary(.subtraction, x, y))
  }

  private mutating func multiply(_ x: Int, _ y: Int) -> Int {
    if let factor = constant(x) { return multiply(factor, y) }
    if let factor = constant(y) { return multiply(factor, x) }
    if let x = negated(x) { return apply(.negation, multiply(x, y)) }
    if let y = negated(y) { return apply(.negation, multiply(x, y)) }
    if let (factor, x) = scaled(x) { return multiply(factor, multiply(x, y)) }
    if let (factor, y) = scaled(y) { return multiply(factor, multiply(x, y)) }
    if let y = reciprocal(y) { return divide(x, y) }
    if let x = reciprocal(x) { return divide(y, x) }
    return append(.binary(.multiplication, x, y))
  }

  private mutating func multiply(_ factor: Double, _ x: Int) -> Int {
    if factor == 0, isTotal[x] { return append(0) }
    if factor == 1 { return x }
    if factor == -1 { return apply(.negation, x) }
    if let x = negated(x) { return multiply(-factor, x) }
    if let y = reciprocal(x) { return divide(append(factor), y) }
    if let (other, x) = scaled(x), (factor * other).isNormal { return multiply(factor * other, x) }
    return append(.binary(.multiplication, append(factor), x))
  }

  private mutating func divide(_ x: Int, _ y: Int) -> Int {
    if constant(y) == 1 { return x }
    if constant(y) == -1 { return apply(.negation, x) }
    if let x = negated(x) { return apply(.negation, divide(x, y)) }
    if let y = negated(y) { return apply(.negation, divide(x, y)) }
    return append(.binary(.division, x, y))
  }
}

extension UnaryFunction {
  /// Whether the function has a value at every real number.
  fileprivate var isTotal: Bool {
    switch self {
    case .negation, .magnitude, .sign, .exp, .expMinusOne, .cosh, .sinh, .tanh, .cos, .sin,
      .asinh, .atan:
      true
    case .power(let n): n >= 0
    case .root(let n): n > 0 && !n.isMultiple(of: 2)
    case .tan, .log, .logOnePlus, .acosh, .atanh, .acos, .asin, .squareRoot: false
    }
  }
}

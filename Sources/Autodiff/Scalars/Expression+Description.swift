extension Expression: CustomStringConvertible {
  /// The formula as Swift writes it, but with `^` for powers with a whole exponent, and without
  /// parentheses that change nothing.
  ///
  /// Shared parts are written out every time; the description of a ``StraightLineProgram`` names
  /// them instead.
  public var description: String {
    let program = StraightLineProgram([self])
    var terms: [Term] = []
    for instruction in program.instructions {
      terms.append(Term(instruction) { terms[$0] })
    }
    return terms[program.results[0]].text
  }
}

extension StraightLineProgram: CustomStringConvertible {
  /// A line for each instruction that computes something, then the results.
  public var description: String {
    var lines: [String] = []
    var names: [Term] = []
    for instruction in instructions {
      let term = Term(instruction) { names[$0] }
      switch instruction {
      case .constant, .variable: names.append(term)
      case .unary, .binary:
        let name = "t\(lines.count)"
        lines.append("\(name) = \(term.text)")
        names.append(Term(name, .atom))
      }
    }
    lines.append("return " + results.map { names[$0].text }.joined(separator: ", "))
    return lines.joined(separator: "\n")
  }
}

/// A piece of a formula, with what decides whether it needs parentheses.
private struct Term {
  /// How tightly a piece holds together.
  enum Binding: Int { case sum, product, power, atom }

  let text: String
  private let binding: Binding

  init(_ text: String, _ binding: Binding) {
    self.text = text
    self.binding = binding
  }

  init(_ instruction: StraightLineProgram.Instruction, operand: (Int) -> Term) {
    switch instruction {
    case .constant(let bits): self.init(constant: Double(bitPattern: bits))
    case .variable(let name): self.init(name, .atom)
    case .unary(let function, let x): self.init(function, operand(x))
    case .binary(let function, let x, let y): self.init(function, operand(x), operand(y))
    }
  }

  private init(constant value: Double) {
    let digits = "\(value)"
    let text = digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits
    self.init(text, text.hasPrefix("-") ? .product : .atom)
  }

  private init(_ function: UnaryFunction, _ x: Term) {
    switch function {
    case .negation: self.init("-" + x.text(rightOf: .sum), .product)
    case .power(let n): self.init("\(x.text(leftOf: .atom))^\(n)", .power)
    case .root(let n): self.init("root(\(x.text), \(n))", .atom)
    case .magnitude: self.init("abs(\(x.text))", .atom)
    case .squareRoot: self.init("sqrt(\(x.text))", .atom)
    case .logOnePlus: self.init("log(onePlus: \(x.text))", .atom)
    default: self.init("\(function)(\(x.text))", .atom)
    }
  }

  private init(_ function: BinaryFunction, _ x: Term, _ y: Term) {
    switch function {
    case .addition: self.init("\(x.text) + \(y.text(rightOf: .sum))", .sum)
    case .subtraction: self.init("\(x.text) - \(y.text(rightOf: .sum))", .sum)
    case .multiplication:
      self.init("\(x.text(leftOf: .product)) * \(y.text(rightOf: .product))", .product)
    case .division:
      self.init("\(x.text(leftOf: .product)) / \(y.text(rightOf: .product))", .product)
    case .power: self.init("pow(\(x.text), \(y.text))", .atom)
    case .maximum: self.init("max(\(x.text), \(y.text))", .atom)
    case .minimum: self.init("min(\(x.text), \(y.text))", .atom)
    }
  }

  /// The piece before an operator of the given binding, which joins from left to right.
  private func text(leftOf binding: Binding) -> String {
    self.binding.rawValue < binding.rawValue ? "(\(text))" : text
  }

  /// The piece after an operator of the given binding, where a minus cannot stand bare.
  private func text(rightOf binding: Binding) -> String {
    self.binding.rawValue <= binding.rawValue || text.hasPrefix("-") ? "(\(text))" : text
  }
}

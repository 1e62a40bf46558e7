extension Expression {
  /// The derivative of the formula by the variable called `name`, simplified.
  ///
  /// Each part of the formula is differentiated once, and the derivative shares the parts it has in
  /// common with the formula. A term is left out where an operand does not depend on the variable.
  public func derivative(by name: String) -> Expression {
    gradient(by: [name])[0]
  }

  /// The derivatives of the formula by several variables, simplified.
  ///
  /// - Parameter names: The variables to differentiate by.
  /// - Returns: The gradient, of shape `[variable]`.
  public func gradient(by names: [String]) -> [Expression] {
    let program = StraightLineProgram([self])
    let derivatives = names.map { program.derivative(by: $0) }
    return StraightLineProgram(derivatives).simplified()
  }
}

extension StraightLineProgram {
  /// The derivative of the one result by the variable called `name`, as the chain rule gives it.
  fileprivate func derivative(by name: String) -> Expression {
    let values = expressions
    var derivatives: [Expression?] = []
    for (instruction, value) in zip(instructions, values) {
      switch instruction {
      case .constant: derivatives.append(nil)
      case .variable(let other): derivatives.append(other == name ? 1 : nil)
      case .unary(let function, let x):
        derivatives.append(
          derivatives[x].map { function.derivative(at: values[x], value: value) * $0 })
      case .binary(let function, let x, let y):
        let first = derivatives[x].map {
          function.derivativeByFirst(at: values[x], values[y]) * $0
        }
        let second = derivatives[y].map {
          function.derivativeBySecond(at: values[x], values[y], value: value) * $0
        }
        switch (first, second) {
        case (let first?, let second?): derivatives.append(first + second)
        default: derivatives.append(first ?? second)
        }
      }
    }
    return derivatives[results[0]] ?? 0
  }
}

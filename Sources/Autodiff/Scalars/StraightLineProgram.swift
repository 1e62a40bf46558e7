/// Formulas as a list of instructions, each of which uses only the results of earlier ones.
///
/// A part that occurs many times, within a formula or in several, becomes one instruction. So the
/// value and the derivatives of a formula, compiled together, cost little more than the value:
///
/// ```swift
/// let program = StraightLineProgram([wave, wave.derivative(by: "x")])
/// let results = program.values(at: ["x": 0.5])
/// ```
public struct StraightLineProgram: Hashable, Sendable {
  /// One step, whose operands are the numbers of earlier instructions.
  enum Instruction: Hashable, Sendable {
    /// A constant by its bits, so that zeros of different sign stay different and a NaN equals
    /// itself.
    case constant(bits: UInt64)
    case variable(String)
    case unary(UnaryFunction, Int)
    case binary(BinaryFunction, Int, Int)

    static func constant(_ value: Double) -> Instruction { .constant(bits: value.bitPattern) }
  }

  /// The steps, in the order they are taken.
  private(set) var instructions: [Instruction] = []

  /// The instructions that compute the results.
  var results: [Int] = []

  /// The instruction that does each thing.
  private var numbers: [Instruction: Int] = [:]

  /// Creates a program without instructions.
  init() {}

  /// Compiles `expressions`, one result each.
  ///
  /// - Complexity: O(*n*) for *n* parts that do not share their storage.
  public init(_ expressions: [Expression]) {
    var compiled: [ObjectIdentifier: Int] = [:]
    for expression in expressions {
      var pending = [expression]
      while let next = pending.last {
        let missing = next.operands.filter { compiled[$0.identity] == nil }
        guard missing.isEmpty else {
          pending += missing.reversed()
          continue
        }
        compiled[next.identity] = append(
          Instruction(next, operands: next.operands.compactMap { compiled[$0.identity] }))
        pending.removeLast()
      }
      if let result = compiled[expression.identity] { results.append(result) }
    }
  }

  /// The number of instructions.
  public var count: Int { instructions.count }

  /// Adds `instruction`, unless it is there, and returns its number.
  mutating func append(_ instruction: Instruction) -> Int {
    if let number = numbers[instruction] { return number }
    instructions.append(instruction)
    numbers[instruction] = count - 1
    return count - 1
  }

  /// The results where the variables have the given values.
  ///
  /// - Parameter variables: A value for every variable.
  /// - Returns: The value of each expression the program was compiled from.
  /// - Precondition: No variable lacks a value.
  public func values(at variables: [String: Double]) -> [Double] {
    values(substituting: variables)
  }

  /// The results of putting numbers of another kind in the place of the variables.
  ///
  /// - Parameter variables: A value for every variable.
  /// - Returns: The value of each expression the program was compiled from.
  /// - Precondition: No variable lacks a value.
  public func values<T: DifferentiableScalar>(substituting variables: [String: T]) -> [T] {
    let values = allValues { name in
      guard let value = variables[name] else {
        preconditionFailure("the variable \(name) has no value")
      }
      return value
    }
    return results.map { values[$0] }
  }

  /// The value of every instruction.
  func allValues<T: DifferentiableScalar>(variable: (String) -> T) -> [T] {
    var values: [T] = []
    values.reserveCapacity(count)
    for instruction in instructions {
      switch instruction {
      case .constant(let bits): values.append(T(Double(bitPattern: bits)))
      case .variable(let name): values.append(variable(name))
      case .unary(let function, let x): values.append(function(values[x]))
      case .binary(let function, let x, let y): values.append(function(values[x], values[y]))
      }
    }
    return values
  }

  /// The formula of every instruction, which share their parts as the instructions do.
  var expressions: [Expression] { allValues { Expression(variable: $0) } }
}

extension StraightLineProgram.Instruction {
  /// The instruction that does the last step of `expression` on `operands`.
  fileprivate init(_ expression: Expression, operands: [Int]) {
    switch expression.form {
    case .constant(let value): self = .constant(value)
    case .variable(let name): self = .variable(name)
    case .unary(let function, _): self = .unary(function, operands[0])
    case .binary(let function, _, _): self = .binary(function, operands[0], operands[1])
    }
  }
}

extension Expression {
  /// The formulas that the last step is done on.
  fileprivate var operands: [Expression] {
    switch form {
    case .constant, .variable: []
    case .unary(_, let x): [x]
    case .binary(_, let x, let y): [x, y]
    }
  }
}

/// A formula: a constant, a variable, or a function of other formulas.
///
/// A formula is a value. Copies share what they have in common, and arithmetic on formulas builds
/// larger ones that share their parts:
///
/// ```swift
/// let x = Expression(variable: "x")
/// let wave = Expression.exp(-x * x) * .sin(3 * x)
/// wave.value(at: ["x": 0.5])
/// wave.derivative(by: "x")
/// // -2 * (sin(3 * x) * (exp(-x * x) * x)) + 3 * (exp(-x * x) * cos(3 * x))
/// ```
///
/// Two formulas are equal when they are written alike, not when they have the same values.
/// Everything done with a formula goes through its ``StraightLineProgram``, so formulas as deep as
/// memory allows do not overflow the stack.
public struct Expression: TracedScalar, Sendable {
  /// What a formula is made of.
  enum Form: Sendable {
    case constant(Double)
    case variable(String)
    case unary(UnaryFunction, Expression)
    case binary(BinaryFunction, Expression, Expression)
  }

  /// What the formula is made of.
  var form: Form { node.form }

  /// Tells formulas that share their storage from those that do not.
  var identity: ObjectIdentifier { ObjectIdentifier(node) }

  private let node: Node

  init(_ form: Form) { node = Node(form) }

  /// Creates the constant `number`.
  public init(_ number: Double) { self.init(.constant(number)) }

  /// Creates the variable called `name`.
  public init(variable name: String) { self.init(.variable(name)) }

  /// The formula that applies `function` to `x`.
  public static func apply(_ function: UnaryFunction, to x: Expression) -> Expression {
    Expression(.unary(function, x))
  }

  /// The formula that applies `function` to `x` and `y`.
  public static func apply(
    _ function: BinaryFunction, to x: Expression, _ y: Expression
  ) -> Expression {
    Expression(.binary(function, x, y))
  }
}

extension Expression {
  /// The value of the formula where its variables have the given values.
  ///
  /// - Parameter variables: A value for every variable of the formula.
  /// - Returns: The value of the formula.
  /// - Precondition: No variable lacks a value.
  /// - Complexity: One operation for each part of the formula that differs from the others.
  public func value(at variables: [String: Double]) -> Double {
    value(substituting: variables)
  }

  /// The result of putting numbers of another kind in the place of the variables.
  ///
  /// Dual numbers and the variables of a tape differentiate the formula; other formulas make a
  /// larger one.
  ///
  /// - Parameter variables: A value for every variable of the formula.
  /// - Returns: The value of the formula.
  /// - Precondition: No variable lacks a value.
  /// - Complexity: One operation for each part of the formula that differs from the others.
  public func value<T: DifferentiableScalar>(substituting variables: [String: T]) -> T {
    StraightLineProgram([self]).values(substituting: variables)[0]
  }
}

extension Expression: Hashable {
  /// Whether `x` and `y` are written alike.
  public static func == (x: Expression, y: Expression) -> Bool {
    x.identity == y.identity || StraightLineProgram([x]) == StraightLineProgram([y])
  }

  /// Feeds the formula as it is written to `hasher`.
  public func hash(into hasher: inout Hasher) { hasher.combine(StraightLineProgram([self])) }
}

extension Expression {
  /// The shared storage of a formula.
  ///
  /// A class, and not an indirect enum, because the release of a chain of a million enums would
  /// recurse a million times. It is safe to send, because nobody sees a node change: only the
  /// `deinit` of the last formula that held it takes its operands.
  private final class Node: @unchecked Sendable {
    private(set) var form: Form

    init(_ form: Form) { self.form = form }

    deinit {
      var released = takeOperands()
      while var node = released.popLast() {
        guard isKnownUniquelyReferenced(&node) else { continue }
        released += node.takeOperands()
      }
    }

    private func takeOperands() -> [Node] {
      defer { form = .constant(0) }
      switch form {
      case .constant, .variable: return []
      case .unary(_, let x): return [x.node]
      case .binary(_, let x, let y): return [x.node, y.node]
      }
    }
  }
}

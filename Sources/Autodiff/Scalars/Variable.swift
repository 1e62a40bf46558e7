public import RealModule

/// A number that remembers on a tape how it was computed, so that derivatives can flow back.
///
/// Forward, every operation appends what it did to the tape: which numbers went in, and the
/// derivative of the result by each. Backward, from the result to the inputs, every entry passes
/// its own derivative on, multiplied by those. One sweep yields the derivatives by all inputs.
///
/// ```swift
/// Variable.gradient(of: { $0[0] * .sin($0[1]) }, at: [2, 0])    // [0, 2]
/// ```
///
/// A number that depends on no input is a constant, and not on the tape. Two variables are equal
/// when their values are, and a branch goes where it would go without derivatives.
public struct Variable<Scalar: DifferentiableScalar>: TracedScalar {
  /// The value of the number.
  public let value: Scalar

  /// Where the number was computed, and `nil` for a constant.
  private let place: (tape: Tape<Scalar>, entry: Int)?

  /// Creates a number that does not depend on any input.
  public init(constant value: Scalar) {
    self.value = value
    place = nil
  }

  /// Creates the constant `number`.
  public init(_ number: Double) { self.init(constant: Scalar(number)) }

  /// Creates the result of `edges`.
  private init(_ value: Scalar, tape: Tape<Scalar>, edges: [Tape<Scalar>.Edge]) {
    self.value = value
    place = (tape, tape.append(edges))
  }

  /// The result of `function` at `x`, put on the tape of `x`.
  public static func apply(_ function: UnaryFunction, to x: Variable) -> Variable {
    let value = function(x.value)
    guard let (tape, entry) = x.place else { return Variable(constant: value) }
    return Variable(
      value, tape: tape,
      edges: [.init(source: entry, derivative: function.derivative(at: x.value, value: value))])
  }

  /// The result of `function` at `x` and `y`, put on their tape.
  ///
  /// - Precondition: `x` and `y` come from the same call of ``gradient(of:at:)``.
  public static func apply(_ function: BinaryFunction, to x: Variable, _ y: Variable) -> Variable {
    let value = function(x.value, y.value)
    guard let tape = x.place?.tape ?? y.place?.tape else { return Variable(constant: value) }
    precondition(
      y.place == nil || y.place?.tape === tape,
      "two derivatives met in one number: nest them, and lift the outer number to a constant")
    var edges: [Tape<Scalar>.Edge] = []
    if let entry = x.place?.entry {
      edges.append(
        .init(source: entry, derivative: function.derivativeByFirst(at: x.value, y.value)))
    }
    if let entry = y.place?.entry {
      edges.append(
        .init(
          source: entry,
          derivative: function.derivativeBySecond(at: x.value, y.value, value: value)))
    }
    return Variable(value, tape: tape, edges: edges)
  }
}

// MARK: - Derivatives

extension Variable {
  /// The value of `function` and its derivatives by every variable.
  ///
  /// - Parameters:
  ///   - function: Takes a vector and returns a number.
  ///   - point: Where to differentiate, of shape `[variable]`.
  /// - Returns: The value, and the gradient of shape `[variable]`.
  public static func valueWithGradient(
    of function: ([Variable]) -> Variable, at point: [Scalar]
  ) -> (value: Scalar, gradient: [Scalar]) {
    let tape = Tape<Scalar>()
    let result = function(point.map { Variable($0, tape: tape, edges: []) })
    guard let place = result.place else {
      return (result.value, Array(repeating: .zero, count: point.count))
    }
    precondition(place.tape === tape, "the result was computed from variables of another call")
    let derivatives = tape.derivatives(of: place.entry)
    return (result.value, point.indices.map { derivatives[$0] ?? .zero })
  }

  /// The derivatives of `function` by every variable.
  ///
  /// - Parameters:
  ///   - function: Takes a vector and returns a number.
  ///   - point: Where to differentiate, of shape `[variable]`.
  /// - Returns: The gradient, of shape `[variable]`.
  public static func gradient(
    of function: ([Variable]) -> Variable, at point: [Scalar]
  ) -> [Scalar] {
    valueWithGradient(of: function, at: point).gradient
  }

  /// The derivative of `function` at `x`.
  public static func derivative(of function: (Variable) -> Variable, at x: Scalar) -> Scalar {
    gradient(of: { function($0[0]) }, at: [x])[0]
  }
}

/// The operations of one computation in the order they were done.
///
/// A class, because all the variables of a computation write to the same tape.
private final class Tape<Scalar: DifferentiableScalar> {
  /// What an operation took from one earlier entry.
  struct Edge {
    let source: Int
    let derivative: Scalar
  }

  private var entries: [[Edge]] = []

  /// Adds an entry and returns its place.
  func append(_ edges: [Edge]) -> Int {
    entries.append(edges)
    return entries.count - 1
  }

  /// The derivatives of `result` by the entries up to it, `nil` where it does not depend on one.
  func derivatives(of result: Int) -> [Scalar?] {
    var derivatives = [Scalar?](repeating: nil, count: entries.count)
    derivatives[result] = 1
    for entry in (0...result).reversed() {
      guard let derivative = derivatives[entry] else { continue }
      for edge in entries[entry] {
        derivatives[edge.source] =
          (derivatives[edge.source] ?? .zero) + derivative * edge.derivative
      }
    }
    return derivatives
  }
}

// MARK: - Order

extension Variable: Equatable {
  /// Whether the values are equal.
  public static func == (x: Variable, y: Variable) -> Bool { x.value == y.value }
}

extension Variable: Comparable, Numeric, SignedNumeric, AlgebraicField
where Scalar: Comparable & AlgebraicField {
  /// Creates the constant `source`, if it can be represented exactly.
  public init?<Source: BinaryInteger>(exactly source: Source) {
    guard let value = Scalar(exactly: source) else { return nil }
    self.init(constant: value)
  }

  /// Whether the value of `x` is less than that of `y`.
  public static func < (x: Variable, y: Variable) -> Bool { x.value < y.value }
}

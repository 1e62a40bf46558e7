/// An array of numbers of any shape, through which gradients flow.
///
/// A tensor is a value: nothing that happens to a copy happens to the original, so what a pullback
/// still needs cannot be changed under its feet. Elements are row-major, the last axis varying
/// fastest. Inside ``valueWithGradient(of:_:)`` a tensor may carry a node of the tape, which
/// remembers what it was computed from.
public struct Tensor<Scalar: TensorScalar>: Sendable {
  /// The number of elements along each axis, and empty for a single number.
  public let shape: [Int]

  /// The elements, row-major.
  ///
  /// - Complexity: The elements of a tensor that a kernel made are copied when first asked for.
  public var elements: [Scalar] { storage.elements }

  /// Where the elements are.
  let storage: TensorStorage<Scalar>

  /// What the tensor was computed from, while someone wants to know.
  let node: Node<Scalar>?

  /// Creates a tensor of `elements`.
  ///
  /// - Precondition: `shape` holds as many elements as there are.
  public init(_ elements: [Scalar], shape: [Int]) {
    precondition(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == elements.count,
      "a tensor of shape \(shape) does not hold \(elements.count) elements")
    self.init(elements, shape: shape, node: nil)
  }

  init(_ elements: [Scalar], shape: [Int], node: Node<Scalar>?) {
    self.init(storage: .array(elements), shape: shape, node: node)
  }

  init(storage: TensorStorage<Scalar>, shape: [Int], node: Node<Scalar>?) {
    self.storage = storage
    self.shape = shape
    self.node = node
  }

  /// Creates a vector of `elements`.
  public init(_ elements: [Scalar]) { self.init(elements, shape: [elements.count]) }

  /// Creates a tensor of one number without axes.
  public init(_ scalar: Scalar) { self.init([scalar], shape: []) }

  /// Creates a tensor in which every element is `value`.
  public init(repeating value: Scalar, shape: [Int]) {
    precondition(shape.allSatisfy { $0 >= 0 }, "no tensor has the shape \(shape)")
    let count = shape.reduce(1, *)
    // Large blocks of memory are worth using again.
    if count >= 1024 {
      unsafe self.init(pooled: shape) { unsafe $0.initialize(repeating: value, count: count) }
    } else {
      self.init(Array(repeating: value, count: count), shape: shape)
    }
  }

  /// Creates a tensor of zeros.
  public init(zeros shape: [Int]) { self.init(repeating: 0, shape: shape) }

  /// The number of elements.
  public var count: Int { storage.count }

  /// The number of axes.
  public var rank: Int { shape.count }

  /// The only element.
  ///
  /// - Precondition: There is one element.
  public var scalar: Scalar {
    precondition(count == 1, "a tensor of shape \(shape) is not a single number")
    return elements[0]
  }

  /// The same numbers, through which no gradient flows.
  public var detached: Tensor { Tensor(storage: storage, shape: shape, node: nil) }
}

extension Tensor: Equatable {
  /// Whether shapes and elements are the same, whatever they were computed from.
  public static func == (a: Tensor, b: Tensor) -> Bool {
    a.shape == b.shape && a.elements == b.elements
  }
}

extension Tensor: CustomStringConvertible {
  /// The shape and the first elements.
  public var description: String {
    let head = elements.prefix(8).map { "\($0)" }.joined(separator: ", ")
    return "Tensor \(shape) [\(head)\(count > 8 ? ", …" : "")]"
  }
}

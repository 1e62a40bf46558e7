/// Something that holds the tensors a model learns.
///
/// A model is a value, and so is its gradient, which has the same type.
public protocol ParameterContainer {
  /// The numbers that the parameters are made of.
  associatedtype Scalar: TensorScalar

  /// Calls `body` with every parameter and its name, always in the same order.
  ///
  /// Names are joined with dots: the filter of the layer `first` is `first.filter`.
  mutating func visitParameters(_ body: (_ name: String, _ parameter: inout Tensor<Scalar>) -> Void)

  /// Calls `body` with every tensor that the model keeps beside its parameters, such as running
  /// means, and its name: no gradient flows to these, but a file of the model holds them.
  mutating func visitStatistics(_ body: (_ name: String, _ tensor: inout Tensor<Scalar>) -> Void)
}

extension ParameterContainer {
  /// Calls `body` with nothing: most models keep nothing beside their parameters.
  public mutating func visitStatistics(_ body: (String, inout Tensor<Scalar>) -> Void) {}
}

extension Tensor: ParameterContainer {
  /// Calls `body` with the tensor itself, which has no name.
  public mutating func visitParameters(_ body: (String, inout Tensor<Scalar>) -> Void) {
    body("", &self)
  }
}

extension Array: ParameterContainer where Element: ParameterContainer {
  /// The numbers that the parameters are made of.
  public typealias Scalar = Element.Scalar

  /// Calls `body` with the parameters of every element, named by its index.
  public mutating func visitParameters(_ body: (String, inout Tensor<Scalar>) -> Void) {
    for index in indices {
      self[index].visitParameters { name, parameter in
        body(name.isEmpty ? "\(index)" : "\(index).\(name)", &parameter)
      }
    }
  }

  /// Calls `body` with what every element keeps beside its parameters, named by its index.
  public mutating func visitStatistics(_ body: (String, inout Tensor<Scalar>) -> Void) {
    for index in indices {
      self[index].visitStatistics { name, tensor in body("\(index).\(name)", &tensor) }
    }
  }
}

extension ParameterContainer {
  /// The parameters with their names.
  public var parameters: [(name: String, value: Tensor<Scalar>)] {
    var copy = self
    var parameters: [(String, Tensor<Scalar>)] = []
    copy.visitParameters { parameters.append(($0, $1)) }
    return parameters
  }

  /// Gives every parameter another value.
  ///
  /// - Parameter tensors: The values, in the order of ``parameters``.
  /// - Precondition: There is one for each parameter.
  public mutating func setParameters(to tensors: [Tensor<Scalar>]) {
    var rest = tensors[...]
    visitParameters { name, parameter in
      guard let tensor = rest.popFirst() else { preconditionFailure("\(name) gets no value") }
      parameter = tensor
    }
    precondition(rest.isEmpty, "there are \(rest.count) values more than parameters")
  }

  /// The number of numbers that are learned.
  public var parameterCount: Int { parameters.map(\.value.count).reduce(0, +) }
}

/// The value of `loss` at `model`, and its gradient, which is shaped like the model.
///
/// - Parameters:
///   - model: Where to differentiate.
///   - loss: A function to a single number. What it computes from its argument is remembered;
///     calls may nest, which gives derivatives of higher order.
/// - Returns: The value and the gradient.
/// - Throws: What `loss` throws.
/// - Precondition: `loss` returns a single number.
public func valueWithGradient<Model: ParameterContainer, Failure: Error>(
  of model: Model, _ loss: (Model) throws(Failure) -> Tensor<Model.Scalar>
) throws(Failure) -> (value: Tensor<Model.Scalar>, gradient: Model) {
  let level = 1 + GradientDepth.current
  var watched = model
  var leaves: [Node<Model.Scalar>] = []
  watched.visitParameters { _, parameter in
    let leaf = Node(level: level, primal: parameter)
    leaves.append(leaf)
    parameter = Tensor(storage: parameter.storage, shape: parameter.shape, node: leaf)
  }
  let outcome = GradientDepth.$current.withValue(level) {
    () -> Result<Tensor<Model.Scalar>, Failure> in
    do throws(Failure) { return .success(try loss(watched)) } catch { return .failure(error) }
  }
  let value = try outcome.get()
  precondition(value.count == 1, "a gradient needs a single number, not shape \(value.shape)")
  let gradients = reverse(from: value, level: level, leaves: leaves)
  var gradient = model
  var next = 0
  gradient.visitParameters { _, parameter in
    parameter = gradients[next] ?? Tensor(zeros: parameter.shape)
    next += 1
  }
  return (value.below(level), gradient)
}

/// The gradient of `loss` at `model`, shaped like the model.
///
/// - Parameters:
///   - model: Where to differentiate.
///   - loss: A function to a single number.
/// - Returns: The gradient.
/// - Throws: What `loss` throws.
public func gradient<Model: ParameterContainer, Failure: Error>(
  of model: Model, _ loss: (Model) throws(Failure) -> Tensor<Model.Scalar>
) throws(Failure) -> Model {
  try valueWithGradient(of: model, loss).gradient
}

/// How deep gradient calls nest: a closure may capture what an outer call watches, so the level of a
/// call lies above those of all calls around it.
enum GradientDepth {
  @TaskLocal static var current = 0

  /// The calls at and below this depth remember nothing: see ``withoutGradient(_:)``.
  @TaskLocal static var pausedUpTo = 0
}

/// Walks the tape back from `value` and returns the gradient of each leaf that it depends on.
@specialized(where Scalar == Float)
private func reverse<Scalar>(
  from value: Tensor<Scalar>, level: Int, leaves: [Node<Scalar>]
) -> [Tensor<Scalar>?] {
  guard value.level == level, let root = value.node else { return leaves.map { _ in nil } }
  var gradients: [Int: Tensor<Scalar>] = [
    root.number: Tensor(repeating: 1, shape: value.shape)
  ]
  let leafNumbers = Set(leaves.map(\.number))
  // Nodes wait in descending order of their numbers, so all of a node's gradient is there before
  // it is passed on. The numbers of one computation are nearly sorted already.
  var waiting: [Int: Node<Scalar>] = [root.number: root]
  var queue = NumberQueue()
  queue.insert(root.number)
  while let number = queue.removeGreatest() {
    guard let node = waiting.removeValue(forKey: number), !leafNumbers.contains(number) else {
      continue
    }
    let (parents, pullback) = node.take()
    guard let pullback, let gradient = gradients.removeValue(forKey: number) else { continue }
    for (parent, part) in zip(parents, pullback(gradient)) {
      guard let parent, let part else { continue }
      if let sum = gradients[parent.number] {
        gradients[parent.number] = sum + part
      } else {
        gradients[parent.number] = part
        waiting[parent.number] = parent
        queue.insert(parent.number)
      }
    }
  }
  return leaves.map { gradients[$0.number] }
}

/// Numbers, of which the greatest leaves first: a binary heap.
private struct NumberQueue {
  private var heap: [Int] = []

  mutating func insert(_ number: Int) {
    heap.append(number)
    var child = heap.count - 1
    while child > 0, heap[(child - 1) / 2] < heap[child] {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func removeGreatest() -> Int? {
    guard let greatest = heap.first else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return greatest }
    heap[0] = last
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < heap.count else { return greatest }
      if child + 1 < heap.count, heap[child + 1] > heap[child] { child += 1 }
      guard heap[child] > heap[parent] else { return greatest }
      heap.swapAt(parent, child)
      parent = child
    }
  }
}

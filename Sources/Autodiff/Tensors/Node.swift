internal import Synchronization

/// One step of a computation that is being remembered: what it came from, and how a gradient flows
/// back through it.
///
/// This is the tape, and the only class of the engine: several tensors computed from one share its
/// node, which a value could not do. A node belongs to the *level* of the gradient call that wants
/// it. Calls may nest; each works on the levels below it as on plain numbers, so a gradient of a
/// gradient confuses nothing.
final class Node<Scalar: TensorScalar>: Sendable {
  /// The depth of the gradient call that wants this node, counted from one.
  let level: Int

  /// Later nodes have greater numbers, so descending numbers visit a node before its parents.
  let number: Int

  /// The value of the tensor as the levels below see it.
  let primal: Tensor<Scalar>

  private let links: Mutex<Links>

  private struct Links {
    var parents: [Node?]
    var pullback: (@Sendable (Tensor<Scalar>) -> [Tensor<Scalar>?])?
  }

  init(
    level: Int, primal: Tensor<Scalar>, parents: [Node?] = [],
    pullback: (@Sendable (Tensor<Scalar>) -> [Tensor<Scalar>?])? = nil
  ) {
    self.level = level
    self.primal = primal
    number = nodeCount.add(1, ordering: .relaxed).newValue
    links = Mutex(Links(parents: parents, pullback: pullback))
  }

  /// Takes parents and pullback away, so that what they hold is released as the gradient passes.
  func take() -> (parents: [Node?], pullback: (@Sendable (Tensor<Scalar>) -> [Tensor<Scalar>?])?) {
    links.withLock { links in
      let taken = (links.parents, links.pullback)
      links = Links(parents: [], pullback: nil)
      return taken
    }
  }
}

/// The nodes made so far, in any tape.
private let nodeCount = Atomic<Int>(0)

extension Tensor {
  /// The level of the gradient call that watches this tensor, and zero if none does.
  var level: Int { node?.level ?? 0 }

  /// The tensor as the levels below `level` see it.
  func below(_ level: Int) -> Tensor {
    guard let node, node.level == level else { return self }
    return node.primal
  }
}

/// Computes a tensor from others, and remembers how if a gradient is wanted.
///
/// - Parameters:
///   - inputs: What the tensor is computed from.
///   - compute: The operation on plain numbers.
///   - pullback: The gradients of the inputs from the inputs, the result, its gradient, and which
///     of them are wanted: others may be left out. It is written with operations on tensors, so
///     that it can be differentiated itself.
/// - Returns: The result.
func record<Scalar>(
  _ inputs: [Tensor<Scalar>],
  compute: ([Tensor<Scalar>]) -> Tensor<Scalar>,
  pullback:
    @escaping @Sendable (
      _ inputs: [Tensor<Scalar>], _ result: Tensor<Scalar>, _ gradient: Tensor<Scalar>,
      _ wanted: [Bool]
    ) -> [Tensor<Scalar>?]
) -> Tensor<Scalar> {
  let level = inputs.map(\.level).max() ?? 0
  guard level > 0 else { return compute(inputs) }
  guard level > GradientDepth.pausedUpTo else { return compute(inputs.map(\.detached)) }
  let primals = inputs.map { $0.below(level) }
  let result = record(primals, compute: compute, pullback: pullback)
  let parents = inputs.map { $0.level == level ? $0.node : nil }
  let wanted = parents.map { $0 != nil }
  let node = Node(level: level, primal: result, parents: parents) { gradient in
    pullback(primals, result, gradient, wanted)
  }
  return Tensor(storage: result.storage, shape: result.shape, node: node)
}

/// Computes a tensor from others by an operation whose gradients are all cheap.
func record<Scalar>(
  _ inputs: [Tensor<Scalar>],
  compute: ([Tensor<Scalar>]) -> Tensor<Scalar>,
  pullback:
    @escaping @Sendable (
      _ inputs: [Tensor<Scalar>], _ result: Tensor<Scalar>, _ gradient: Tensor<Scalar>
    ) -> [Tensor<Scalar>]
) -> Tensor<Scalar> {
  record(inputs, compute: compute) { inputs, result, gradient, _ in
    pullback(inputs, result, gradient)
  }
}

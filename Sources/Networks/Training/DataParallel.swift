public import Autodiff
internal import Dispatch
internal import Synchronization

/// The mean of a loss over examples, and its gradient, computed by several threads.
///
/// Examples are dealt out in shards of a fixed size, and the shards' gradients are added up in
/// their order, so the result has the same bits whatever the number of threads.
///
/// - Parameters:
///   - model: Where to differentiate.
///   - exampleCount: The number of examples.
///   - shardSize: The examples of a shard. What a shard computes should fit into the second level of
///     the cache, and take long enough to be worth handing out.
///   - threads: The most threads to use.
///   - loss: The sum of the losses of the examples in a range.
/// - Returns: The mean loss and its gradient.
public func parallelValueWithGradient<Model: ParameterContainer & Sendable>(
  of model: Model, exampleCount: Int, shardSize: Int = 8, threads: Int,
  _ loss: @Sendable (Model, Range<Int>) -> Tensor<Model.Scalar>
) -> (value: Model.Scalar, gradient: Model) {
  precondition(exampleCount > 0 && shardSize > 0 && threads > 0, "nothing to compute, or by nobody")
  let shards = stride(from: 0, to: exampleCount, by: shardSize).map { start in
    start..<min(start + shardSize, exampleCount)
  }
  let reduction = Mutex(
    OrderedReduction(
      shapes: model.parameters.map(\.value.shape), factor: 1 / Model.Scalar(exampleCount)))
  let next = Atomic<Int>(0)
  DispatchQueue.concurrentPerform(iterations: min(threads, shards.count)) { _ in
    while true {
      let shard = next.add(1, ordering: .relaxed).oldValue
      guard shard < shards.count else { return }
      let (value, gradient) = valueWithGradient(of: model) { loss($0, shards[shard]) }
      let part = (value.scalar, gradient.parameters.map(\.value))
      reduction.withLock { $0.insert(part, at: shard) }
    }
  }
  let (value, means) = reduction.withLock { ($0.value, $0.gradients) }
  var gradient = model
  gradient.setParameters(to: means)
  return (value, gradient)
}

/// Sums of what comes in any order, each times a factor, added up in the order of their numbers.
private struct OrderedReduction<Scalar: TensorScalar>: Sendable {
  private(set) var value: Scalar = 0
  private(set) var gradients: [Tensor<Scalar>]
  private let factor: Scalar
  private var count = 0
  private var waiting: [Int: (value: Scalar, gradients: [Tensor<Scalar>])] = [:]

  init(shapes: [[Int]], factor: Scalar) {
    gradients = shapes.map { Tensor(zeros: $0) }
    self.factor = factor
  }

  mutating func insert(_ part: (value: Scalar, gradients: [Tensor<Scalar>]), at number: Int) {
    waiting[number] = part
    while let part = waiting.removeValue(forKey: count) {
      count += 1
      value += part.value * factor
      for (index, gradient) in part.gradients.enumerated() {
        gradients[index] = gradients[index].combined(times: 1, with: gradient, times: factor)
      }
    }
  }
}

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
///   - shardSize: The examples of a shard.
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
  let results = Mutex(
    [(value: Tensor<Model.Scalar>, gradient: Model)?](repeating: nil, count: shards.count))
  let next = Atomic<Int>(0)
  DispatchQueue.concurrentPerform(iterations: min(threads, shards.count)) { _ in
    while true {
      let shard = next.add(1, ordering: .relaxed).oldValue
      guard shard < shards.count else { return }
      let result = valueWithGradient(of: model) { loss($0, shards[shard]) }
      results.withLock { $0[shard] = result }
    }
  }
  let scale = 1 / Model.Scalar(exampleCount)
  var value: Model.Scalar = 0
  var sums = model.parameters.map { Tensor<Model.Scalar>(zeros: $0.value.shape) }
  for case let result? in results.withLock({ $0 }) {
    value += result.value.scalar
    for (index, parameter) in result.gradient.parameters.enumerated() {
      sums[index] = sums[index] + parameter.value
    }
  }
  var gradient = model
  var index = 0
  gradient.visitParameters { _, parameter in
    parameter = sums[index] * scale
    index += 1
  }
  return (value * scale, gradient)
}

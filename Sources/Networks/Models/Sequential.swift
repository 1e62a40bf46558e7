public import Autodiff

/// A network of layers, each of which reads what the one before it wrote.
///
/// ```swift
/// let network = Sequential<Float>([
///   .convolution2D(Convolution2D(kernel: SIMD2(3, 3), channels: 2, filters: 16, using: &generator)),
///   .batchNormalization(BatchNormalization(channels: 16)),
///   .rectifier, .mean,
///   .dense(Dense(inputs: 16, outputs: 8, using: &generator)),
/// ])
/// let scores = network(images)
/// ```
///
/// For anything that is no chain, write a struct of layers: it needs nothing but
/// `visitParameters(_:)`.
public struct Sequential<Scalar: TensorScalar>: ParameterContainer, Sendable {
  /// The layers, from input to output.
  public var layers: [Layer<Scalar>]

  /// Creates a network.
  public init(_ layers: [Layer<Scalar>]) { self.layers = layers }

  /// The output for `input`.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    var output = input
    var index = 0
    while index < layers.count {
      let (result, count) = fused(at: index, output) ?? (layers[index](output), 1)
      output = result
      index += count
    }
    return output
  }

  /// The output of a convolution, the rectifier after it and a pooling after that, in one pass, and
  /// how many layers these are; `nil` if others follow each other here.
  private func fused(at index: Int, _ input: Tensor<Scalar>) -> (Tensor<Scalar>, Int)? {
    guard case .convolution2D(let layer) = layers[index], index + 1 < layers.count,
      case .rectifier = layers[index + 1]
    else { return nil }
    guard index + 2 < layers.count, case .maxPooling(let window) = layers[index + 2],
      window == PoolingWindow(window.size), window.size.x * window.size.y <= 256
    else { return (layer.rectified(input), 2) }
    return (layer.rectified(input, pooling: window.size), 3)
  }

  /// The output for `input` while training: elements are dropped, and batches normalised by their
  /// own statistics, which are left in `context` for ``absorb(_:)``.
  public func training(
    _ input: Tensor<Scalar>, in context: inout TrainingContext<Scalar>
  ) -> Tensor<Scalar> {
    var output = input
    var index = 0
    while index < layers.count {
      let (result, count) =
        fused(at: index, output) ?? (layers[index].training(output, in: &context), 1)
      output = result
      index += count
    }
    return output
  }

  /// Makes the statistics of a batch part of the running ones.
  ///
  /// - Precondition: There are statistics for every batch normalisation.
  public mutating func absorb(_ statistics: [BatchStatistics<Scalar>]) {
    var next = statistics[...]
    for index in layers.indices {
      guard case .batchNormalization(var layer) = layers[index] else { continue }
      guard let batch = next.popFirst() else {
        preconditionFailure("there are statistics for \(statistics.count) normalisations only")
      }
      layer.absorb(batch)
      layers[index] = .batchNormalization(layer)
    }
    precondition(next.isEmpty, "there are statistics for \(statistics.count) normalisations")
  }

  /// Calls `body` with the parameters of every layer, named by its index.
  public mutating func visitParameters(_ body: (String, inout Tensor<Scalar>) -> Void) {
    layers.visitParameters(body)
  }

  /// Calls `body` with the running statistics of every layer, named by its index.
  public mutating func visitStatistics(_ body: (String, inout Tensor<Scalar>) -> Void) {
    layers.visitStatistics(body)
  }
}

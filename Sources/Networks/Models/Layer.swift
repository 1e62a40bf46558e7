public import Autodiff

/// A layer of a ``Sequential`` network.
public enum Layer<Scalar: TensorScalar>: Sendable {
  /// A weighted sum of all inputs for each output.
  case dense(Dense<Scalar>)

  /// A filter that moves along sequences.
  case convolution1D(Convolution1D<Scalar>)

  /// A filter that moves over images.
  case convolution2D(Convolution2D<Scalar>)

  /// Normalisation of channels over a batch.
  case batchNormalization(BatchNormalization<Scalar>)

  /// Normalisation of each example over its channels.
  case layerNormalization(LayerNormalization<Scalar>)

  /// Normalisation of groups of channels of each example.
  case groupNormalization(GroupNormalization<Scalar>)

  /// A gated recurrent unit, with the states after all steps for its output.
  case recurrent(GatedRecurrentUnit<Scalar>)

  /// Elements set to zero at random while training.
  case dropout(Dropout)

  /// The greater of zero and each element.
  case rectifier

  /// The greatest element of each window.
  case maxPooling(PoolingWindow)

  /// The mean of each window, in which padding does not count.
  case averagePooling(PoolingWindow)

  /// The mean over everything between examples and channels.
  case mean

  /// Everything but the examples on one axis.
  case flattening
}

extension Layer: ParameterContainer {
  /// Calls `body` with the parameters of the layer.
  public mutating func visitParameters(_ body: (String, inout Tensor<Scalar>) -> Void) {
    switch self {
    case .dense(var layer): self = .dense(layer.visiting(body))
    case .convolution1D(var layer): self = .convolution1D(layer.visiting(body))
    case .convolution2D(var layer): self = .convolution2D(layer.visiting(body))
    case .batchNormalization(var layer): self = .batchNormalization(layer.visiting(body))
    case .layerNormalization(var layer): self = .layerNormalization(layer.visiting(body))
    case .groupNormalization(var layer): self = .groupNormalization(layer.visiting(body))
    case .recurrent(var layer): self = .recurrent(layer.visiting(body))
    case .dropout, .rectifier, .maxPooling, .averagePooling, .mean, .flattening: break
    }
  }

  /// Calls `body` with the running statistics of a batch normalisation.
  public mutating func visitStatistics(_ body: (String, inout Tensor<Scalar>) -> Void) {
    guard case .batchNormalization(var layer) = self else { return }
    layer.visitStatistics(body)
    self = .batchNormalization(layer)
  }

  /// The output for `input`.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    switch self {
    case .dense(let layer): layer(input)
    case .convolution1D(let layer): layer(input)
    case .convolution2D(let layer): layer(input)
    case .batchNormalization(let layer): layer(input)
    case .layerNormalization(let layer): layer(input)
    case .groupNormalization(let layer): layer(input)
    case .recurrent(let layer): layer(input)
    case .dropout: input
    case .rectifier: input.rectified()
    case .maxPooling(let window): input.maxPooled(window)
    case .averagePooling(let window): input.averagePooled(window)
    case .mean:
      input.rank == 4 ? input.averagedOverPixels() : input.mean(over: Array(1..<input.rank - 1))
    case .flattening:
      input.reshaped(to: [input.shape[0], input.shape.dropFirst().reduce(1, *)])
    }
  }

  /// The output for `input` while training.
  public func training(
    _ input: Tensor<Scalar>, in context: inout TrainingContext<Scalar>
  ) -> Tensor<Scalar> {
    switch self {
    case .dropout(let layer): return layer(input, using: &context.generator)
    case .batchNormalization(let layer):
      let (output, statistics) = layer.training(input)
      context.statistics.append(statistics)
      return output
    default: return self(input)
    }
  }
}

extension ParameterContainer {
  /// The container after `body` has seen, and perhaps changed, its parameters.
  fileprivate mutating func visiting(_ body: (String, inout Tensor<Scalar>) -> Void) -> Self {
    visitParameters(body)
    return self
  }
}

/// What a step of training draws from and leaves behind: networks are values and change nothing
/// themselves.
public struct TrainingContext<Scalar: TensorScalar>: Sendable {
  /// Where dropout draws from.
  public var generator: SeededGenerator

  /// The statistics of the batch, from every batch normalisation in the order of the layers.
  public var statistics: [BatchStatistics<Scalar>] = []

  /// Creates the context of a step.
  public init(generator: SeededGenerator) { self.generator = generator }
}

public import Autodiff

/// The means and variances of channels over a batch.
public struct BatchStatistics<Scalar: TensorScalar>: Equatable, Sendable {
  /// The mean of each channel.
  public var mean: Tensor<Scalar>

  /// The variance of each channel, as an estimate from a sample.
  public var variance: Tensor<Scalar>
}

/// Channels brought to zero mean and unit variance over a batch, then scaled and moved (Ioffe and
/// Szegedy, 2015).
///
/// Training uses the statistics of the batch and returns them; ``absorb(_:)`` makes them part of the
/// running ones, which everything else uses.
public struct BatchNormalization<Scalar: TensorScalar>: ParameterContainer, Sendable {
  /// What a normalised channel is multiplied by.
  public var scale: Tensor<Scalar>

  /// What is added to it.
  public var offset: Tensor<Scalar>

  /// The running mean of each channel.
  public var mean: Tensor<Scalar>

  /// The running variance of each channel.
  public var variance: Tensor<Scalar>

  /// What a variance never falls below.
  public var epsilon: Scalar = 1e-5

  /// The share of new statistics in the running ones.
  public var momentum: Scalar = 0.1

  /// Creates a layer that changes nothing yet.
  public init(channels: Int) {
    scale = Tensor(repeating: 1, shape: [channels])
    offset = Tensor(zeros: [channels])
    mean = Tensor(zeros: [channels])
    variance = Tensor(repeating: 1, shape: [channels])
  }

  /// The input `[example, …, channel]`, normalised by the running statistics.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    (input - mean) * (scale / (variance + epsilon).squareRoot()) + offset
  }

  /// The input `[example, …, channel]`, normalised by its own statistics, and these.
  public func training(
    _ input: Tensor<Scalar>
  ) -> (output: Tensor<Scalar>, statistics: BatchStatistics<Scalar>) {
    let output = input.batchNormalized(epsilon: epsilon) * scale + offset
    let axes = Array(0..<input.rank - 1)
    let plain = input.detached
    let mean = plain.mean(over: axes)
    let count = Scalar(input.count / max(mean.count, 1))
    let variance = (plain - mean).squared().sum(over: axes) / max(count - 1, 1)
    return (output, BatchStatistics(mean: mean, variance: variance))
  }

  /// Makes the statistics of a batch part of the running ones.
  public mutating func absorb(_ statistics: BatchStatistics<Scalar>) {
    mean = mean * (1 - momentum) + statistics.mean * momentum
    variance = variance * (1 - momentum) + statistics.variance * momentum
  }

  /// Calls `body` with scale and offset.
  public mutating func visitParameters(_ body: (String, inout Tensor<Scalar>) -> Void) {
    body("scale", &scale)
    body("offset", &offset)
  }

  /// Calls `body` with the running statistics.
  public mutating func visitStatistics(_ body: (String, inout Tensor<Scalar>) -> Void) {
    body("mean", &mean)
    body("variance", &variance)
  }
}

/// Each example brought to zero mean and unit variance over its channels, then scaled and moved (Ba,
/// Kiros and Hinton, 2016).
public struct LayerNormalization<Scalar: TensorScalar>: ParameterContainer, Sendable {
  /// What a normalised channel is multiplied by.
  public var scale: Tensor<Scalar>

  /// What is added to it.
  public var offset: Tensor<Scalar>

  /// What a variance never falls below.
  public var epsilon: Scalar = 1e-5

  /// Creates a layer for inputs whose last axis has the length `channels`.
  public init(channels: Int) {
    scale = Tensor(repeating: 1, shape: [channels])
    offset = Tensor(zeros: [channels])
  }

  /// The input `[…, channel]`, normalised over its last axis.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    input.layerNormalized(epsilon: epsilon) * scale + offset
  }

  /// Calls `body` with scale and offset.
  public mutating func visitParameters(_ body: (String, inout Tensor<Scalar>) -> Void) {
    body("scale", &scale)
    body("offset", &offset)
  }
}

/// Groups of channels brought to zero mean and unit variance over the pixels of each example, then
/// scaled and moved (Wu and He, 2018).
public struct GroupNormalization<Scalar: TensorScalar>: ParameterContainer, Sendable {
  /// What a normalised channel is multiplied by.
  public var scale: Tensor<Scalar>

  /// What is added to it.
  public var offset: Tensor<Scalar>

  /// The number of groups.
  public let groups: Int

  /// What a variance never falls below.
  public var epsilon: Scalar = 1e-5

  /// Creates a layer.
  ///
  /// - Precondition: The groups share the channels out evenly.
  public init(groups: Int, channels: Int) {
    precondition(
      groups > 0 && channels % groups == 0, "\(groups) groups do not share out \(channels) channels"
    )
    self.groups = groups
    scale = Tensor(repeating: 1, shape: [channels])
    offset = Tensor(zeros: [channels])
  }

  /// The input `[example, …, channel]`, normalised by groups.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    input.groupNormalized(groups: groups, epsilon: epsilon) * scale + offset
  }

  /// Calls `body` with scale and offset.
  public mutating func visitParameters(_ body: (String, inout Tensor<Scalar>) -> Void) {
    body("scale", &scale)
    body("offset", &offset)
  }
}

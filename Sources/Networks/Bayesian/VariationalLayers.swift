public import Autodiff
internal import RealModule

/// Weights that are not numbers but normal distributions, independent of each other: the mean field.
public struct GaussianWeights<Scalar: TensorScalar>: ParameterContainer, Sendable {
  /// The means.
  public var mean: Tensor<Scalar>

  /// What the standard deviations are made of: they are log(1 + exp of it), and so positive.
  public var spread: Tensor<Scalar>

  /// Creates narrow distributions around `mean`.
  ///
  /// - Parameters:
  ///   - mean: The means.
  ///   - deviation: The standard deviation of each.
  /// - Precondition: `deviation` is positive.
  public init(mean: Tensor<Scalar>, deviation: Double) {
    precondition(deviation > 0, "a standard deviation cannot be \(deviation)")
    self.mean = mean
    let spread = Double.log(.expMinusOne(deviation))
    self.spread = Tensor(repeating: Scalar(spread), shape: mean.shape)
  }

  /// The standard deviations.
  public var deviation: Tensor<Scalar> { spread.softplus() }

  /// Calls `body` with the means and the spreads.
  public mutating func visitParameters(_ body: (String, inout Tensor<Scalar>) -> Void) {
    body("mean", &mean)
    body("spread", &spread)
  }

  /// How far the distributions lie from other normal ones: the Kullback–Leibler divergence,
  /// Σ log(*s*/*σ*) + (*σ*² + (*μ* − *m*)²)/(2*s*²) − ½.
  ///
  /// - Parameters:
  ///   - prior: The standard deviation *s* of each of the others.
  ///   - center: Their means *m*, zero if there are none.
  /// - Returns: A single number, in nats.
  public func divergence(
    fromNormal prior: Double, around center: Tensor<Scalar>? = nil
  ) -> Tensor<Scalar> {
    let deviation = deviation
    let distance = center.map { mean - $0 } ?? mean
    let squares = (deviation.squared() + distance.squared()) * Scalar(0.5 / (prior * prior))
    let entropy = deviation.logarithm() - Scalar.log(Scalar(prior)) + Scalar(0.5)
    return (squares - entropy).sum()
  }
}

/// A dense layer whose weights are normal distributions.
///
/// Not the weights are drawn but the outputs, which are normal too (Kingma, Salimans and Welling,
/// 2015): one draw for each example, and a gradient of less variance.
public struct VariationalDense<Scalar: TensorScalar>: ParameterContainer, Sendable {
  /// The weights, `[input, output]`.
  public var weight: GaussianWeights<Scalar>

  /// The bias of each output.
  public var bias: GaussianWeights<Scalar>

  /// Creates narrow distributions around the weights of a layer.
  public init(_ layer: Dense<Scalar>, deviation: Double = 0.02) {
    weight = GaussianWeights(mean: layer.weight, deviation: deviation)
    bias = GaussianWeights(mean: layer.bias, deviation: deviation)
  }

  /// Outputs for `input` of shape `[example, input]`.
  ///
  /// - Parameters:
  ///   - input: The inputs.
  ///   - noise: A number from the standard normal distribution for each output of each example.
  /// - Returns: The outputs, drawn from their distributions.
  public func callAsFunction(_ input: Tensor<Scalar>, noise: Tensor<Scalar>) -> Tensor<Scalar> {
    let mean = input.matrixProduct(weight.mean) + bias.mean
    let variance =
      input.squared().matrixProduct(weight.deviation.squared()) + bias.deviation.squared()
    return mean + (variance + Scalar(1e-12)).squareRoot() * noise
  }

  /// How far the distributions lie from normal ones of the standard deviation `prior` around the
  /// weights of a layer, or around zero.
  public func divergence(
    fromNormal prior: Double, around layer: Dense<Scalar>? = nil
  ) -> Tensor<Scalar> {
    weight.divergence(fromNormal: prior, around: layer?.weight)
      + bias.divergence(fromNormal: prior, around: layer?.bias)
  }

  /// Calls `body` with the parameters of all distributions.
  public mutating func visitParameters(_ body: (String, inout Tensor<Scalar>) -> Void) {
    weight.visitParameters { body("weight.\($0)", &$1) }
    bias.visitParameters { body("bias.\($0)", &$1) }
  }
}

/// A convolution whose weights are normal distributions.
///
/// As in ``VariationalDense`` the outputs are drawn; those of neighbouring pixels, which share
/// weights, are drawn independently.
public struct VariationalConvolution2D<Scalar: TensorScalar>: ParameterContainer, Sendable {
  /// The weights, `[height, width, channel, filter]`.
  public var filter: GaussianWeights<Scalar>

  /// The bias of each filter.
  public var bias: GaussianWeights<Scalar>

  /// Creates narrow distributions around the weights of a layer.
  public init(_ layer: Convolution2D<Scalar>, deviation: Double = 0.02) {
    filter = GaussianWeights(mean: layer.filter, deviation: deviation)
    bias = GaussianWeights(mean: layer.bias, deviation: deviation)
  }

  /// Outputs `[image, height, width, filter]` for `input` of shape `[image, height, width, channel]`.
  ///
  /// - Parameters:
  ///   - input: The images.
  ///   - noise: A number from the standard normal distribution for each output.
  /// - Returns: The outputs, drawn from their distributions.
  public func callAsFunction(_ input: Tensor<Scalar>, noise: Tensor<Scalar>) -> Tensor<Scalar> {
    let (height, width) = (filter.mean.shape[0] - 1, filter.mean.shape[1] - 1)
    let padded = input.padded(before: height / 2, after: height - height / 2, along: 1)
      .padded(before: width / 2, after: width - width / 2, along: 2)
    let mean = padded.convolved(with: filter.mean) + bias.mean
    let variance =
      padded.squared().convolved(with: filter.deviation.squared()) + bias.deviation.squared()
    return mean + (variance + Scalar(1e-12)).squareRoot() * noise
  }

  /// How far the distributions lie from normal ones of the standard deviation `prior` around the
  /// weights of a layer, or around zero.
  public func divergence(
    fromNormal prior: Double, around layer: Convolution2D<Scalar>? = nil
  ) -> Tensor<Scalar> {
    filter.divergence(fromNormal: prior, around: layer?.filter)
      + bias.divergence(fromNormal: prior, around: layer?.bias)
  }

  /// Calls `body` with the parameters of all distributions.
  public mutating func visitParameters(_ body: (String, inout Tensor<Scalar>) -> Void) {
    filter.visitParameters { body("filter.\($0)", &$1) }
    bias.visitParameters { body("bias.\($0)", &$1) }
  }
}

extension Tensor {
  /// Numbers from the standard normal distribution, by the method of Box and Muller.
  public static func normal(
    shape: [Int], using generator: inout SeededGenerator
  ) -> Tensor {
    let count = shape.reduce(1, *)
    var elements: [Scalar] = []
    elements.reserveCapacity(count + 1)
    while elements.count < count {
      let uniform = Double.random(in: Double.leastNonzeroMagnitude..<1, using: &generator)
      let radius = (-2 * Double.log(uniform)).squareRoot()
      let angle = Double.random(in: 0..<2 * .pi, using: &generator)
      elements.append(Scalar(radius * .cos(angle)))
      elements.append(Scalar(radius * .sin(angle)))
    }
    return Tensor(Array(elements.prefix(count)), shape: shape)
  }
}

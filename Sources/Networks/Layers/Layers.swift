public import Autodiff

/// A weighted sum of all inputs for each output: `[example, input]` to `[example, output]`.
public struct Dense<Scalar: TensorScalar>: ParameterContainer, Sendable {
  /// The weights, `[input, output]`.
  public var weight: Tensor<Scalar>

  /// The bias of each output.
  public var bias: Tensor<Scalar>

  /// Creates a layer with random weights, after Glorot and Bengio (2010).
  public init(inputs: Int, outputs: Int, using generator: inout SeededGenerator) {
    let limit = (6 / Double(inputs + outputs)).squareRoot()
    weight = .uniform(in: -limit...limit, shape: [inputs, outputs], using: &generator)
    bias = Tensor(zeros: [outputs])
  }

  /// The outputs for `input` of shape `[example, input]`.
  @specialized(where Scalar == Float)
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    precondition(
      input.rank == 2 && input.shape[1] == weight.shape[0],
      "a layer of \(weight.shape[0]) inputs cannot take a tensor of shape \(input.shape)")
    // Examples stand beside each other like the pixels of a row, under a filter of one pixel.
    return input.reshaped(to: [1, 1] + input.shape)
      .convolved(with: weight.reshaped(to: [1, 1] + weight.shape), bias: bias, ConvolutionUnit())
      .reshaped(to: [input.shape[0], weight.shape[1]])
  }

  /// Calls `body` with the weights and the bias.
  public mutating func visitParameters(_ body: (String, inout Tensor<Scalar>) -> Void) {
    body("weight", &weight)
    body("bias", &bias)
  }
}

/// A filter that moves over channels-last images, which are padded so that they keep their size.
public struct Convolution2D<Scalar: TensorScalar>: ParameterContainer, Sendable {
  /// The weights, `[height, width, channel, filter]`.
  public var filter: Tensor<Scalar>

  /// The bias of each filter.
  public var bias: Tensor<Scalar>

  /// How the filter moves, and over what: see ``init(kernel:channels:filters:geometry:padding:groups:using:)``.
  var motion = FilterMotion()

  /// Creates a layer with random weights for rectified outputs (He and others, 2015).
  public init(
    kernel: SIMD2<Int>, channels: Int, filters: Int, using generator: inout SeededGenerator
  ) {
    let limit = (6 / Double(kernel.x * kernel.y * channels)).squareRoot()
    filter = .uniform(
      in: -limit...limit, shape: [kernel.x, kernel.y, channels, filters], using: &generator)
    bias = Tensor(zeros: [filters])
  }

  /// The outputs `[image, height, width, filter]` for `input` of shape `[image, height, width,
  /// channel]`.
  @specialized(where Scalar == Float)
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    guard motion == FilterMotion() else { return moved(over: input) }
    return input.convolved(with: filter, bias: bias, .same(kernel))
  }

  /// The rectified outputs, and of each window only the greatest, in one pass.
  ///
  /// - Parameters:
  ///   - input: Images `[image, height, width, channel]`.
  ///   - window: The rows and columns of a window.
  /// - Returns: Images with as many pixels as there are whole windows.
  @specialized(where Scalar == Float)
  public func rectified(
    _ input: Tensor<Scalar>, pooling window: SIMD2<Int> = SIMD2(1, 1)
  ) -> Tensor<Scalar> {
    guard motion == FilterMotion() else {
      return moved(over: input).rectified().maxPooled(height: window.x, width: window.y)
    }
    return input.convolved(
      with: filter, bias: bias, .same(kernel, isRectified: true, window: window))
  }

  private var kernel: SIMD2<Int> { SIMD2(filter.shape[0], filter.shape[1]) }

  /// Calls `body` with the filter and the bias.
  public mutating func visitParameters(_ body: (String, inout Tensor<Scalar>) -> Void) {
    body("filter", &filter)
    body("bias", &bias)
  }
}

/// Elements set to zero at random while training, the others scaled up to make up for it
/// (Srivastava et al., 2014).
public struct Dropout: Hashable, Sendable {
  /// The share of elements that are set to zero.
  public var rate: Double

  /// Creates a layer.
  ///
  /// - Precondition: `rate` is at least zero and below one.
  public init(rate: Double) {
    precondition((0..<1).contains(rate), "a dropout rate of \(rate) leaves nothing")
    self.rate = rate
  }

  /// The input with elements dropped by the numbers of `generator`.
  public func callAsFunction<Scalar>(
    _ input: Tensor<Scalar>, using generator: inout SeededGenerator
  ) -> Tensor<Scalar> {
    guard rate > 0 else { return input }
    let scale = Scalar(1 / (1 - rate))
    let mask = (0..<input.count).map { _ in
      Double.random(in: 0..<1, using: &generator) < rate ? 0 : scale
    }
    return input * Tensor(mask, shape: input.shape)
  }
}

extension Tensor {
  /// A tensor of numbers drawn evenly from `range`.
  static func uniform(
    in range: ClosedRange<Double>, shape: [Int], using generator: inout SeededGenerator
  ) -> Tensor {
    Tensor(
      (0..<shape.reduce(1, *)).map { _ in Scalar(Double.random(in: range, using: &generator)) },
      shape: shape)
  }
}

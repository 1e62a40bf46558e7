public import Autodiff

/// How the filters of a layer move over its input.
struct FilterMotion: Hashable, Sendable {
  var stride = SIMD2(1, 1)
  var dilation = SIMD2(1, 1)
  var padding = ConvolutionPadding.same
  var groups = 1

  var geometry: ConvolutionGeometry { ConvolutionGeometry(stride: stride, dilation: dilation) }

  /// The rows and columns of the outputs for `size`.
  func outputSize(_ size: SIMD2<Int>, kernel: SIMD2<Int>) -> SIMD2<Int> {
    let reach = (kernel &- 1) &* dilation
    let margins: SIMD2<Int>
    switch padding {
    case .none: margins = SIMD2(0, 0)
    case .same, .causal: margins = reach
    case .symmetric(let margin): margins = 2 &* margin
    }
    return (size &+ margins &- reach &- 1) / stride &+ 1
  }
}

extension Convolution2D {
  /// Creates a layer with random weights for rectified outputs (He and others, 2015).
  ///
  /// - Parameters:
  ///   - kernel: The rows and columns of a filter.
  ///   - channels: The channels of the input.
  ///   - filters: The channels of the output.
  ///   - geometry: How the filters move.
  ///   - padding: The zeros around the input.
  ///   - groups: The groups that channels and filters fall into; as many as channels for a depthwise
  ///     convolution.
  ///   - generator: Where the weights come from.
  /// - Precondition: The groups share out channels and filters evenly.
  public init(
    kernel: SIMD2<Int>, channels: Int, filters: Int, geometry: ConvolutionGeometry,
    padding: ConvolutionPadding = .same, groups: Int = 1, using generator: inout SeededGenerator
  ) {
    precondition(
      groups > 0 && channels % groups == 0 && filters % groups == 0,
      "\(groups) groups do not share out \(channels) channels and \(filters) filters")
    self.init(
      kernel: kernel, channels: channels / groups, filters: filters, using: &generator)
    motion = FilterMotion(
      stride: geometry.stride, dilation: geometry.dilation, padding: padding, groups: groups)
  }

  /// The outputs of a layer that does more than keep the size.
  func moved(over input: Tensor<Scalar>) -> Tensor<Scalar> {
    input.convolved(
      with: filter, motion.geometry, padding: motion.padding, groups: motion.groups) + bias
  }
}

/// A filter that moves along sequences `[example, time, channel]`.
public struct Convolution1D<Scalar: TensorScalar>: ParameterContainer, Sendable {
  /// The weights, `[time, channel of a group, filter]`.
  public var filter: Tensor<Scalar>

  /// The bias of each filter.
  public var bias: Tensor<Scalar>

  var motion: FilterMotion

  /// Creates a layer with random weights for rectified outputs (He and others, 2015).
  ///
  /// - Parameters:
  ///   - width: The steps of a filter.
  ///   - channels: The channels of the input.
  ///   - filters: The channels of the output.
  ///   - stride: The steps from one output to the next.
  ///   - dilation: The steps from one weight to the next.
  ///   - padding: The zeros around the input; causal for live signals.
  ///   - groups: The groups that channels and filters fall into.
  ///   - generator: Where the weights come from.
  /// - Precondition: The groups share out channels and filters evenly.
  public init(
    width: Int, channels: Int, filters: Int, stride: Int = 1, dilation: Int = 1,
    padding: ConvolutionPadding = .same, groups: Int = 1, using generator: inout SeededGenerator
  ) {
    precondition(
      groups > 0 && channels % groups == 0 && filters % groups == 0,
      "\(groups) groups do not share out \(channels) channels and \(filters) filters")
    let limit = (6 / Double(width * channels / groups)).squareRoot()
    filter = .uniform(
      in: -limit...limit, shape: [width, channels / groups, filters], using: &generator)
    bias = Tensor(zeros: [filters])
    motion = FilterMotion(
      stride: SIMD2(stride, 1), dilation: SIMD2(dilation, 1), padding: padding, groups: groups)
  }

  /// The outputs `[example, time, filter]` for `input` of shape `[example, time, channel]`.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    input.convolved1D(
      with: filter, stride: motion.stride.x, dilation: motion.dilation.x, padding: motion.padding,
      groups: motion.groups) + bias
  }

  /// Calls `body` with the filter and the bias.
  public mutating func visitParameters(_ body: (String, inout Tensor<Scalar>) -> Void) {
    body("filter", &filter)
    body("bias", &bias)
  }
}

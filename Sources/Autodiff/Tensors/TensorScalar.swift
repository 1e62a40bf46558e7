public import RealModule

/// A number that tensors are made of: `Float` to compute with, `Double` to check with.
///
/// The loops over elements are written once, generically, and compiled for each conforming type,
/// so that calls from other modules run at full speed.
public protocol TensorScalar: Real, BinaryFloatingPoint, BitwiseCopyable, Sendable, Codable {
  /// Applies `operation` to every element.
  static func _map(_ operation: ElementwiseOperation, _ a: [Self]) -> [Self]

  /// Combines elements of two arrays whose shapes broadcast to `shape`.
  static func _combine(
    _ operation: PairwiseOperation, _ a: [Self], _ aShape: [Int], _ b: [Self], _ bShape: [Int],
    into shape: [Int]
  ) -> [Self]

  /// Sums `[outer, count, inner]` over the middle axis.
  static func _sum(_ a: [Self], outer: Int, count: Int, inner: Int) -> [Self]

  /// Convolves padded channels-last images.
  static func _convolve(_ input: [Self], _ filter: [Self], _ geometry: ConvolutionGeometry)
    -> [Self]

  /// The gradient of the filter of a convolution from that of its output.
  static func _filterGradient(
    _ input: [Self], _ gradient: [Self], _ geometry: ConvolutionGeometry
  ) -> [Self]

  /// Computes a convolutional unit, and where in its window each output comes from if that is
  /// wanted.
  static func _unit(
    _ input: Tensor<Self>, _ filter: Tensor<Self>, _ bias: Tensor<Self>, _ unit: ConvolutionUnit,
    keepsPlaces: Bool
  ) -> (output: Tensor<Self>, places: PoolingPlaces)

  /// The gradients of input, filter and bias of a convolutional unit, as far as they are wanted.
  static func _unitGradients(
    _ input: Tensor<Self>, _ filter: Tensor<Self>, _ output: Tensor<Self>, _ places: PoolingPlaces,
    _ gradient: Tensor<Self>, _ unit: ConvolutionUnit, wanted: [Bool]
  ) -> [Tensor<Self>?]

  /// The means of images `[batch, height, width, channel]` over their pixels.
  static func _pixelMeans(_ images: Tensor<Self>) -> Tensor<Self>

  /// The adjoint of the means over pixels.
  static func _spreadMeans(_ means: Tensor<Self>, to shape: [Int]) -> Tensor<Self>

  /// Sums of two tensors of one shape, each times a factor.
  static func _sum(_ a: Tensor<Self>, times aFactor: Self, _ b: Tensor<Self>, times bFactor: Self)
    -> Tensor<Self>

  /// The parameters and the running means after a step: see ``AdaptiveStep``.
  static func _adapt(
    _ parameters: Tensor<Self>, along gradient: Tensor<Self>, means: Tensor<Self>,
    squares: Tensor<Self>, _ step: AdaptiveStep
  ) -> (parameters: Tensor<Self>, means: Tensor<Self>, squares: Tensor<Self>)
}

/// A function of one number.
public enum ElementwiseOperation: Sendable {
  case negate, exponential, logarithm, squareRoot, hyperbolicTangent, sigmoid
  case reciprocal, rectify, isPositive
}

/// A function of two numbers.
public enum PairwiseOperation: Sendable {
  case add, subtract, multiply, divide, maximum
}

extension Float: TensorScalar {}
extension Double: TensorScalar {}

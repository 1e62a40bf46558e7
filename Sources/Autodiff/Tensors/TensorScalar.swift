public import RealModule

/// A number that tensors are made of: `Float` to compute with, `Double` to check with.
///
/// The loops over elements are written once, generically, and compiled for each conforming type,
/// so that calls from other modules run at full speed.
public protocol TensorScalar: Real, BinaryFloatingPoint, Sendable, Codable {
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

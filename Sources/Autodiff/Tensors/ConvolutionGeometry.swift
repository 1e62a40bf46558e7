/// How a filter moves over images.
public struct ConvolutionGeometry: Hashable, Sendable {
  /// The rows and columns from one output pixel to the next.
  public var stride: SIMD2<Int>

  /// The rows and columns from one weight of the filter to the next.
  public var dilation: SIMD2<Int>

  var input: [Int] = []
  var filter: [Int] = []

  /// Creates a geometry.
  ///
  /// - Precondition: Strides and dilations are positive.
  public init(stride: SIMD2<Int> = SIMD2(1, 1), dilation: SIMD2<Int> = SIMD2(1, 1)) {
    precondition(
      stride.min() > 0 && dilation.min() > 0, "a filter moves by positive steps")
    self.stride = stride
    self.dilation = dilation
  }

  /// The geometry for an input `[batch, height, width, channel]` and a filter `[height, width,
  /// channel, filter]`.
  func applied(to input: [Int], filter: [Int]) -> ConvolutionGeometry {
    precondition(
      input.count == 4 && filter.count == 4 && input[3] == filter[2],
      "a filter of shape \(filter) does not fit an input of shape \(input)")
    var geometry = self
    geometry.input = input
    geometry.filter = filter
    precondition(
      geometry.outputHeight > 0 && geometry.outputWidth > 0,
      "a filter of shape \(filter) is larger than an input of shape \(input)")
    return geometry
  }

  /// The rows and columns that the filter reaches over.
  var reach: SIMD2<Int> {
    SIMD2((filter[0] - 1) * dilation.x + 1, (filter[1] - 1) * dilation.y + 1)
  }

  var outputHeight: Int {
    input[1] < reach.x ? 0 : (input[1] - reach.x) / stride.x + 1
  }

  var outputWidth: Int {
    input[2] < reach.y ? 0 : (input[2] - reach.y) / stride.y + 1
  }

  var output: [Int] { [input[0], outputHeight, outputWidth, filter[3]] }
}

/// What small convolutional networks repeat: padding, convolution, bias, rectification and pooling.
///
/// All of it is one operation with one pullback, so that nothing in between is written to memory.
public struct ConvolutionUnit: Hashable, Sendable {
  /// The rows and columns of zeros before the images.
  public var paddingBefore: SIMD2<Int>

  /// The rows and columns of zeros after the images.
  public var paddingAfter: SIMD2<Int>

  /// Whether what is below zero becomes zero.
  public var isRectified: Bool

  /// The rows and columns of a pooling window; windows do not overlap.
  public var window: SIMD2<Int>

  var input: [Int] = []
  var filter: [Int] = []

  /// Creates a unit.
  ///
  /// - Precondition: Nothing is negative, and windows hold 1 to 256 pixels.
  public init(
    paddingBefore: SIMD2<Int> = SIMD2(0, 0), paddingAfter: SIMD2<Int> = SIMD2(0, 0),
    isRectified: Bool = false, window: SIMD2<Int> = SIMD2(1, 1)
  ) {
    precondition(
      paddingBefore.min() >= 0 && paddingAfter.min() >= 0 && window.min() > 0
        && window.x * window.y <= 256,
      "a padding of \(paddingBefore) and \(paddingAfter) or a window of \(window) is impossible")
    self.paddingBefore = paddingBefore
    self.paddingAfter = paddingAfter
    self.isRectified = isRectified
    self.window = window
  }

  /// A unit that keeps the size of images, up to pooling, under a filter of `kernel` rows and columns.
  public static func same(
    _ kernel: SIMD2<Int>, isRectified: Bool = false, window: SIMD2<Int> = SIMD2(1, 1)
  ) -> ConvolutionUnit {
    let margin = kernel &- 1
    return ConvolutionUnit(
      paddingBefore: margin / 2, paddingAfter: margin &- margin / 2, isRectified: isRectified,
      window: window)
  }

  /// The unit for an input `[batch, height, width, channel]` and a filter `[height, width, channel,
  /// filter]`.
  func applied(to input: [Int], filter: [Int], bias: [Int]) -> ConvolutionUnit {
    precondition(
      input.count == 4 && filter.count == 4 && input[3] == filter[2] && bias == [filter[3]],
      "a filter of shape \(filter) and a bias of \(bias) do not fit an input of shape \(input)")
    let margin = SIMD2(filter[0] - 1, filter[1] - 1)
    precondition(
      paddingBefore.x <= margin.x && paddingBefore.y <= margin.y && paddingAfter.x <= margin.x
        && paddingAfter.y <= margin.y,
      "a padding of \(paddingBefore) and \(paddingAfter) lets a filter of \(filter) see only zeros")
    var unit = self
    unit.input = input
    unit.filter = filter
    precondition(
      unit.output[1] > 0 && unit.output[2] > 0,
      "a filter of shape \(filter) and windows of \(window) do not fit an input of shape \(input)")
    return unit
  }

  /// The rows and columns of the convolution, before pooling.
  var convolved: SIMD2<Int> {
    let (rows, columns) = (input[1] - filter[0] + 1, input[2] - filter[1] + 1)
    return SIMD2(rows, columns) &+ paddingBefore &+ paddingAfter
  }

  var output: [Int] {
    let pooled = convolved / window
    return [input[0], pooled.x, pooled.y, filter[3]]
  }
}

/// Which pixel of its window each output of a unit comes from.
public struct PoolingPlaces: Sendable {
  /// The number of each pixel in its window, row by row, and nothing without pooling.
  var memory: PooledMemory<UInt8>?
}

extension Tensor {
  /// The images `[batch, height, width, channel]` after a unit with a filter `[height, width,
  /// channel, filter]` and a bias for each filter.
  ///
  /// Where several elements of a window are greatest the first takes the gradient, and none does at
  /// a rectified zero.
  ///
  /// - Precondition: The shapes fit, and no filter sees only padding.
  @specialized(where Scalar == Float)
  public func convolved(
    with filter: Tensor, bias: Tensor, _ unit: ConvolutionUnit
  ) -> Tensor {
    let unit = unit.applied(to: shape, filter: filter.shape, bias: bias.shape)
    let isWatched = level > 0 || filter.level > 0 || bias.level > 0
    let (output, places) = Scalar._unit(
      detached, filter.detached, bias.detached, unit, keepsPlaces: isWatched)
    guard isWatched else { return output }
    return record([self, filter, bias]) { _ in
      output
    } pullback: { inputs, result, gradient, wanted in
      // The kernels know numbers only. Where a gradient of this gradient is wanted, operations that
      // can be differentiated again take their place.
      if gradient.level == 0, inputs.allSatisfy({ $0.level == 0 }) {
        return Scalar._unitGradients(
          inputs[0], inputs[1], result, places, gradient, unit, wanted: wanted)
      }
      return unitGradients(inputs, result, places, gradient, unit, wanted: wanted)
    }
  }

  /// The means `[batch, channel]` of images `[batch, height, width, channel]` over their pixels.
  ///
  /// - Precondition: The tensor holds images.
  @specialized(where Scalar == Float)
  public func averagedOverPixels() -> Tensor {
    precondition(rank == 4, "a tensor of shape \(shape) does not hold images")
    return record([self]) { inputs in
      Scalar._pixelMeans(inputs[0])
    } pullback: { inputs, _, gradient in
      [gradient.spreadOverPixels(to: inputs[0].shape)]
    }
  }

  @specialized(where Scalar == Float)
  private func spreadOverPixels(to shape: [Int]) -> Tensor {
    record([self]) { inputs in
      Scalar._spreadMeans(inputs[0], to: shape)
    } pullback: { _, _, gradient in
      [gradient.averagedOverPixels()]
    }
  }
}

/// The gradients of a unit from operations that can be differentiated again.
private func unitGradients<Scalar>(
  _ inputs: [Tensor<Scalar>], _ result: Tensor<Scalar>, _ places: PoolingPlaces,
  _ gradient: Tensor<Scalar>, _ unit: ConvolutionUnit, wanted: [Bool]
) -> [Tensor<Scalar>?] {
  var slope = gradient
  if unit.isRectified {
    slope = slope * Tensor(Scalar._map(.isPositive, result.elements), shape: result.shape)
  }
  slope = slope.scattered(to: unit.positions(of: places), shape: unit.convolvedShape)
  let biasGradient = wanted[2] ? slope.sum(over: [0, 1, 2]) : nil
  let images = inputs[0]
    .padded(before: unit.paddingBefore.x, after: unit.paddingAfter.x, along: 1)
    .padded(before: unit.paddingBefore.y, after: unit.paddingAfter.y, along: 2)
  let geometry = ConvolutionGeometry().applied(to: images.shape, filter: unit.filter)
  return [
    wanted[0] ? slope.deconvolved(with: inputs[1], geometry).cropped(unit) : nil,
    wanted[1] ? images.filterGradient(slope, geometry) : nil, biasGradient,
  ]
}

extension Tensor {
  /// Padded images without their padding.
  fileprivate func cropped(_ unit: ConvolutionUnit) -> Tensor {
    let (row, column) = (unit.paddingBefore.x, unit.paddingBefore.y)
    return sliced(row..<row + unit.input[1], along: 1)
      .sliced(column..<column + unit.input[2], along: 2)
  }
}

extension ConvolutionUnit {
  /// The shape of the convolution, before pooling.
  var convolvedShape: [Int] { [input[0], convolved.x, convolved.y, filter[3]] }

  /// Where in the convolution each output comes from.
  func positions(of places: PoolingPlaces) -> [Int] {
    let output = output
    let numbers = places.memory?.elements
    var positions: [Int] = []
    for image in 0..<output[0] {
      for row in 0..<output[1] {
        for column in 0..<output[2] {
          for channel in 0..<output[3] {
            let number = numbers.map { Int($0[positions.count]) } ?? 0
            let y = row * window.x + number / window.y
            let x = column * window.y + number % window.y
            positions.append(
              ((image * convolved.x + y) * convolved.y + x) * filter[3] + channel)
          }
        }
      }
    }
    return positions
  }
}

/// Windows that move over images.
public struct PoolingWindow: Hashable, Sendable {
  /// The rows and columns of a window.
  public var size: SIMD2<Int>

  /// The rows and columns from one window to the next.
  public var stride: SIMD2<Int>

  /// The rows and columns around the images that windows may reach into.
  public var padding: SIMD2<Int>

  /// Creates windows, which do not overlap unless they are told to.
  ///
  /// - Precondition: Sizes and strides are positive, and the padding is smaller than a window.
  public init(
    _ size: SIMD2<Int>, stride: SIMD2<Int>? = nil, padding: SIMD2<Int> = SIMD2(0, 0)
  ) {
    self.size = size
    self.stride = stride ?? size
    self.padding = padding
    precondition(
      size.min() > 0 && self.stride.min() > 0 && padding.min() >= 0
        && padding.x < size.x && padding.y < size.y,
      "windows of \(size) with stride \(self.stride) and padding \(padding) do not cover images")
  }

  /// The number of windows along both axes of images `[batch, height, width, channel]`.
  func counts(over shape: [Int]) -> SIMD2<Int> {
    precondition(shape.count == 4, "a tensor of shape \(shape) does not hold images")
    let room = SIMD2(shape[1], shape[2]) &+ 2 &* padding &- size
    precondition(
      room.min() >= 0, "windows of \(size.x) × \(size.y) do not fit images of shape \(shape)")
    return room / stride &+ 1
  }

  /// The rows of images with `length` rows that the window with this number covers, along `axis`.
  fileprivate func range(_ number: Int, _ axis: Int, of length: Int) -> Range<Int> {
    let start = number * stride[axis] - padding[axis]
    return max(start, 0)..<min(start + size[axis], length)
  }
}

extension Tensor {
  /// The greatest element of each window over images `[batch, height, width, channel]`.
  ///
  /// The padding is never the greatest. Where several elements are, the first takes the gradient.
  ///
  /// - Precondition: A window fits into the padded images.
  public func maxPooled(_ window: PoolingWindow) -> Tensor {
    let counts = window.counts(over: shape)
    let places = greatestPlaces(window, counts: counts)
    return gathered(at: places, shape: [shape[0], counts.x, counts.y, shape[3]])
  }

  /// The mean of each window over images `[batch, height, width, channel]`.
  ///
  /// - Parameters:
  ///   - window: The windows.
  ///   - countsPadding: Whether the padding counts as zeros, or not at all.
  /// - Returns: The means.
  /// - Precondition: A window fits into the padded images.
  public func averagePooled(_ window: PoolingWindow, countsPadding: Bool = false) -> Tensor {
    let counts = window.counts(over: shape)
    let ones = Tensor(repeating: 1, shape: [window.size.x, window.size.y, 1, shape[3]])
    let sums = convolved(
      with: ones, ConvolutionGeometry(stride: window.stride), padding: .symmetric(window.padding),
      groups: shape[3])
    guard !countsPadding else { return sums / Scalar(window.size.x * window.size.y) }
    let (height, width) = (shape[1], shape[2])
    let sizes = (0..<counts.x).flatMap { row in
      (0..<counts.y).map { column in
        Scalar(window.range(row, 0, of: height).count * window.range(column, 1, of: width).count)
      }
    }
    return sums / Tensor(sizes, shape: [counts.x, counts.y, 1])
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func greatestPlaces(_ window: PoolingWindow, counts: SIMD2<Int>) -> [Int] {
    let elements = elements
    let (height, width, channels) = (shape[1], shape[2], shape[3])
    var places: [Int] = []
    places.reserveCapacity(shape[0] * counts.x * counts.y * channels)
    for image in 0..<shape[0] {
      for row in 0..<counts.x {
        let rows = window.range(row, 0, of: height)
        for column in 0..<counts.y {
          let columns = window.range(column, 1, of: width)
          for channel in 0..<channels {
            var best: Int?
            for y in rows {
              for x in columns {
                let place = ((image * height + y) * width + x) * channels + channel
                guard let current = best else {
                  best = place
                  continue
                }
                if elements[place] > elements[current] { best = place }
              }
            }
            if let best { places.append(best) }
          }
        }
      }
    }
    return places
  }
}

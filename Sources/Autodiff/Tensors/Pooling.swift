// Pooling of channels-last images `[batch, height, width, channel]` over windows that do not overlap.

extension Tensor {
  /// The greatest element of each window of `height` × `width` pixels.
  ///
  /// What does not fill a window at the end is left out. Where several elements are greatest, the
  /// first takes the gradient.
  ///
  /// - Precondition: The tensor holds images at least as large as a window.
  @specialized(where Scalar == Float)
  public func maxPooled(height: Int, width: Int) -> Tensor {
    precondition(
      rank == 4 && shape[1] >= height && shape[2] >= width,
      "windows of \(height) × \(width) do not fit images of shape \(shape)")
    let places = greatestPlaces(height: height, width: width)
    let pooled = [shape[0], shape[1] / height, shape[2] / width, shape[3]]
    return gathered(at: places, shape: pooled)
  }

  /// The mean of each window of `height` × `width` pixels; what does not fill a window at the end
  /// is left out.
  ///
  /// - Precondition: The tensor holds images at least as large as a window.
  @specialized(where Scalar == Float)
  public func averagePooled(height: Int, width: Int) -> Tensor {
    precondition(
      rank == 4 && shape[1] >= height && shape[2] >= width,
      "windows of \(height) × \(width) do not fit images of shape \(shape)")
    let rows = shape[1] / height
    let columns = shape[2] / width
    return sliced(0..<rows * height, along: 1).sliced(0..<columns * width, along: 2)
      .reshaped(to: [shape[0], rows, height, columns, width, shape[3]])
      .mean(over: [2, 4])
  }

  /// The elements at `places`, counted through the whole tensor.
  ///
  /// - Precondition: There is a place for every element of `shape`.
  @specialized(where Scalar == Float)
  func gathered(at places: [Int], shape: [Int]) -> Tensor {
    record([self]) { inputs in
      // Once, not for every place: each look at the elements of a tensor counts a reference.
      let elements = inputs[0].elements
      return Tensor(places.map { elements[$0] }, shape: shape)
    } pullback: { inputs, _, gradient in
      [gradient.scattered(to: places, shape: inputs[0].shape)]
    }
  }

  /// The adjoint of gathering: zeros to which each element is added at its place.
  @specialized(where Scalar == Float)
  func scattered(to places: [Int], shape: [Int]) -> Tensor {
    record([self]) { inputs in
      let added = inputs[0].elements
      var elements = [Scalar](repeating: 0, count: shape.reduce(1, *))
      for index in places.indices { elements[places[index]] += added[index] }
      return Tensor(elements, shape: shape)
    } pullback: { inputs, _, gradient in
      [gradient.gathered(at: places, shape: inputs[0].shape)]
    }
  }

  /// Where the greatest element of each window stands.
  @specialized(where Scalar == Float)
  private func greatestPlaces(height: Int, width: Int) -> [Int] {
    let (rows, columns, channels) = (shape[1] / height, shape[2] / width, shape[3])
    let elements = elements
    var places: [Int] = []
    places.reserveCapacity(shape[0] * rows * columns * channels)
    for image in 0..<shape[0] {
      for row in 0..<rows {
        for column in 0..<columns {
          let corner = ((image * shape[1] + row * height) * shape[2] + column * width) * channels
          for channel in 0..<channels {
            var best = corner + channel
            for y in 0..<height {
              for x in 0..<width {
                let place = corner + (y * shape[2] + x) * channels + channel
                if elements[place] > elements[best] { best = place }
              }
            }
            places.append(best)
          }
        }
      }
    }
    return places
  }
}

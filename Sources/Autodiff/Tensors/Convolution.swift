// Convolution of channels-last images, and the two operations that are its adjoints. Each is linear
// in both arguments, and the gradients of each are the other two, so derivatives of any order exist.

extension Tensor {
  /// The convolution of images `[batch, height, width, channel]` with a filter `[height, width,
  /// channel, filter]`.
  ///
  /// As everywhere in this field, the filter is not mirrored. Nothing is padded: see
  /// ``padded(before:after:along:)``.
  ///
  /// - Precondition: The filter has the channels of the images and fits into them.
  @specialized(where Scalar == Float)
  public func convolved(
    with filter: Tensor, _ geometry: ConvolutionGeometry = ConvolutionGeometry()
  ) -> Tensor {
    let geometry = geometry.applied(to: shape, filter: filter.shape)
    return record([self, filter]) { inputs in
      Tensor(
        Scalar._convolve(inputs[0].elements, inputs[1].elements, geometry), shape: geometry.output)
    } pullback: { inputs, _, gradient, wanted in
      [
        wanted[0] ? gradient.deconvolved(with: inputs[1], geometry) : nil,
        wanted[1] ? inputs[0].filterGradient(gradient, geometry) : nil,
      ]
    }
  }

  /// The gradient of the images, given that of their convolution with `filter`: a convolution with
  /// the mirrored filter.
  @specialized(where Scalar == Float)
  func deconvolved(with filter: Tensor, _ geometry: ConvolutionGeometry) -> Tensor {
    let spread = self.spread(by: geometry.stride.x, along: 1).spread(
      by: geometry.stride.y, along: 2)
    let margin = geometry.reach &- 1
    // Rows and columns at the end that no output pixel reached.
    let restX = geometry.input[1] - (spread.shape[1] + margin.x)
    let restY = geometry.input[2] - (spread.shape[2] + margin.y)
    let padded = spread.padded(before: margin.x, after: margin.x + restX, along: 1)
      .padded(before: margin.y, after: margin.y + restY, along: 2)
    let mirrored = filter.reversed(along: 0).reversed(along: 1).permuted([0, 1, 3, 2])
    return padded.convolved(with: mirrored, ConvolutionGeometry(dilation: geometry.dilation))
  }

  /// The gradient of the filter, given that of the convolution of these images.
  @specialized(where Scalar == Float)
  func filterGradient(_ gradient: Tensor, _ geometry: ConvolutionGeometry) -> Tensor {
    record([self, gradient]) { inputs in
      Tensor(
        Scalar._filterGradient(inputs[0].elements, inputs[1].elements, geometry),
        shape: geometry.filter)
    } pullback: { inputs, _, slope, wanted in
      [
        wanted[0] ? inputs[1].deconvolved(with: slope, geometry) : nil,
        wanted[1] ? inputs[0].convolved(with: slope, geometry) : nil,
      ]
    }
  }

  /// The product of this matrix `[row, k]` with another `[k, column]`.
  ///
  /// - Precondition: The matrices fit.
  @specialized(where Scalar == Float)
  public func matrixProduct(_ other: Tensor) -> Tensor {
    precondition(
      rank == 2 && other.rank == 2 && shape[1] == other.shape[0],
      "matrices of shapes \(shape) and \(other.shape) have no product")
    // A matrix product is a convolution with a filter of one pixel.
    return reshaped(to: [1, 1, shape[0], shape[1]])
      .convolved(with: other.reshaped(to: [1, 1] + other.shape))
      .reshaped(to: [shape[0], other.shape[1]])
  }

  /// The tensor with `step` − 1 zeros between neighbours along `axis`.
  private func spread(by step: Int, along axis: Int) -> Tensor {
    guard step > 1 else { return self }
    // A new axis of length `step` after the axis, only its first element filled.
    var split = shape
    split.insert(1, at: axis + 1)
    var joined = shape
    joined[axis] *= step
    return reshaped(to: split).padded(before: 0, after: step - 1, along: axis + 1)
      .reshaped(to: joined).sliced(0..<joined[axis] - step + 1, along: axis)
  }

  /// The tensor with the order along `axis` reversed.
  @specialized(where Scalar == Float)
  public func reversed(along axis: Int) -> Tensor {
    guard shape[axis] > 1 else { return self }
    return record([self]) { inputs in
      let inner = inputs[0].shape[(axis + 1)...].reduce(1, *)
      let length = inputs[0].shape[axis]
      var elements: [Scalar] = []
      elements.reserveCapacity(inputs[0].count)
      for block in stride(from: 0, to: inputs[0].count, by: length * inner) {
        for row in (0..<length).reversed() {
          let start = block + row * inner
          elements.append(contentsOf: inputs[0].elements[start..<start + inner])
        }
      }
      return Tensor(elements, shape: inputs[0].shape)
    } pullback: { _, _, gradient in
      [gradient.reversed(along: axis)]
    }
  }
}

// Sums along axes, and their adjoint, the repetition along axes.

extension Tensor {
  /// The sum over `axes`, or over all of them, as a tensor without these axes.
  ///
  /// - Parameters:
  ///   - axes: The axes to sum over, where negative ones count from the last; all without it.
  ///   - keepsAxes: Whether the axes stay, with length one.
  /// - Returns: The sums.
  @specialized(where Scalar == Float)
  public func sum(over axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    let axes = Set((axes ?? Array(shape.indices)).map { $0 < 0 ? $0 + rank : $0 })
    precondition(axes.allSatisfy(shape.indices.contains), "shape \(shape) has no axes \(axes)")
    let kept = shape.indices.map { axes.contains($0) ? 1 : shape[$0] }
    let result = record([self]) { inputs in
      var elements = inputs[0].elements
      var current = inputs[0].shape
      for axis in axes.sorted() where current[axis] != 1 {
        elements = Scalar._sum(
          elements, outer: current[..<axis].reduce(1, *), count: current[axis],
          inner: current[(axis + 1)...].reduce(1, *))
        current[axis] = 1
      }
      return Tensor(elements, shape: kept)
    } pullback: { inputs, _, gradient in
      [gradient.repeated(to: inputs[0].shape)]
    }
    guard !keepsAxes else { return result }
    return result.reshaped(to: shape.indices.filter { !axes.contains($0) }.map { shape[$0] })
  }

  /// The mean over `axes`, or over all of them.
  ///
  /// - Parameters:
  ///   - axes: The axes to average over, where negative ones count from the last; all without it.
  ///   - keepsAxes: Whether the axes stay, with length one.
  /// - Returns: The means.
  public func mean(over axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    let sum = sum(over: axes, keepsAxes: keepsAxes)
    return sum * (Scalar(max(sum.count, 1)) / Scalar(max(count, 1)))
  }

  /// The tensor repeated along axes of length one, or missing in front, to fill `shape`.
  @specialized(where Scalar == Float)
  public func repeated(to shape: [Int]) -> Tensor {
    guard self.shape != shape else { return self }
    return record([self]) { inputs in
      let zeros = [Scalar](repeating: 0, count: shape.reduce(1, *))
      return Tensor(
        Scalar._combine(
          .add, zeros, shape, inputs[0].elements, inputs[0].shape, into: shape),
        shape: shape)
    } pullback: { inputs, _, gradient in
      [gradient.summed(to: inputs[0].shape)]
    }
  }

  /// The adjoint of repetition: the sum over all axes along which `shape` would be repeated.
  func summed(to shape: [Int]) -> Tensor {
    guard self.shape != shape else { return self }
    let lead = rank - shape.count
    let axes = self.shape.indices.filter { $0 < lead || shape[$0 - lead] != self.shape[$0] }
    return sum(over: axes, keepsAxes: true).reshaped(to: shape)
  }
}

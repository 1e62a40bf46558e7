// The same elements in another order or shape.

extension Tensor {
  /// The same elements in another shape.
  ///
  /// - Precondition: `shape` holds as many elements.
  @specialized(where Scalar == Float)
  public func reshaped(to shape: [Int]) -> Tensor {
    guard shape != self.shape else { return self }
    precondition(
      shape.reduce(1, *) == count, "\(count) elements of shape \(self.shape) do not fill \(shape)")
    return record([self]) { inputs in
      inputs[0].relabelled(shape)
    } pullback: { inputs, _, gradient in
      [gradient.reshaped(to: inputs[0].shape)]
    }
  }

  /// The tensor whose axis *k* is the axis `order[k]` of this one.
  ///
  /// - Precondition: `order` names every axis once.
  @specialized(where Scalar == Float)
  public func permuted(_ order: [Int]) -> Tensor {
    precondition(order.sorted() == Array(shape.indices), "\(order) is no order of \(rank) axes")
    return record([self]) { inputs in
      permute(inputs[0], order)
    } pullback: { _, _, gradient in
      [gradient.permuted(order.indices.map { axis in order.firstIndex(of: axis) ?? axis })]
    }
  }

  /// The matrix with rows and columns exchanged.
  ///
  /// - Precondition: The tensor is a matrix.
  public func transposed() -> Tensor { permuted([1, 0]) }

  /// The elements at `range` along `axis`.
  ///
  /// - Precondition: The range lies within the axis.
  @specialized(where Scalar == Float)
  public func sliced(_ range: Range<Int>, along axis: Int) -> Tensor {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= shape[axis],
      "\(range) is not within axis \(axis) of shape \(shape)")
    let before = range.lowerBound
    let after = shape[axis] - range.upperBound
    return record([self]) { inputs in
      slice(inputs[0], range, axis)
    } pullback: { _, _, gradient in
      [gradient.padded(before: before, after: after, along: axis)]
    }
  }

  /// The tensor with zeros before and after it along `axis`.
  @specialized(where Scalar == Float)
  public func padded(before: Int, after: Int, along axis: Int) -> Tensor {
    guard before != 0 || after != 0 else { return self }
    precondition(before >= 0 && after >= 0, "padding cannot be negative")
    let length = shape[axis]
    return record([self]) { inputs in
      pad(inputs[0], before, after, axis)
    } pullback: { _, _, gradient in
      [gradient.sliced(before..<before + length, along: axis)]
    }
  }
}

@specialized(where Scalar == Float)
private func permute<Scalar>(_ tensor: Tensor<Scalar>, _ order: [Int]) -> Tensor<Scalar> {
  let shape = order.map { tensor.shape[$0] }
  var strides = [Int](repeating: 1, count: tensor.rank)
  for axis in strides.indices.dropLast().reversed() {
    strides[axis] = strides[axis + 1] * tensor.shape[axis + 1]
  }
  let steps = order.map { strides[$0] }
  var elements: [Scalar] = []
  elements.reserveCapacity(tensor.count)
  var position = [Int](repeating: 0, count: shape.count)
  var place = 0
  while elements.count < tensor.count {
    elements.append(tensor.elements[place])
    for axis in shape.indices.reversed() {
      position[axis] += 1
      place += steps[axis]
      if position[axis] < shape[axis] { break }
      place -= steps[axis] * shape[axis]
      position[axis] = 0
    }
  }
  return Tensor(elements, shape: shape)
}

@specialized(where Scalar == Float)
private func slice<Scalar>(
  _ tensor: Tensor<Scalar>, _ range: Range<Int>, _ axis: Int
) -> Tensor<Scalar> {
  let inner = tensor.shape[(axis + 1)...].reduce(1, *)
  let outer = tensor.shape[..<axis].reduce(1, *)
  var shape = tensor.shape
  shape[axis] = range.count
  var elements: [Scalar] = []
  elements.reserveCapacity(outer * range.count * inner)
  for block in 0..<outer {
    let start = (block * tensor.shape[axis] + range.lowerBound) * inner
    elements.append(contentsOf: tensor.elements[start..<start + range.count * inner])
  }
  return Tensor(elements, shape: shape)
}

@specialized(where Scalar == Float)
private func pad<Scalar>(
  _ tensor: Tensor<Scalar>, _ before: Int, _ after: Int, _ axis: Int
) -> Tensor<Scalar> {
  let inner = tensor.shape[(axis + 1)...].reduce(1, *)
  let outer = tensor.shape[..<axis].reduce(1, *)
  let row = tensor.shape[axis] * inner
  var shape = tensor.shape
  shape[axis] += before + after
  var elements: [Scalar] = []
  elements.reserveCapacity(shape.reduce(1, *))
  for block in 0..<outer {
    elements.append(contentsOf: repeatElement(0, count: before * inner))
    elements.append(contentsOf: tensor.elements[block * row..<(block + 1) * row])
    elements.append(contentsOf: repeatElement(0, count: after * inner))
  }
  return Tensor(elements, shape: shape)
}

// Elements taken from a tensor by their places, and put back there.

extension Tensor {
  /// The slices at `indices` along `axis`, in this order; one may be taken several times.
  ///
  /// - Precondition: Every index lies within the axis.
  public func gathered(at indices: [Int], along axis: Int) -> Tensor {
    let axis = checked(axis)
    precondition(
      indices.allSatisfy { 0..<shape[axis] ~= $0 },
      "the indices \(indices) are not all within axis \(axis) of shape \(shape)")
    var gathered = shape
    gathered[axis] = indices.count
    return self.gathered(at: places(of: indices, along: axis), shape: gathered)
  }

  /// The adjoint of gathering: zeros of length `length` along `axis`, to which each slice of this
  /// tensor is added at its index.
  ///
  /// - Precondition: There is an index for each slice, and it lies within the length.
  public func scatterAdded(at indices: [Int], along axis: Int, length: Int) -> Tensor {
    let axis = checked(axis)
    precondition(
      indices.count == shape[axis] && indices.allSatisfy { 0..<length ~= $0 },
      "\(indices) are not \(shape[axis]) indices below \(length)")
    var scattered = shape
    scattered[axis] = length
    let places = Tensor(zeros: scattered).places(of: indices, along: axis)
    return self.scattered(to: places, shape: scattered)
  }

  /// The greatest of several rows in each column, for a matrix `[row, column]`.
  ///
  /// The same as gathering the rows and taking the maximum over each group of them, without ever
  /// holding all that were gathered. Where several are greatest, the first takes the gradient.
  ///
  /// - Parameters:
  ///   - rows: The rows of the first group, then of the second.
  ///   - size: The rows of a group.
  /// - Returns: The greatest elements, `[group, column]`.
  /// - Precondition: The rows are there, and fill groups of at least one.
  @specialized(where Scalar == Float)
  public func maximum(ofRows rows: [Int], inGroupsOf size: Int) -> Tensor {
    precondition(
      rank == 2 && size > 0 && rows.count.isMultiple(of: size)
        && rows.allSatisfy { 0..<shape[0] ~= $0 },
      "\(rows.count) rows of a tensor of shape \(shape) make no groups of \(size)")
    let columns = shape[1]
    let elements = elements
    var places: [Int] = []
    places.reserveCapacity(rows.count / size * columns)
    var greatest = [Scalar](repeating: 0, count: columns)
    var best = [Int](repeating: 0, count: columns)
    for first in stride(from: 0, to: rows.count, by: size) {
      // Row after row, as they lie in memory.
      for index in first..<first + size {
        let start = rows[index] * columns
        for column in 0..<columns {
          let element = elements[start + column]
          if index == first || element > greatest[column] {
            greatest[column] = element
            best[column] = start + column
          }
        }
      }
      places.append(contentsOf: best)
    }
    return gathered(at: places, shape: [rows.count / size, columns])
  }

  /// Every `step`th slice along `axis`, beginning with the first.
  ///
  /// - Precondition: The step is positive.
  public func strided(by step: Int, along axis: Int) -> Tensor {
    precondition(step > 0, "a stride cannot be \(step)")
    let length = shape[checked(axis)]
    return step == 1
      ? self : gathered(at: Array(stride(from: 0, to: length, by: step)), along: axis)
  }

  /// Tensors one after the other along `axis`.
  ///
  /// - Precondition: There is one at least, and the shapes differ along the axis only.
  public static func concatenated(_ tensors: [Tensor], along axis: Int) -> Tensor {
    precondition(!tensors.isEmpty, "there is nothing to concatenate")
    let axis = tensors[0].checked(axis)
    var shape = tensors[0].shape
    shape[axis] = 0
    for tensor in tensors {
      var other = tensor.shape
      precondition(other.count > axis, "a tensor of shape \(other) has no axis \(axis)")
      shape[axis] += other[axis]
      other[axis] = shape[axis]
      precondition(
        other == shape, "shapes \(tensors.map(\.shape)) differ along other axes than \(axis)")
    }
    let ends = tensors.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.shape[axis]) }
    let whole = shape
    return record(tensors) { inputs in
      var elements: [Scalar] = []
      elements.reserveCapacity(whole.reduce(1, *))
      for block in 0..<whole[..<axis].reduce(1, *) {
        for input in inputs {
          let run = input.shape[axis...].reduce(1, *)
          elements.append(contentsOf: input.elements[block * run..<(block + 1) * run])
        }
      }
      return Tensor(elements, shape: whole)
    } pullback: { inputs, _, gradient in
      inputs.indices.map { gradient.sliced(ends[$0]..<ends[$0 + 1], along: axis) }
    }
  }

  /// Tensors of one shape along a new first axis.
  ///
  /// - Precondition: There is one at least.
  public static func stacked(_ tensors: [Tensor]) -> Tensor {
    concatenated(tensors.map { $0.reshaped(to: [1] + $0.shape) }, along: 0)
  }

  /// The axis counted from the first, where negative ones count from the last.
  func checked(_ axis: Int) -> Int {
    let counted = axis < 0 ? axis + rank : axis
    precondition(shape.indices.contains(counted), "a tensor of shape \(shape) has no axis \(axis)")
    return counted
  }

  /// Where the elements of slices stand in the whole tensor.
  private func places(of indices: [Int], along axis: Int) -> [Int] {
    let inner = shape[(axis + 1)...].reduce(1, *)
    var places: [Int] = []
    for block in 0..<shape[..<axis].reduce(1, *) {
      for index in indices {
        let start = (block * shape[axis] + index) * inner
        places.append(contentsOf: start..<start + inner)
      }
    }
    return places
  }
}

// MARK: - Greatest and least

extension Tensor {
  /// The greatest element over `axes`, or over all of them, as a tensor without these axes.
  ///
  /// Where several are greatest, the first takes the gradient.
  ///
  /// - Parameters:
  ///   - axes: The axes to look along, where negative ones count from the last; all without it.
  ///   - keepsAxes: Whether the axes stay, with length one.
  /// - Returns: The greatest elements.
  /// - Precondition: There is an element to choose.
  public func maximum(over axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    let axes = Set((axes ?? Array(shape.indices)).map(checked))
    let kept = shape.indices.filter { !axes.contains($0) }
    let width = axes.reduce(1) { $0 * shape[$1] }
    precondition(width > 0, "a tensor of shape \(shape) has no greatest element")
    let rows = permuted(kept + axes.sorted())
    let elements = rows.elements
    let places = stride(from: 0, to: count, by: width).map { start in
      (start..<start + width).dropFirst().reduce(start) { best, place in
        elements[place] > elements[best] ? place : best
      }
    }
    let result = shape.indices.compactMap { axis in
      axes.contains(axis) ? (keepsAxes ? 1 : nil) : self.shape[axis]
    }
    return rows.gathered(at: places, shape: result)
  }

  /// The least element over `axes`, or over all of them, as a tensor without these axes.
  ///
  /// Where several are least, the first takes the gradient.
  ///
  /// - Parameters:
  ///   - axes: The axes to look along, where negative ones count from the last; all without it.
  ///   - keepsAxes: Whether the axes stay, with length one.
  /// - Returns: The least elements.
  /// - Precondition: There is an element to choose.
  public func minimum(over axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    -(-self).maximum(over: axes, keepsAxes: keepsAxes)
  }
}

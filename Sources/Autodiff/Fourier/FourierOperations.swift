// Fourier transforms as operations that gradients flow through. A transform is linear, and its
// pullback is its adjoint: of the forward transform the backward one, and of the real transform the
// backward one with the bins doubled or halved that stand for two.

/// The sign of the exponent of a Fourier transform, which is not normalised in either direction.
public enum FourierDirection: Hashable, Sendable {
  /// From samples to a spectrum, with the sign −.
  case forward

  /// From a spectrum to samples, with the sign +; the samples come out multiplied by their number.
  case backward

  var opposite: FourierDirection { self == .forward ? .backward : .forward }
}

extension ComplexTensor {
  /// The unnormalised discrete Fourier transform along `axis`, of any length.
  ///
  /// - Complexity: O(*n* log *n*) for each row, also for prime lengths.
  public func fourierTransformed(
    along axis: Int = -1, _ direction: FourierDirection = .forward
  ) -> ComplexTensor {
    alongLast(axis) { rows in
      ComplexTensor(parts: transformed(rows.parts, direction))
    }
  }

  /// The real signal of `length` samples whose half spectrum this is along `axis`: the unnormalised
  /// backward transform of the whole Hermitian spectrum.
  ///
  /// The imaginary parts of bin zero, and of the last for an even length, belong to no real signal
  /// and are not looked at.
  ///
  /// - Precondition: There are `length` / 2 + 1 bins.
  public func realSignal(length: Int, along axis: Int = -1) -> Tensor<Scalar> {
    let axis = parts.checkedComplex(axis)
    precondition(
      parts.shape[axis] == length / 2 + 1,
      "\(parts.shape[axis]) bins are not the half spectrum of \(length) samples")
    return movedToLast(axis).parts.halfSpectrumToSignal(length: length)
      .movedFromLast(to: axis)
  }

  /// Applies an operation on the last axis to another one.
  private func alongLast(
    _ axis: Int, _ operation: (ComplexTensor) -> ComplexTensor
  ) -> ComplexTensor {
    let axis = parts.checkedComplex(axis)
    return operation(movedToLast(axis)).movedFromLast(to: axis)
  }

  private func movedToLast(_ axis: Int) -> ComplexTensor {
    var order = Array(0..<parts.rank - 1)
    order.append(order.remove(at: axis))
    return ComplexTensor(parts: parts.permuted(order + [parts.rank - 1]))
  }

  fileprivate func movedFromLast(to axis: Int) -> ComplexTensor {
    var order = Array(0..<parts.rank - 1)
    order.insert(order.removeLast(), at: axis)
    return ComplexTensor(parts: parts.permuted(order + [parts.rank - 1]))
  }
}

extension Tensor {
  /// The half spectrum, *n*/2 + 1 bins, of real signals along `axis`: the unnormalised forward
  /// transform without the bins that are conjugates of others.
  public func fourierTransformed(along axis: Int = -1) -> ComplexTensor<Scalar> {
    let axis = checked(axis)
    var order = Array(shape.indices)
    order.append(order.remove(at: axis))
    return ComplexTensor(parts: permuted(order).signalToHalfSpectrum()).movedFromLast(to: axis)
  }

  /// The axis of a complex tensor, which these are the parts of.
  fileprivate func checkedComplex(_ axis: Int) -> Int {
    let counted = axis < 0 ? axis + rank - 1 : axis
    precondition(
      0..<rank - 1 ~= counted, "a complex tensor of shape \(shape.dropLast()) has no axis \(axis)")
    return counted
  }

  fileprivate func movedFromLast(to axis: Int) -> Tensor {
    var order = Array(shape.indices)
    order.insert(order.removeLast(), at: axis)
    return permuted(order)
  }

  /// `[…, sample]` to the parts of a half spectrum, `[…, bin, 2]`.
  private func signalToHalfSpectrum() -> Tensor {
    let length = shape[rank - 1]
    let bins = length / 2 + 1
    return record([self]) { inputs in
      let rows = transformRows(
        inputs[0].elements.flatMap { [Double($0), 0] }, length: length, isBackward: false)
      var elements: [Scalar] = []
      for start in stride(from: 0, to: rows.count, by: 2 * max(length, 1)) {
        elements += rows[start..<start + 2 * bins].map { Scalar($0) }
      }
      return Tensor(elements, shape: inputs[0].shape.dropLast() + [bins, 2])
    } pullback: { _, _, gradient in
      // A bin between the first and the last stands once in this spectrum and twice in a signal's.
      let halves = Tensor.binWeights(length: length, between: 1 / 2)
      return [(gradient * halves).halfSpectrumToSignal(length: length)]
    }
  }

  /// The parts of a half spectrum, `[…, bin, 2]`, to `[…, sample]`.
  fileprivate func halfSpectrumToSignal(length: Int) -> Tensor {
    let bins = length / 2 + 1
    return record([self]) { inputs in
      let half = inputs[0].elements
      var whole = [Double](repeating: 0, count: half.count / (2 * bins) * 2 * length)
      for row in 0..<half.count / (2 * bins) {
        for bin in 0..<bins {
          let (from, to) = (2 * (row * bins + bin), 2 * (row * length + bin))
          let mirror = 2 * (row * length + (length - bin) % length)
          whole[to] = Double(half[from])
          guard mirror != to else { continue }
          whole[to + 1] = Double(half[from + 1])
          whole[mirror] = Double(half[from])
          whole[mirror + 1] = -Double(half[from + 1])
        }
      }
      let rows = transformRows(whole, length: length, isBackward: true)
      return Tensor(
        stride(from: 0, to: rows.count, by: 2).map { Scalar(rows[$0]) },
        shape: inputs[0].shape.dropLast(2) + [length])
    } pullback: { _, _, gradient in
      [gradient.signalToHalfSpectrum() * Tensor.binWeights(length: length, between: 2)]
    }
  }

  /// One for the bins of a half spectrum that stand for themselves, and `between` for those that
  /// stand for their conjugates too, `[bin, 1]`.
  private static func binWeights(length: Int, between: Scalar) -> Tensor {
    let weights = (0...length / 2).map { bin in
      bin == 0 || 2 * bin == length ? 1 : between
    }
    return Tensor(weights, shape: [weights.count, 1])
  }
}

/// The transform of complex rows, `[…, sample, 2]`.
private func transformed<Scalar>(
  _ parts: Tensor<Scalar>, _ direction: FourierDirection
) -> Tensor<Scalar> {
  record([parts]) { inputs in
    let shape = inputs[0].shape
    let rows = transformRows(
      inputs[0].elements.map { Double($0) }, length: shape[shape.count - 2],
      isBackward: direction == .backward)
    return Tensor(rows.map { Scalar($0) }, shape: shape)
  } pullback: { _, _, gradient in
    [transformed(gradient, direction.opposite)]
  }
}

/// Transforms one row of `length` complex numbers after the other, real and imaginary parts in turn.
private func transformRows(_ elements: [Double], length: Int, isBackward: Bool) -> [Double] {
  guard length > 1 else { return elements }
  let transform = DiscreteTransform(length: length)
  var result = elements
  var real = [Double](repeating: 0, count: length)
  var imaginary = [Double](repeating: 0, count: length)
  for start in stride(from: 0, to: elements.count, by: 2 * length) {
    for k in 0..<length {
      real[k] = elements[start + 2 * k]
      imaginary[k] = elements[start + 2 * k + 1]
    }
    transform.transform(&real, &imaginary, isBackward: isBackward)
    for k in 0..<length {
      result[start + 2 * k] = real[k]
      result[start + 2 * k + 1] = imaginary[k]
    }
  }
  return result
}

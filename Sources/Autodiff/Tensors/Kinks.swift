// Functions of elements with kinks and jumps. What counts as the derivative there is stated with each:
// a choice between the slopes on both sides.

extension Tensor {
  /// The absolute value of every element, with the subgradient zero at zero.
  public func absolute() -> Tensor {
    mapped {
      $0.magnitude
    } pullback: { a, _, gradient in
      gradient * a.signs
    }
  }

  /// Minus one, zero or one, as each element is negative, zero or positive: a constant to gradients.
  public var signs: Tensor {
    Tensor(elements.map { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }, shape: shape)
  }

  /// Every element, or the nearer bound where it lies outside.
  ///
  /// The gradient flows through elements within the bounds and on them, so that one that has come to
  /// rest on a bound can leave it again.
  public func clamped(to bounds: ClosedRange<Scalar>) -> Tensor {
    mapped {
      min(max($0, bounds.lowerBound), bounds.upperBound)
    } pullback: { a, _, gradient in
      gradient * a.mask { bounds.contains($0) }
    }
  }

  /// The greater of two elements, which gives half of the gradient to each where they are equal.
  public static func maximum(_ a: Tensor, _ b: Tensor) -> Tensor {
    let shape = broadcastShape(a.shape, b.shape)
    return record([a, b]) { inputs in
      zipped(inputs[0], inputs[1], shape) { $0.isNaN || $0 > $1 ? $0 : $1 }
    } pullback: { inputs, _, gradient in
      let share = zipped(inputs[0], inputs[1], shape) { $0 > $1 ? 1 : $0 == $1 ? 1 / 2 : 0 }
      return [
        (gradient * share).summed(to: inputs[0].shape),
        (gradient * (1 - share)).summed(to: inputs[1].shape),
      ]
    }
  }

  /// The lesser of two elements, which gives half of the gradient to each where they are equal.
  public static func minimum(_ a: Tensor, _ b: Tensor) -> Tensor { -maximum(-a, -b) }

  /// The greater of each element and a number, with half of the gradient where they are equal.
  public static func maximum(_ a: Tensor, _ b: Scalar) -> Tensor { maximum(a, Tensor(b)) }

  /// The lesser of each element and a number, with half of the gradient where they are equal.
  public static func minimum(_ a: Tensor, _ b: Scalar) -> Tensor { minimum(a, Tensor(b)) }
}

// MARK: - Comparison and choice

extension Tensor {
  /// One where an element is greater than the other, and zero elsewhere: a constant to gradients.
  public static func .> (a: Tensor, b: Tensor) -> Tensor { compared(a, b) { $0 > $1 } }

  /// One where an element is less than the other, and zero elsewhere: a constant to gradients.
  public static func .< (a: Tensor, b: Tensor) -> Tensor { compared(a, b) { $0 < $1 } }

  /// One where an element is no less than the other, and zero elsewhere: a constant to gradients.
  public static func .>= (a: Tensor, b: Tensor) -> Tensor { compared(a, b) { $0 >= $1 } }

  /// One where an element is no greater than the other, and zero elsewhere: a constant to gradients.
  public static func .<= (a: Tensor, b: Tensor) -> Tensor { compared(a, b) { $0 <= $1 } }

  /// One where two elements are equal, and zero elsewhere: a constant to gradients.
  public static func .== (a: Tensor, b: Tensor) -> Tensor { compared(a, b) { $0 == $1 } }

  /// One where an element fulfils `condition`, and zero elsewhere: a constant to gradients.
  public func mask(where condition: (Scalar) -> Bool) -> Tensor {
    Tensor(elements.map { condition($0) ? 1 : 0 }, shape: shape)
  }

  /// The elements of `a` where this mask is not zero, and of `b` elsewhere.
  ///
  /// A gradient flows to the chosen elements only, so what is not chosen may be infinite or NaN.
  ///
  /// - Precondition: The three shapes broadcast.
  public func choosing(_ a: Tensor, otherwise b: Tensor) -> Tensor {
    let shape = broadcastShape(broadcastShape(self.shape, a.shape), b.shape)
    let mask = detached.repeated(to: shape)
    return record([a, b]) { inputs in
      let a = inputs[0].repeated(to: shape).elements
      let b = inputs[1].repeated(to: shape).elements
      let chosen = mask.elements
      return Tensor(chosen.indices.map { chosen[$0] != 0 ? a[$0] : b[$0] }, shape: shape)
    } pullback: { inputs, _, gradient in
      let nothing = Tensor(0)
      return [
        mask.choosing(gradient, otherwise: nothing).summed(to: inputs[0].shape),
        mask.choosing(nothing, otherwise: gradient).summed(to: inputs[1].shape),
      ]
    }
  }

  private static func compared(
    _ a: Tensor, _ b: Tensor, _ condition: (Scalar, Scalar) -> Bool
  ) -> Tensor {
    zipped(a.detached, b.detached, broadcastShape(a.shape, b.shape)) { condition($0, $1) ? 1 : 0 }
  }
}

/// A function of the elements of two tensors that are repeated to `shape`, without a gradient.
private func zipped<Scalar>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, _ shape: [Int], _ combine: (Scalar, Scalar) -> Scalar
) -> Tensor<Scalar> {
  let (a, b) = (a.detached.repeated(to: shape), b.detached.repeated(to: shape))
  return Tensor(zip(a.elements, b.elements).map(combine), shape: shape)
}

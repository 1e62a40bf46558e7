// Arithmetic between tensors whose shapes broadcast: aligned at their last axes, two lengths must be
// equal, or one of them one or missing.

extension Tensor {
  /// The sums of elements.
  @specialized(where Scalar == Float)
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    pairwise(.add, a, b) { a, b, _, gradient in
      [gradient.summed(to: a.shape), gradient.summed(to: b.shape)]
    }
  }

  /// The differences of elements.
  @specialized(where Scalar == Float)
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    pairwise(.subtract, a, b) { a, b, _, gradient in
      [gradient.summed(to: a.shape), (-gradient).summed(to: b.shape)]
    }
  }

  /// The products of elements.
  @specialized(where Scalar == Float)
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    pairwise(.multiply, a, b) { a, b, _, gradient in
      [(gradient * b).summed(to: a.shape), (gradient * a).summed(to: b.shape)]
    }
  }

  /// The quotients of elements.
  @specialized(where Scalar == Float)
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    pairwise(.divide, a, b) { a, b, quotient, gradient in
      let share = gradient / b
      return [share.summed(to: a.shape), (-(share * quotient)).summed(to: b.shape)]
    }
  }

  /// The negated elements.
  @specialized(where Scalar == Float)
  public static prefix func - (a: Tensor) -> Tensor {
    elementwise(.negate, a) { _, _, gradient in -gradient }
  }

  /// The sums of elements and a number.
  public static func + (a: Tensor, b: Scalar) -> Tensor { a + Tensor(b) }

  /// The differences of elements and a number.
  public static func - (a: Tensor, b: Scalar) -> Tensor { a - Tensor(b) }

  /// The products of elements and a number.
  public static func * (a: Tensor, b: Scalar) -> Tensor { a * Tensor(b) }

  /// The quotients of elements and a number.
  public static func / (a: Tensor, b: Scalar) -> Tensor { a / Tensor(b) }

  /// The products of a number and elements.
  public static func * (a: Scalar, b: Tensor) -> Tensor { Tensor(a) * b }

  /// The differences of a number and elements.
  public static func - (a: Scalar, b: Tensor) -> Tensor { Tensor(a) - b }

  /// Records a function of two tensors' elements.
  private static func pairwise(
    _ operation: PairwiseOperation, _ a: Tensor, _ b: Tensor,
    pullback:
      @escaping @Sendable (_ a: Tensor, _ b: Tensor, _ result: Tensor, _ gradient: Tensor)
      -> [Tensor]
  ) -> Tensor {
    let shape = broadcastShape(a.shape, b.shape)
    return record([a, b]) { inputs in
      let (a, b) = (inputs[0], inputs[1])
      return Tensor(
        Scalar._combine(operation, a.elements, a.shape, b.elements, b.shape, into: shape),
        shape: shape)
    } pullback: { inputs, result, gradient in
      pullback(inputs[0], inputs[1], result, gradient)
    }
  }

  /// Records a function of one tensor's elements.
  static func elementwise(
    _ operation: ElementwiseOperation, _ a: Tensor,
    pullback: @escaping @Sendable (_ a: Tensor, _ result: Tensor, _ gradient: Tensor) -> Tensor
  ) -> Tensor {
    record([a]) { inputs in
      Tensor(Scalar._map(operation, inputs[0].elements), shape: inputs[0].shape)
    } pullback: { inputs, result, gradient in
      [pullback(inputs[0], result, gradient)]
    }
  }
}

/// The shape to which two shapes broadcast.
func broadcastShape(_ a: [Int], _ b: [Int]) -> [Int] {
  if a == b { return a }
  let rank = max(a.count, b.count)
  let aPadded = Array(repeating: 1, count: rank - a.count) + a
  let bPadded = Array(repeating: 1, count: rank - b.count) + b
  return zip(aPadded, bPadded).map { one, other in
    precondition(one == other || one == 1 || other == 1, "shapes \(a) and \(b) do not broadcast")
    return one == 1 ? other : one
  }
}

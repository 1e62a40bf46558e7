internal import RealModule

// Powers and periodic functions of every element.

extension Tensor {
  /// Every element to the power of `exponent`, as repeated multiplication or division defines it.
  public func raised(to exponent: Int) -> Tensor {
    mapped {
      .pow($0, exponent)
    } pullback: { a, _, gradient in
      exponent == 0
        ? Tensor(zeros: a.shape)
        : gradient * a.raised(to: exponent - 1) * Scalar(exponent)
    }
  }

  /// Every element to the power of `exponent`, which is NaN for a negative element.
  ///
  /// At zero the derivative is zero for exponents above one, and infinite for those below.
  public func raised(to exponent: Scalar) -> Tensor {
    mapped {
      .pow($0, exponent)
    } pullback: { a, _, gradient in
      exponent == 0
        ? Tensor(zeros: a.shape)
        : gradient * a.raised(to: exponent - 1) * exponent
    }
  }

  /// Every element to the power of another, which is NaN for a negative element.
  ///
  /// Where an element is zero its power does not change with the exponent: the derivative is zero.
  public func raised(to exponent: Tensor) -> Tensor {
    let shape = broadcastShape(shape, exponent.shape)
    return record([self, exponent]) { inputs in
      let (base, exponent) = (inputs[0].repeated(to: shape), inputs[1].repeated(to: shape))
      return Tensor(
        zip(base.elements, exponent.elements).map { .pow($0, $1) }, shape: shape)
    } pullback: { inputs, result, gradient, wanted in
      let (base, exponent) = (inputs[0], inputs[1])
      let isZero = base.mask { $0 == 0 }
      return [
        wanted[0]
          ? (gradient * exponent * base.raised(to: exponent - 1)).summed(to: base.shape) : nil,
        wanted[1]
          ? (gradient * result * isZero.choosing(Tensor(1), otherwise: base).logarithm())
            .summed(to: exponent.shape) : nil,
      ]
    }
  }

  /// The sine of every element.
  public func sine() -> Tensor {
    mapped {
      .sin($0)
    } pullback: { a, _, gradient in
      gradient * a.cosine()
    }
  }

  /// The cosine of every element.
  public func cosine() -> Tensor {
    mapped {
      .cos($0)
    } pullback: { a, _, gradient in
      -(gradient * a.sine())
    }
  }

  /// The arctangent of every element.
  public func arctangent() -> Tensor {
    mapped {
      .atan($0)
    } pullback: { a, _, gradient in
      gradient / (a.squared() + 1)
    }
  }

  /// The natural logarithm of one plus the exponential of every element, without overflow.
  public func softplus() -> Tensor {
    mapped {
      max($0, 0) + .log(onePlus: .exp(-$0.magnitude))
    } pullback: { a, _, gradient in
      gradient * a.sigmoid()
    }
  }

  /// Ten times the decimal logarithm of every element, which is a power; what is below `floor`
  /// decibels counts as the floor, and no gradient flows through it.
  ///
  /// - Precondition: The floor, as a power, is a positive number.
  public func decibels(floor: Scalar) -> Tensor {
    let least = Scalar.pow(10, floor / 10)
    precondition(least > 0 && least.isFinite, "\(floor) decibels are no power")
    return clamped(to: least...Scalar.greatestFiniteMagnitude).logarithm() * (10 / .log(10))
  }

  /// Records a function of every element that has no loop of its own.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func mapped(
    _ transform: (Scalar) -> Scalar,
    pullback: @escaping @Sendable (_ a: Tensor, _ result: Tensor, _ gradient: Tensor) -> Tensor
  ) -> Tensor {
    record([self]) { inputs in
      Tensor(inputs[0].elements.map(transform), shape: inputs[0].shape)
    } pullback: { inputs, result, gradient in
      [pullback(inputs[0], result, gradient)]
    }
  }
}

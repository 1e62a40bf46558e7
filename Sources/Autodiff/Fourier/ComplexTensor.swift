/// An array of complex numbers, through which gradients flow.
///
/// To the engine it is a pair of real tensors: the gradient of a loss by *x* + *iy* holds its
/// derivatives by *x* and by *y*, as a complex tensor. That is what steepest descent follows.
public struct ComplexTensor<Scalar: TensorScalar>: ParameterContainer, Equatable, Sendable {
  /// The real and imaginary parts, along a last axis of two.
  public var parts: Tensor<Scalar>

  /// Creates a tensor from parts along a last axis of two.
  ///
  /// - Precondition: The last axis has the length two.
  public init(parts: Tensor<Scalar>) {
    precondition(parts.shape.last == 2, "shape \(parts.shape) does not hold pairs")
    self.parts = parts
  }

  /// Creates a tensor from its real and imaginary parts.
  ///
  /// - Precondition: Both have the same shape.
  public init(real: Tensor<Scalar>, imaginary: Tensor<Scalar>) {
    precondition(
      real.shape == imaginary.shape,
      "real parts of shape \(real.shape) do not fit imaginary ones of \(imaginary.shape)")
    let shape = real.shape + [1]
    parts = .concatenated(
      [real.reshaped(to: shape), imaginary.reshaped(to: shape)], along: shape.count - 1)
  }

  /// Creates a tensor of real numbers.
  public init(real: Tensor<Scalar>) {
    self.init(real: real, imaginary: Tensor(zeros: real.shape))
  }

  /// The number of complex numbers along each axis.
  public var shape: [Int] { parts.shape.dropLast() }

  /// The real parts.
  public var real: Tensor<Scalar> {
    parts.sliced(0..<1, along: parts.rank - 1).reshaped(to: shape)
  }

  /// The imaginary parts.
  public var imaginary: Tensor<Scalar> {
    parts.sliced(1..<2, along: parts.rank - 1).reshaped(to: shape)
  }

  /// Calls `body` with the parts.
  public mutating func visitParameters(_ body: (String, inout Tensor<Scalar>) -> Void) {
    body("parts", &parts)
  }
}

// MARK: - Arithmetic

extension ComplexTensor {
  /// The sums of elements.
  public static func + (a: ComplexTensor, b: ComplexTensor) -> ComplexTensor {
    ComplexTensor(parts: a.parts + b.parts)
  }

  /// The differences of elements.
  public static func - (a: ComplexTensor, b: ComplexTensor) -> ComplexTensor {
    ComplexTensor(parts: a.parts - b.parts)
  }

  /// The products of elements.
  public static func * (a: ComplexTensor, b: ComplexTensor) -> ComplexTensor {
    ComplexTensor(
      real: a.real * b.real - a.imaginary * b.imaginary,
      imaginary: a.real * b.imaginary + a.imaginary * b.real)
  }

  /// The products of complex and real elements, such as those of a signal and a taper.
  public static func * (a: ComplexTensor, b: Tensor<Scalar>) -> ComplexTensor {
    ComplexTensor(parts: a.parts * b.reshaped(to: b.shape + [1]))
  }

  /// The complex conjugates.
  public var conjugated: ComplexTensor {
    ComplexTensor(parts: parts * Tensor([1, -1]))
  }
}

// MARK: - Magnitude

extension ComplexTensor {
  /// The squares of the magnitudes: the power.
  public func squaredMagnitude() -> Tensor<Scalar> { parts.squared().sum(over: [-1]) }

  /// The magnitudes, with the subgradient zero at zero.
  public func magnitude() -> Tensor<Scalar> {
    record([parts]) { inputs in
      let elements = inputs[0].elements
      let magnitudes = stride(from: 0, to: elements.count, by: 2).map { place -> Scalar in
        // Scaled by the greater part, so that nothing overflows.
        let (a, b) = (elements[place].magnitude, elements[place + 1].magnitude)
        let scale = max(a, b)
        guard scale > 0, scale.isFinite else { return a + b }
        return scale * ((a / scale) * (a / scale) + (b / scale) * (b / scale)).squareRoot()
      }
      return Tensor(magnitudes, shape: inputs[0].shape.dropLast())
    } pullback: { inputs, result, gradient in
      let safe = result.mask { $0 == 0 }.choosing(Tensor(1), otherwise: result)
      let share = gradient / safe
      return [inputs[0] * share.reshaped(to: share.shape + [1])]
    }
  }

  /// The power in decibels, 20 log₁₀ |*z*|; what is below `floor` decibels counts as the floor, and
  /// no gradient flows through it.
  public func decibels(floor: Scalar) -> Tensor<Scalar> {
    squaredMagnitude().decibels(floor: floor)
  }
}

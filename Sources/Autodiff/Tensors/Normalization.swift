// Elements brought to zero mean and unit variance, over the axes that define each kind.

extension Tensor {
  /// The elements, less their mean over `axes`, over the root of their variance plus `epsilon`.
  ///
  /// - Parameters:
  ///   - axes: The axes that a mean and a variance are taken over; negative ones count from the last.
  ///   - epsilon: What keeps a variance of zero from being divided by.
  /// - Returns: The normalised elements.
  public func normalized(over axes: [Int], epsilon: Scalar = 1e-5) -> Tensor {
    let centred = self - mean(over: axes, keepsAxes: true)
    let variance = centred.squared().mean(over: axes, keepsAxes: true)
    return centred / (variance + epsilon).squareRoot()
  }

  /// Each channel, which is the last axis, normalised over everything else (Ioffe and Szegedy, 2015).
  public func batchNormalized(epsilon: Scalar = 1e-5) -> Tensor {
    normalized(over: Array(0..<rank - 1), epsilon: epsilon)
  }

  /// Each example normalised over its last axis (Ba, Kiros and Hinton, 2016).
  public func layerNormalized(epsilon: Scalar = 1e-5) -> Tensor {
    normalized(over: [-1], epsilon: epsilon)
  }

  /// Each group of neighbouring channels, `[example, …, channel]`, normalised over all pixels of an
  /// example (Wu and He, 2018).
  ///
  /// - Precondition: The groups share the channels out evenly.
  public func groupNormalized(groups: Int, epsilon: Scalar = 1e-5) -> Tensor {
    precondition(
      rank >= 2 && groups > 0 && shape[rank - 1] % groups == 0,
      "\(groups) groups do not share out the channels of shape \(shape)")
    let channels = shape[rank - 1] / groups
    let pixels = shape[1..<rank - 1].reduce(1, *)
    return reshaped(to: [shape[0], pixels, groups, channels])
      .normalized(over: [1, 3], epsilon: epsilon)
      .reshaped(to: shape)
  }

  /// The logarithms of the probabilities that scores along `axis` stand for.
  public func logSoftmax(along axis: Int) -> Tensor {
    let axis = checked(axis)
    guard axis != rank - 1 else { return logSoftmax() }
    var order = Array(shape.indices)
    order.swapAt(axis, rank - 1)
    return permuted(order).logSoftmax().permuted(order)
  }

  /// The probabilities that scores along `axis` stand for.
  public func softmax(along axis: Int) -> Tensor { logSoftmax(along: axis).exponential() }
}

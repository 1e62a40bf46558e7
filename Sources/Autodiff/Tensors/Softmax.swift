// Probabilities from scores.

extension Tensor {
  /// The logarithms of the probabilities that scores along the last axis stand for:
  /// x − log Σ exp x, without overflow.
  @specialized(where Scalar == Float)
  public func logSoftmax() -> Tensor {
    // A constant subtracted from all scores changes nothing, so no gradient flows through it.
    let width = shape.last ?? 1
    let greatest = stride(from: 0, to: count, by: max(width, 1)).map { start in
      elements[start..<start + width].max() ?? 0
    }
    let shifted = self - Tensor(greatest, shape: shape.dropLast() + [1])
    return shifted - shifted.exponential().sum(over: [-1], keepsAxes: true).logarithm()
  }

  /// The probabilities that scores along the last axis stand for.
  public func softmax() -> Tensor { logSoftmax().exponential() }
}

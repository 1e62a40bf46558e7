internal import Autodiff

// A normalisation by fixed statistics is a product and a sum for each channel, which the layer before
// it can do with its weights: inference then has a layer less.

extension BatchNormalization {
  /// What each channel is multiplied by.
  fileprivate var factor: Tensor<Scalar> { scale / (variance + epsilon).squareRoot() }

  /// The bias that does what the normalisation does to `bias`.
  fileprivate func folded(_ bias: Tensor<Scalar>) -> Tensor<Scalar> {
    (bias - mean) * factor + offset
  }
}

extension Dense {
  /// One layer for this and the normalisation of its outputs by running statistics.
  public func folding(_ normalization: BatchNormalization<Scalar>) -> Dense {
    var layer = self
    layer.weight = weight * normalization.factor
    layer.bias = normalization.folded(bias)
    return layer
  }
}

extension Convolution2D {
  /// One layer for this and the normalisation of its outputs by running statistics.
  public func folding(_ normalization: BatchNormalization<Scalar>) -> Convolution2D {
    var layer = self
    layer.filter = filter * normalization.factor
    layer.bias = normalization.folded(bias)
    return layer
  }
}

extension Convolution1D {
  /// One layer for this and the normalisation of its outputs by running statistics.
  public func folding(_ normalization: BatchNormalization<Scalar>) -> Convolution1D {
    var layer = self
    layer.filter = filter * normalization.factor
    layer.bias = normalization.folded(bias)
    return layer
  }
}

extension Sequential {
  /// The same network for inference: batch normalisations are folded into the layers before them,
  /// and dropout is left out.
  public func folded() -> Sequential {
    var result: [Layer<Scalar>] = []
    for layer in layers {
      switch (result.last, layer) {
      case (_, .dropout): break
      case (.dense(let last)?, .batchNormalization(let normalization)):
        result[result.count - 1] = .dense(last.folding(normalization))
      case (.convolution1D(let last)?, .batchNormalization(let normalization)):
        result[result.count - 1] = .convolution1D(last.folding(normalization))
      case (.convolution2D(let last)?, .batchNormalization(let normalization)):
        result[result.count - 1] = .convolution2D(last.folding(normalization))
      default: result.append(layer)
      }
    }
    return Sequential(result)
  }
}

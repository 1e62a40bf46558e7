package import Autodiff
package import Networks

/// What looks at the range gates of one frame like at a picture, for a streaming network.
///
/// Velocity runs down the picture and range across it, and how loud an echo is makes its brightness. Two
/// small convolutions, each followed by a pooling, find what moves where, and a dense layer notes it.
package struct ImageNetwork: ParameterContainer, Sendable {
  /// The convolutions over velocity and range.
  var layers: [Convolution2D<Float>]

  /// What is noted about an image.
  var embedding: Dense<Float>

  /// The pixels of which only the greatest counts, after each convolution.
  private let poolings: [SIMD2<Int>]

  /// The filters of each convolution.
  private static let filters = [8, 16]

  /// The most gates that are left after the last pooling: more would make a large dense layer.
  private static let mostGates = 4

  /// Creates a network with random weights for images of `size`, velocities by gates, that notes `width`
  /// numbers.
  init(size: SIMD2<Int>, width: Int, using generator: inout SeededGenerator) {
    var (size, channels) = (size, 1)
    layers = []
    var poolings: [SIMD2<Int>] = []
    for (index, filters) in Self.filters.enumerated() {
      layers.append(
        Convolution2D(
          kernel: SIMD2(3, 3), channels: channels, filters: filters, using: &generator))
      var window = SIMD2(min(size.x, 2), min(size.y, 2))
      if index == Self.filters.count - 1 {
        window.y = max(window.y, (size.y + Self.mostGates - 1) / Self.mostGates)
      }
      poolings.append(window)
      (size, channels) = (size / window, filters)
    }
    self.poolings = poolings
    embedding = Dense(inputs: size.x * size.y * channels, outputs: width, using: &generator)
  }

  package mutating func visitParameters(_ body: (String, inout Tensor<Float>) -> Void) {
    layers.visitParameters { body("layers.\($0)", &$1) }
    embedding.visitParameters { body("embedding.\($0)", &$1) }
  }

  /// What is noted about `images` of shape `[frame, velocityBin, gate, 1]`, `[frame, note]`.
  func callAsFunction(_ images: Tensor<Float>) -> Tensor<Float> {
    var images = images
    for (layer, window) in zip(layers, poolings) {
      images = layer.rectified(images, pooling: window)
    }
    return embedding(images.reshaped(to: [images.shape[0], images.count / images.shape[0]]))
  }

  /// The same network as a chain of layers.
  package var chain: Sequential<Float> {
    let seeing = zip(layers, poolings).flatMap { layer, window -> [Layer<Float>] in
      [.convolution2D(layer), .rectifier, .maxPooling(PoolingWindow(window))]
    }
    return Sequential(seeing + [.flattening, .dense(embedding)])
  }
}

import Autodiff
import Networks

/// A network whose training and inference are measured.
protocol BenchNetwork: ParameterContainer, Sendable where Scalar == Float {
  init(using generator: inout SeededGenerator)

  /// The shape of one example.
  static var example: [Int] { get }

  /// The number of classes.
  static var classes: Int { get }

  /// The examples of a shard: what fits into the second level of the cache.
  static var shardSize: Int { get }

  /// The floating-point operations of one example, forward alone and with the way back.
  static var operations: (inference: Double, training: Double) { get }

  /// The scores of the classes for a batch of examples.
  func scores(_ batch: Tensor<Float>) -> Tensor<Float>
}

/// Three convolutions of 3 × 3 on images of 32 × 32, pooled twice, and the mean over what is left.
struct Trunk: ParameterContainer, Sendable {
  var convolutions: [Convolution2D<Float>] = []

  init(_ widths: [Int], using generator: inout SeededGenerator) {
    for (channels, filters) in zip(widths, widths.dropFirst()) {
      convolutions.append(
        Convolution2D(
          kernel: SIMD2(3, 3), channels: channels, filters: filters, using: &generator))
    }
  }

  mutating func visitParameters(_ body: (String, inout Tensor<Float>) -> Void) {
    convolutions.visitParameters(body)
  }

  func features(_ images: Tensor<Float>) -> Tensor<Float> {
    var images = images
    for (index, layer) in convolutions.enumerated() {
      images = layer.rectified(images, pooling: index < 2 ? SIMD2(2, 2) : SIMD2(1, 1))
    }
    return images.averagedOverPixels()
  }

  /// The operations for one image; the first layer needs no gradient of its input.
  static func operations(_ widths: [Int]) -> (inference: Double, training: Double) {
    let layers = [1024, 256, 64].enumerated().map { layer, pixels -> Double in
      let products = 9 * widths[layer] * widths[layer + 1] * pixels
      return Double(2 * products)
    }
    let sum = layers.reduce(0, +)
    return (sum, 3 * sum - layers[0])
  }
}

/// The network `small`: a trunk on one image of three channels, and a dense layer.
struct Small: BenchNetwork {
  var trunk: Trunk
  var output: Dense<Float>

  static let example = [32, 32, 3]
  static let classes = 8
  static let shardSize = 8
  private static let widths = [3, 16, 32, 64]

  init(using generator: inout SeededGenerator) {
    trunk = Trunk(Self.widths, using: &generator)
    output = Dense(inputs: 64, outputs: 8, using: &generator)
  }

  mutating func visitParameters(_ body: (String, inout Tensor<Float>) -> Void) {
    trunk.visitParameters { body("trunk.\($0)", &$1) }
    output.visitParameters { body("output.\($0)", &$1) }
  }

  func scores(_ batch: Tensor<Float>) -> Tensor<Float> { output(trunk.features(batch)) }

  static var operations: (inference: Double, training: Double) {
    let trunk = Trunk.operations(widths)
    let dense = Double(2 * 64 * 8)
    return (trunk.inference + dense, trunk.training + 3 * dense)
  }
}

/// The network `temporal`: a trunk on each of 32 frames, a convolution over frames, and a dense layer.
struct Temporal: BenchNetwork {
  var trunk: Trunk
  var overFrames: Convolution2D<Float>
  var output: Dense<Float>

  static let example = [32, 32, 32, 1]
  static let classes = 11
  static let shardSize = 1
  private static let widths = [1, 8, 16, 32]

  init(using generator: inout SeededGenerator) {
    trunk = Trunk(Self.widths, using: &generator)
    overFrames = Convolution2D(kernel: SIMD2(1, 3), channels: 32, filters: 64, using: &generator)
    output = Dense(inputs: 64, outputs: 11, using: &generator)
  }

  mutating func visitParameters(_ body: (String, inout Tensor<Float>) -> Void) {
    trunk.visitParameters { body("trunk.\($0)", &$1) }
    overFrames.visitParameters { body("overFrames.\($0)", &$1) }
    output.visitParameters { body("output.\($0)", &$1) }
  }

  func scores(_ batch: Tensor<Float>) -> Tensor<Float> {
    let examples = batch.shape[0]
    let features = trunk.features(batch.reshaped(to: [examples * 32, 32, 32, 1]))
    let frames = overFrames.rectified(features.reshaped(to: [examples, 1, 32, 32]))
    return output(frames.averagedOverPixels())
  }

  static var operations: (inference: Double, training: Double) {
    let trunk = Trunk.operations(widths)
    let rest = Double(2 * 3 * 32 * 64 * 32 + 2 * 64 * 11)
    return (32 * trunk.inference + rest, 32 * trunk.training + 3 * rest)
  }
}

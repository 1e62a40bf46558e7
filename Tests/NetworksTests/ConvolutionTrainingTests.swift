import Autodiff
import CAllocationCounter
import Networks
import Testing

/// A small convolutional network that must tell where in an image a spot is.
private struct SpotNetwork: ParameterContainer, Sendable {
  var first: Convolution2D<Float>
  var second: Convolution2D<Float>
  var output: Dense<Float>

  init(using generator: inout SeededGenerator) {
    first = Convolution2D(kernel: SIMD2(3, 3), channels: 1, filters: 8, using: &generator)
    second = Convolution2D(kernel: SIMD2(3, 3), channels: 8, filters: 16, using: &generator)
    output = Dense(inputs: 64, outputs: 4, using: &generator)
  }

  mutating func visitParameters(_ body: (String, inout Tensor<Float>) -> Void) {
    first.visitParameters { body("first.\($0)", &$1) }
    second.visitParameters { body("second.\($0)", &$1) }
    output.visitParameters { body("output.\($0)", &$1) }
  }

  func scores(_ images: Tensor<Float>) -> Tensor<Float> {
    let window = SIMD2(2, 2)
    let pooled = second.rectified(first.rectified(images, pooling: window), pooling: window)
    return output(pooled.reshaped(to: [images.shape[0], 64]))
  }
}

/// Steps of training on spots at random places.
private struct SpotTraining {
  var network: SpotNetwork
  private(set) var losses: [Float] = []
  private var optimizer = Adam<SpotNetwork>()
  private let shards: [(images: Tensor<Float>, targets: Tensor<Float>)]
  private let threads: Int

  init(threads: Int) {
    self.threads = threads
    var generator = SeededGenerator(seed: 11)
    network = SpotNetwork(using: &generator)
    shards = (0..<6).map { _ in
      var images = (0..<8 * 64).map { _ in Float.random(in: 0...0.2, using: &generator) }
      var targets = [Float](repeating: 0, count: 8 * 4)
      for image in 0..<8 {
        let place = Int.random(in: 0..<64, using: &generator)
        images[image * 64 + place] += 1
        targets[image * 4 + place / 32 * 2 + place % 8 / 4] = 1
      }
      return (Tensor(images, shape: [8, 8, 8, 1]), Tensor(targets, shape: [8, 4]))
    }
  }

  mutating func step() {
    let shards = shards
    let (loss, gradient) = parallelValueWithGradient(
      of: network, exampleCount: 48, shardSize: 8, threads: threads
    ) { network, range in
      let (images, targets) = shards[range.lowerBound / 8]
      return network.scores(images).crossEntropy(with: targets) * Float(range.count)
    }
    optimizer.update(&network, along: gradient, learningRate: 0.01)
    losses.append(loss)
  }
}

@Suite("Training of convolutions")
struct ConvolutionTrainingTests {
  @Test("It learns, and every step has the same bits on one, two and eight threads")
  func determinism() {
    var alone = SpotTraining(threads: 1)
    for _ in 0..<40 { alone.step() }
    #expect(alone.losses[39] < 0.2 && alone.losses[0] > 1)
    for threads in [2, 8] {
      var other = SpotTraining(threads: threads)
      for _ in 0..<40 { other.step() }
      #expect(other.losses == alone.losses)
      #expect(other.network.parameters.map(\.value) == alone.network.parameters.map(\.value))
    }
  }

  @Test("From the third step on it asks for no block of memory that the kernels work in")
  func recycling() async {
    // In a process of its own, where no other test takes the memory that waits.
    await #expect(processExitsWith: .success) {
      var training = SpotTraining(threads: 1)
      let start = large_allocation_count()
      for _ in 0..<2 { training.step() }
      let before = large_allocation_count()
      precondition(before > start, "allocations are not counted")
      for _ in 0..<5 { training.step() }
      precondition(large_allocation_count() == before, "memory was not used again")
    }
  }

  @Test("The step of Adam in single precision is that in double precision")
  func precision() {
    var generator = SeededGenerator(seed: 5)
    let start = (0..<37).map { _ in Double.random(in: -1...1, using: &generator) }
    var double = Tensor(start)
    var single = Tensor(start.map(Float.init))
    var doubleOptimizer = Adam<Tensor<Double>>(weightDecay: 0.1)
    var singleOptimizer = Adam<Tensor<Float>>(weightDecay: 0.1)
    for _ in 0..<20 {
      let slopes = (0..<37).map { _ in Double.random(in: -1...1, using: &generator) }
      doubleOptimizer.update(&double, along: Tensor(slopes), learningRate: 0.01)
      singleOptimizer.update(&single, along: Tensor(slopes.map(Float.init)), learningRate: 0.01)
    }
    for (one, other) in zip(single.elements, double.elements) {
      #expect(abs(Double(one) - other) < 1e-6)
    }
  }
}

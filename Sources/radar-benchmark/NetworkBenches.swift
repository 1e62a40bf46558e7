import Autodiff
import Networks

/// The network `small`: three convolutions on images of 32 × 32, and a dense layer.
private struct Small: ParameterContainer, Sendable {
  var convolutions: [Convolution2D<Float>]
  var output: Dense<Float>

  init(using generator: inout SeededGenerator) {
    let widths = [3, 16, 32, 64]
    convolutions = []
    for (channels, filters) in zip(widths, widths.dropFirst()) {
      convolutions.append(
        Convolution2D(
          kernel: SIMD2(3, 3), channels: channels, filters: filters, using: &generator))
    }
    output = Dense(inputs: 64, outputs: 8, using: &generator)
  }

  mutating func visitParameters(_ body: (String, inout Tensor<Float>) -> Void) {
    convolutions.visitParameters { body("convolutions.\($0)", &$1) }
    output.visitParameters { body("output.\($0)", &$1) }
  }

  func scores(_ images: Tensor<Float>) -> Tensor<Float> {
    var images = images
    for (index, layer) in convolutions.enumerated() {
      images = layer(images).rectified()
      if index < 2 { images = images.maxPooled(height: 2, width: 2) }
    }
    return output(images.mean(over: [1, 2]))
  }
}

/// Forward, backward and Adam on `small`, and forward alone.
func trainingBenches() -> [Bench] {
  var benches = [32, 128].flatMap { batch in
    [1, 2].map { threads in
      Bench(name: "train_step", workload: "small \(batch)", threads: threads) {
        trainingStep(batch: batch, threads: threads)
      }
    }
  }
  benches.append(
    Bench(name: "infer", workload: "small") {
      var generator = SeededGenerator(seed: 1)
      let network = Small(using: &generator)
      let image = Tensor(noise(32 * 32 * 3, scale: 1), shape: [1, 32, 32, 3])
      return { _ = network.scores(image) }
    })
  return benches
}

private func trainingStep(batch: Int, threads: Int) -> () -> Void {
  var generator = SeededGenerator(seed: 1)
  var network = Small(using: &generator)
  var optimizer = Adam<Small>()
  let images = noise(batch * 32 * 32 * 3, scale: 1)
  return {
    let (_, gradient) = parallelValueWithGradient(
      of: network, exampleCount: batch, threads: threads
    ) { network, range in
      let width = 32 * 32 * 3
      let part = Array(images[range.lowerBound * width..<range.upperBound * width])
      var targets = [Float](repeating: 0, count: range.count * 8)
      for (row, example) in range.enumerated() { targets[row * 8 + example % 8] = 1 }
      return network.scores(Tensor(part, shape: [range.count, 32, 32, 3]))
        .crossEntropy(with: Tensor(targets, shape: [range.count, 8])) * Float(range.count)
    }
    optimizer.update(&network, along: gradient, learningRate: 1e-3)
  }
}

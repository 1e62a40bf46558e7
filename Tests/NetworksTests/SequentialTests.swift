import Autodiff
import Networks
import Testing

@Suite("Sequential network")
struct SequentialTests {
  private func noise(_ shape: [Int], seed: UInt64) -> Tensor<Float> {
    var generator = SeededGenerator(seed: seed)
    return Tensor(
      (0..<shape.reduce(1, *)).map { _ in .random(in: -1...1, using: &generator) }, shape: shape)
  }

  @Test("A summary says what each layer makes of an input, and what it costs")
  func summary() {
    var generator = SeededGenerator(seed: 1)
    // The network `small` of the benchmarks.
    let widths = [3, 16, 32, 64]
    var layers: [Layer<Float>] = []
    for index in 0..<3 {
      layers += [
        .convolution2D(
          Convolution2D(
            kernel: SIMD2(3, 3), channels: widths[index], filters: widths[index + 1],
            using: &generator)), .rectifier,
      ]
      if index < 2 { layers.append(.maxPooling(PoolingWindow(SIMD2(2, 2)))) }
    }
    layers += [.mean, .dense(Dense(inputs: 64, outputs: 8, using: &generator))]
    let summary = Sequential(layers).summary(input: [1, 32, 32, 3])
    #expect(summary.rows.last?.shape == [1, 8])
    #expect(summary.parameters == 448 + 4640 + 18496 + 520)
    #expect(summary.multiplyAdds == 442_368 + 1_179_648 + 1_179_648 + 512)
    let lines = summary.description.split(separator: "\n")
    #expect(lines.count == summary.rows.count + 3)
    #expect(Set(lines.map(\.count)).count == 1)
    #expect(lines[2].hasPrefix("convolution 3×3") && lines[2].contains("[1, 32, 32, 16]"))
  }

  private func network(generator: inout SeededGenerator) -> Sequential<Float> {
    var network = Sequential<Float>([
      .convolution2D(
        Convolution2D(kernel: SIMD2(3, 3), channels: 2, filters: 4, using: &generator)),
      .batchNormalization(BatchNormalization(channels: 4)), .rectifier,
      .maxPooling(PoolingWindow(SIMD2(2, 2))), .flattening, .dropout(Dropout(rate: 0.5)),
      .dense(Dense(inputs: 36, outputs: 5, using: &generator)),
      .batchNormalization(BatchNormalization(channels: 5)),
    ])
    for seed in 0..<20 as Range<UInt64> {
      var context = TrainingContext<Float>(generator: generator)
      _ = network.training(noise([8, 6, 6, 2], seed: seed) * 2 + 0.5, in: &context)
      network.absorb(context.statistics)
    }
    return network
  }

  @Test("Folding a normalisation changes nothing but the number of layers")
  func folding() {
    var generator = SeededGenerator(seed: 1)
    let network = network(generator: &generator)
    let folded = network.folded()
    #expect(folded.layers.count == 5)
    let input = noise([3, 6, 6, 2], seed: 50)
    for (a, b) in zip(network(input).elements, folded(input).elements) {
      #expect(abs(a - b) < 1e-4)
    }
    let sequences = noise([2, 7, 3], seed: 4)
    var normalization = BatchNormalization<Float>(channels: 4)
    normalization.mean = noise([4], seed: 5)
    normalization.variance = noise([4], seed: 6) + 2
    normalization.scale = noise([4], seed: 7)
    let layer = Convolution1D<Float>(width: 3, channels: 3, filters: 4, using: &generator)
    let pairs = zip(
      normalization(layer(sequences)).elements, layer.folding(normalization)(sequences).elements)
    for (a, b) in pairs { #expect(abs(a - b) < 1e-5) }
  }

  @Test("Pruning leaves the outputs as they are")
  func pruning() {
    var generator = SeededGenerator(seed: 2)
    var layers: [Layer<Float>] = []
    for (channels, filters) in [(2, 6), (6, 5)] {
      layers += [
        .convolution2D(
          Convolution2D(
            kernel: SIMD2(3, 3), channels: channels, filters: filters, using: &generator)),
        .rectifier, .maxPooling(PoolingWindow(SIMD2(2, 2))),
      ]
    }
    layers += [.flattening, .dense(Dense(inputs: 20, outputs: 3, using: &generator))]
    var network = Sequential(layers)
    // Filters 1 and 4 of the first layer and all of the second's but 2 are silent; filter 0 of the
    // first writes a constant, which its readers notice.
    network.visitParameters { name, parameter in
      let silent = name.hasPrefix("0.") ? [0, 1, 4] : name.hasPrefix("3.") ? [0, 1, 3, 4] : []
      let count = parameter.shape.last ?? 1
      parameter = Tensor(
        parameter.elements.enumerated().map { place, element in
          silent.contains(place % count) ? 0 : element
        }, shape: parameter.shape)
      if name == "0.bias" { parameter = Tensor([0.5, 0, 0.1, 0.2, -0.3, 0]) }
    }
    let pruned = network.pruned()
    let input = noise([3, 8, 8, 2], seed: 9)
    let before = network.summary(input: input.shape)
    let after = pruned.summary(input: input.shape)
    #expect(after.rows[0].shape == [3, 8, 8, 4] && after.rows[3].shape == [3, 4, 4, 1])
    #expect(after.parameters < before.parameters / 3)
    #expect(after.multiplyAdds < before.multiplyAdds / 2)
    for (a, b) in zip(network(input).elements, pruned(input).elements) {
      #expect(abs(a - b) < 1e-6)
    }
    #expect(pruned.pruned().parameterCount == pruned.parameterCount)
  }

  @Test(
    "A network trained with the group norm drops filters, and is smaller and faster without them")
  func groupNorm() throws {
    // Which half of an image is brighter: two filters would do, and there are thirty-two.
    var generator = SeededGenerator(seed: 5)
    var network = Sequential<Float>([
      .convolution2D(
        Convolution2D(kernel: SIMD2(3, 3), channels: 1, filters: 32, using: &generator)),
      .rectifier,
      .convolution2D(
        Convolution2D(kernel: SIMD2(3, 3), channels: 32, filters: 32, using: &generator)),
      .rectifier, .maxPooling(PoolingWindow(SIMD2(4, 4))), .flattening,
      .dense(Dense(inputs: 2 * 32, outputs: 2, using: &generator)),
    ])
    var optimizer = ProximalOptimizer(
      GradientDescent<Sequential<Float>>(), penalty: FilterNorm(), weight: 0.1)
    func batch(_ count: Int) -> (Tensor<Float>, [Int]) {
      var images: [Float] = []
      let labels = (0..<count).map { _ in Int.random(in: 0...1, using: &generator) }
      for label in labels {
        for pixel in 0..<32 {
          let isBright = (pixel / 16 == 0) == (label == 0)
          images.append((isBright ? 0.7 : -0.2) + .random(in: -0.5...0.5, using: &generator))
        }
      }
      return (Tensor(images, shape: [count, 8, 4, 1]), labels)
    }
    for _ in 0..<140 {
      let (images, labels) = batch(16)
      let slope = gradient(of: network) { $0(images).crossEntropy(labels: labels) }
      optimizer.update(&network, along: slope, learningRate: 0.2)
    }
    let pruned = network.pruned()
    let (images, labels) = batch(64)
    let summaries = [network, pruned].map { $0.summary(input: images.shape) }
    #expect(summaries[1].parameters < summaries[0].parameters / 2)
    #expect(summaries[1].multiplyAdds < summaries[0].multiplyAdds / 2)
    let scores = pruned(images)
    for (a, b) in zip(network(images).elements, scores.elements) { #expect(abs(a - b) < 1e-4) }
    let right = labels.enumerated().count { row, label in
      (scores.elements[2 * row] > scores.elements[2 * row + 1]) == (label == 0)
    }
    #expect(right >= 60)
    let clock = ContinuousClock()
    let times = [network, pruned].map { network in
      (0..<7).map { _ in clock.measure { _ = network(images) } }.min() ?? .zero
    }
    #expect(times[1] < times[0])
  }
}

import Autodiff
import Networks
import RealModule
import Testing

@Suite("Variational layers")
struct VariationalTests {
  /// A small network with both layers, in double precision.
  private struct Network: ParameterContainer, Sendable {
    var convolution: VariationalConvolution2D<Double>
    var dense: VariationalDense<Double>

    init(seed: UInt64) {
      var generator = SeededGenerator(seed: seed)
      convolution = VariationalConvolution2D(
        Convolution2D(kernel: SIMD2(3, 2), channels: 2, filters: 3, using: &generator),
        deviation: 0.3)
      dense = VariationalDense(
        Dense(inputs: 36, outputs: 2, using: &generator), deviation: 0.2)
    }

    mutating func visitParameters(_ body: (String, inout Tensor<Double>) -> Void) {
      convolution.visitParameters { body("convolution.\($0)", &$1) }
      dense.visitParameters { body("dense.\($0)", &$1) }
    }

    /// The evidence lower bound, negative, with fixed noise.
    func loss(
      _ images: Tensor<Double>, noise: [Tensor<Double>], center: Convolution2D<Double>
    ) -> Tensor<Double> {
      let features = convolution(images, noise: noise[0]).hyperbolicTangent()
      let scores = dense(features.reshaped(to: [2, 36]), noise: noise[1])
      let targets = Tensor([1.0, 0, 0, 1], shape: [2, 2])
      return scores.crossEntropy(with: targets)
        + (convolution.divergence(fromNormal: 0.5, around: center)
          + dense.divergence(fromNormal: 0.5)) * 0.01
    }
  }

  @Test("The gradient of the evidence lower bound is that of central differences, noise fixed")
  func evidence() {
    var generator = SeededGenerator(seed: 4)
    let network = Network(seed: 1)
    let images = Tensor<Double>.normal(shape: [2, 4, 3, 2], using: &generator)
    let noise: [Tensor<Double>] = [
      .normal(shape: [2, 4, 3, 3], using: &generator), .normal(shape: [2, 2], using: &generator),
    ]
    let center = Convolution2D<Double>(
      kernel: SIMD2(3, 2), channels: 2, filters: 3, using: &generator)
    let error = GradientCheck().error(at: network.parameters.map(\.value)) { parameters in
      var moved = network
      var index = 0
      moved.visitParameters { _, parameter in
        parameter = parameters[index]
        index += 1
      }
      return moved.loss(images, noise: noise, center: center)
    }
    #expect(error < 1e-6, "\(error)")
  }

  @Test(
    "The divergence is what draws say it is, around zero and around what was learned",
    arguments: [nil, [0.3, 0.4, 0.5]])
  func divergence(center: [Double]?) {
    var generator = SeededGenerator(seed: 2)
    let mean = Tensor<Double>([0.4, -0.2, 0.9])
    let weights = GaussianWeights(mean: mean, deviation: 0.3)
    let prior = 0.7
    // E[log q(w) − log p(w)] for w from q.
    let draws = 40_000
    var sum = 0.0
    for _ in 0..<draws {
      let noise = Tensor<Double>.normal(shape: [3], using: &generator).elements
      for (index, z) in noise.enumerated() {
        let distance = mean.elements[index] + 0.3 * z - (center?[index] ?? 0)
        sum += -Double.log(0.3) - z * z / 2 + .log(prior)
        sum += distance * distance / (2 * prior * prior)
      }
    }
    let exact = weights.divergence(fromNormal: prior, around: center.map { Tensor($0) }).scalar
    #expect(abs(sum / Double(draws) - exact) < 0.02, "\(sum / Double(draws)) \(exact)")
    let same = GaussianWeights(
      mean: center.map { Tensor($0) } ?? Tensor(zeros: [3]), deviation: prior)
    let nothing = same.divergence(fromNormal: prior, around: center.map { Tensor($0) })
    #expect(abs(nothing.scalar) < 1e-9)
  }

  @Test("Drawing outputs is drawing weights: the means and variances agree")
  func reparameterisation() {
    var generator = SeededGenerator(seed: 3)
    let layer = VariationalDense(
      Dense<Double>(inputs: 4, outputs: 1, using: &generator), deviation: 0.5)
    let input = Tensor<Double>([1, -2, 0.5, 3], shape: [1, 4])
    var direct = (sum: 0.0, squares: 0.0)
    var local = direct
    let draws = 20_000
    for _ in 0..<draws {
      let weights =
        layer.weight.mean + layer.weight.deviation * .normal(shape: [4, 1], using: &generator)
      let bias = layer.bias.mean + layer.bias.deviation * .normal(shape: [1], using: &generator)
      let one = (input.matrixProduct(weights) + bias).scalar
      direct = (direct.sum + one, direct.squares + one * one)
      let other = layer(input, noise: .normal(shape: [1, 1], using: &generator)).scalar
      local = (local.sum + other, local.squares + other * other)
    }
    func moments(_ sums: (sum: Double, squares: Double)) -> (mean: Double, variance: Double) {
      let mean = sums.sum / Double(draws)
      return (mean, sums.squares / Double(draws) - mean * mean)
    }
    let (one, other) = (moments(direct), moments(local))
    #expect(abs(one.mean - other.mean) < 0.06)
    #expect(abs(one.variance / other.variance - 1) < 0.05)
    // 0.25 (1 + 4 + 0.25 + 9) for the weights, 0.25 for the bias.
    #expect(abs(other.variance / 3.8125 - 1) < 0.05)
  }
}

@Suite("Regression with uncertainty")
struct RegressionTests {
  /// A curve through a hidden layer, the last layer being a distribution, and noise of its own.
  private struct Curve: ParameterContainer, Sendable {
    var hidden: Dense<Float>
    var output: VariationalDense<Float>
    var noise = Tensor<Float>(0)

    mutating func visitParameters(_ body: (String, inout Tensor<Float>) -> Void) {
      hidden.visitParameters { body("hidden.\($0)", &$1) }
      output.visitParameters { body("output.\($0)", &$1) }
      body("noise", &noise)
    }

    func value(_ x: Tensor<Float>, noise: Tensor<Float>) -> Tensor<Float> {
      output(hidden(x).hyperbolicTangent(), noise: noise)
    }
  }

  private func examples(
    _ count: Int, using generator: inout SeededGenerator
  ) -> (x: Tensor<Float>, y: Tensor<Float>) {
    let x = (0..<count).map { _ in Float.random(in: -2...2, using: &generator) }
    let noise = Tensor<Float>.normal(shape: [count], using: &generator).elements
    let y = zip(x, noise).map { .sin(2 * $0) + 0.2 * $1 }
    return (Tensor(x, shape: [count, 1]), Tensor(y, shape: [count, 1]))
  }

  @Test("The predictive interval of 95 % holds 95 ± 3 % of new points")
  func coverage() {
    var generator = SeededGenerator(seed: 11)
    let (x, y) = examples(160, using: &generator)
    var curve = Curve(
      hidden: Dense(inputs: 1, outputs: 16, using: &generator),
      output: VariationalDense(Dense(inputs: 16, outputs: 1, using: &generator)))
    var descent = AveragedDescent<Curve>(
      schedule: CosineSchedule(peak: 0.03, warmUp: 20, steps: 900), weightDecay: 0)
    for _ in 0..<900 {
      let draw = Tensor<Float>.normal(shape: [160, 1], using: &generator)
      _ = descent.step(&curve, exampleCount: 160, shardSize: 160, threads: 1) { curve, range in
        // −log of a normal density, and the distance from the prior once for all points.
        let errors = (curve.value(x, noise: draw) - y).squared()
        let precision = (curve.noise * -2).exponential()
        let likelihood = (errors * precision * 0.5 + curve.noise).sum()
        return likelihood + curve.output.divergence(fromNormal: 1)
      }
    }
    curve = descent.averaged(curve)
    let (newX, newY) = examples(4000, using: &generator)
    let draws = (0..<60).map { _ in
      curve.value(newX, noise: .normal(shape: [4000, 1], using: &generator)).elements
    }
    let own = Double.exp(Double(curve.noise.scalar))
    #expect(abs(own / 0.2 - 1) < 0.2, "\(own)")
    var inside = 0
    for index in newY.elements.indices {
      let values = draws.map { Double($0[index]) }
      let mean = values.reduce(0, +) / 60
      let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 59
      let half = 1.96 * (variance + own * own).squareRoot()
      inside += abs(Double(newY.elements[index]) - mean) <= half ? 1 : 0
    }
    let coverage = Double(inside) / 4000
    #expect((0.92...0.98).contains(coverage), "\(coverage)")
  }
}

import Autodiff
import Testing

/// Numbers between −1 and 1 from a seed.
private func noise(_ shape: [Int], using generator: inout SeededGenerator) -> Tensor<Double> {
  Tensor(
    (0..<shape.reduce(1, *)).map { _ in .random(in: -1...1, using: &generator) }, shape: shape)
}

/// A unit of random size, with what it is applied to.
private struct Trial {
  var unit: ConvolutionUnit
  var inputs: [Tensor<Double>]

  /// Whether the result is smooth in all inputs.
  var isSmooth: Bool { !unit.isRectified && unit.window == SIMD2(1, 1) }

  init(seed: Int, channels: ClosedRange<Int>, filters: ClosedRange<Int>, size: ClosedRange<Int>) {
    var generator = SeededGenerator(seed: UInt64(seed))
    func number(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
    let kernel = SIMD2(number(1...3), number(1...4))
    let windows = [SIMD2(1, 1), SIMD2(2, 2), SIMD2(2, 2), SIMD2(2, 1), SIMD2(3, 2)]
    let window = windows[number(0...4)]
    unit = ConvolutionUnit(
      paddingBefore: SIMD2(number(0...kernel.x - 1), number(0...kernel.y - 1)),
      paddingAfter: SIMD2(number(0...kernel.x - 1), number(0...kernel.y - 1)),
      isRectified: number(0...1) == 1, window: window)
    let depth = number(channels)
    let width = number(filters)
    inputs = [
      noise(
        [
          number(1...2), kernel.x + window.x + number(size), kernel.y + window.y + number(size),
          depth,
        ],
        using: &generator),
      noise([kernel.x, kernel.y, depth, width], using: &generator),
      noise([width], using: &generator),
    ]
  }

  func apply<Scalar>(_ inputs: [Tensor<Scalar>]) -> Tensor<Scalar> {
    inputs[0].convolved(with: inputs[1], bias: inputs[2], unit)
  }

  /// The same from separate operations.
  func applySeparately(_ inputs: [Tensor<Double>]) -> Tensor<Double> {
    let padded = inputs[0]
      .padded(before: unit.paddingBefore.x, after: unit.paddingAfter.x, along: 1)
      .padded(before: unit.paddingBefore.y, after: unit.paddingAfter.y, along: 2)
    var result = padded.convolved(with: inputs[1]) + inputs[2]
    if unit.isRectified { result = result.rectified() }
    if unit.window == SIMD2(1, 1) { return result }
    return result.maxPooled(height: unit.window.x, width: unit.window.y)
  }
}

private func relativeError<Scalar>(_ found: Tensor<Scalar>, _ expected: Tensor<Double>) -> Double {
  guard found.shape == expected.shape else { return .infinity }
  let scale = expected.elements.map(abs).max() ?? 0
  let errors = zip(found.elements, expected.elements).map { abs(Double($0) - $1) }
  return (errors.max() ?? 0) / max(scale, 1e-12)
}

@Suite("Convolutional unit")
struct ConvolutionUnitTests {
  @Test("It has the gradients of central differences", arguments: 0..<16)
  func gradients(seed: Int) {
    let trial = Trial(seed: seed, channels: 1...3, filters: 1...3, size: 0...2)
    #expect(GradientCheck().error(at: trial.inputs, of: trial.apply) < 1e-7)
    #expect(GradientCheck().forwardError(at: trial.inputs, of: trial.apply) < 1e-7)
    if trial.isSmooth {
      #expect(GradientCheck().secondOrderError(at: trial.inputs, of: trial.apply) < 1e-6)
    }
  }

  @Test("It is padding, convolution, bias, rectification and pooling", arguments: 0..<16)
  func composition(seed: Int) {
    let trial = Trial(seed: seed + 100, channels: 1...3, filters: 1...3, size: 0...3)
    #expect(
      relativeError(trial.apply(trial.inputs), trial.applySeparately(trial.inputs)) < 1e-12)
    func slopes(_ function: ([Tensor<Double>]) -> Tensor<Double>) -> [Tensor<Double>] {
      gradient(of: trial.inputs) { function($0).squared().sum() }
    }
    for (one, other) in zip(slopes(trial.apply), slopes(trial.applySeparately)) {
      #expect(relativeError(one, other) < 1e-12)
    }
    // The gradient of the gradient takes another way than the kernels.
    func curvatures(_ function: ([Tensor<Double>]) -> Tensor<Double>) -> [Tensor<Double>] {
      gradient(of: trial.inputs) { inputs in
        gradient(of: inputs) { function($0).squared().sum() }
          .reduce(Tensor(0)) { $0 + $1.squared().sum() }
      }
    }
    for (one, other) in zip(curvatures(trial.apply), curvatures(trial.applySeparately)) {
      #expect(relativeError(one, other) < 1e-10)
    }
  }

  @Test("The kernels agree with plain loops in double precision", arguments: 0..<60)
  func kernels(seed: Int) {
    let filters = [1...8, 9...20, 16...16, 32...32, 40...70][seed % 5]
    let channels = [1...1, 2...4, 8...8, 16...16, 5...40][seed / 5 % 5]
    let trial = Trial(seed: seed + 200, channels: channels, filters: filters, size: 0...14)
    let singles = trial.inputs.map { Tensor($0.elements.map(Float.init), shape: $0.shape) }
    // What single precision sees, so that the greatest of a window is the same in both.
    let doubles = singles.map { Tensor($0.elements.map(Double.init), shape: $0.shape) }
    let expected = valueWithGradient(of: doubles) { trial.apply($0).squared().sum() }
    let found = valueWithGradient(of: singles) { trial.apply($0).squared().sum() }
    #expect(relativeError(trial.apply(singles), trial.apply(doubles)) < 2e-6)
    #expect(abs(Double(found.value.scalar) / expected.value.scalar - 1) < 1e-4)
    for (one, other) in zip(found.gradient, expected.gradient) {
      #expect(relativeError(one, other) < 1e-4)
    }
  }

  @Test("What is no number is not rectified away")
  func notANumber() {
    let image = Tensor<Float>([.nan, 1], shape: [1, 1, 2, 1])
    let result = image.convolved(
      with: Tensor([1], shape: [1, 1, 1, 1]), bias: Tensor([-2]),
      ConvolutionUnit(isRectified: true))
    #expect(result.elements[0].isNaN && result.elements[1] == 0)
  }

  @Test("Means over pixels have the gradients of central differences, in both precisions")
  func means() {
    var generator = SeededGenerator(seed: 3)
    let images = noise([2, 3, 4, 19], using: &generator)
    #expect(GradientCheck().error(at: [images]) { $0[0].averagedOverPixels() } < 1e-7)
    #expect(GradientCheck().forwardError(at: [images]) { $0[0].averagedOverPixels() } < 1e-7)
    #expect(GradientCheck().secondOrderError(at: [images]) { $0[0].averagedOverPixels() } < 1e-6)
    #expect(relativeError(images.averagedOverPixels(), images.mean(over: [1, 2])) < 1e-12)
    let singles = Tensor(images.elements.map(Float.init), shape: images.shape)
    let loss = gradient(of: singles) { $0.averagedOverPixels().squared().sum() }
    let expected = gradient(of: images) { $0.averagedOverPixels().squared().sum() }
    #expect(relativeError(loss, expected) < 1e-5)
  }

  @Test("The cross-entropy has the gradients of central differences, whatever targets add up to")
  func crossEntropy() {
    var generator = SeededGenerator(seed: 4)
    let inputs = [noise([3, 5], using: &generator), noise([3, 5], using: &generator)]
    let loss = { (inputs: [Tensor<Double>]) in inputs[0].crossEntropy(with: inputs[1]) }
    #expect(GradientCheck().error(at: inputs, of: loss) < 1e-7)
    #expect(GradientCheck().forwardError(at: inputs, of: loss) < 1e-7)
    #expect(GradientCheck().secondOrderError(at: inputs, of: loss) < 1e-6)
    let expected = -(inputs[0].logSoftmax() * inputs[1]).sum().scalar / 3
    #expect(abs(loss(inputs).scalar - expected) < 1e-12)
    let large = Tensor<Float>([1e4, -1e4], shape: [1, 2])
    #expect(large.crossEntropy(with: Tensor([0, 1], shape: [1, 2])).scalar == 2e4)
  }

  @Test("Shapes and paddings that make no sense trap")
  func misfits() async {
    await #expect(processExitsWith: .failure) {
      _ = ConvolutionUnit(window: SIMD2(0, 1))
    }
    await #expect(processExitsWith: .failure) {
      _ = Tensor<Float>(zeros: [1, 4, 4, 1]).convolved(
        with: Tensor(zeros: [3, 3, 1, 2]), bias: Tensor(zeros: [2]),
        ConvolutionUnit(paddingBefore: SIMD2(3, 0)))
    }
    await #expect(processExitsWith: .failure) {
      _ = Tensor<Float>(zeros: [1, 4, 4, 1]).convolved(
        with: Tensor(zeros: [3, 3, 1, 2]), bias: Tensor(zeros: [1]), ConvolutionUnit())
    }
  }
}

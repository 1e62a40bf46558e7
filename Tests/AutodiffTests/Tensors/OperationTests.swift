import Autodiff
import Testing

/// Numbers between −1 and 1 that look random and are the same on every run.
private func noise(_ shape: [Int], seed: Int = 1) -> Tensor<Double> {
  let elements = (0..<shape.reduce(1, *)).map { index -> Double in
    let mixed = (index + seed * 31) * 7919 + 104_729
    return Double(mixed % 1009) / 504.5 - 1
  }
  return Tensor(elements, shape: shape)
}

@Suite("Tensor operations")
struct OperationTests {
  private typealias Function = ([Tensor<Double>]) -> Tensor<Double>

  private func check(
    _ name: String, _ inputs: [Tensor<Double>], isSmooth: Bool = true, _ function: Function
  ) {
    expectDerivatives(of: name, at: inputs, isSmooth: isSmooth, function)
  }

  @Test("Arithmetic has the gradients of central differences, whatever broadcasts")
  func arithmetic() {
    let shapes = [
      ([2, 3], [2, 3]), ([2, 3], [3]), ([2, 1], [3]), ([3], []), ([2, 1, 3], [4, 1]),
    ]
    for (one, other) in shapes {
      for (a, b) in [(noise(one), noise(other, seed: 2)), (noise(other, seed: 3), noise(one))] {
        check("+ \(one) \(other)", [a, b]) { $0[0] + $0[1] }
        check("- \(one) \(other)", [a, b]) { $0[0] - $0[1] }
        check("* \(one) \(other)", [a, b]) { $0[0] * $0[1] }
        check("/ \(one) \(other)", [a, b]) { $0[0] / ($0[1].squared() + 1) }
      }
    }
  }

  @Test("Functions of elements have the gradients of central differences")
  func elementwise() {
    let a = noise([2, 5])
    check("exp", [a]) { $0[0].exponential() }
    check("log", [a]) { ($0[0].squared() + 0.5).logarithm() }
    check("sqrt", [a]) { ($0[0].squared() + 0.5).squareRoot() }
    check("tanh", [a]) { $0[0].hyperbolicTangent() }
    check("sigmoid", [a]) { $0[0].sigmoid() }
    check("relu", [a], isSmooth: false) { $0[0].rectified() }
    check("negation", [a]) { -$0[0] }
  }

  @Test("Sums and rearrangements have the gradients of central differences")
  func shapes() {
    let a = noise([2, 3, 4])
    for axes in [[0], [1], [2], [0, 2], [-1], [0, 1, 2]] {
      check("sum over \(axes)", [a]) { $0[0].sum(over: axes) }
      check("mean over \(axes)", [a]) { $0[0].mean(over: axes, keepsAxes: true) }
    }
    check("permutation", [a]) { $0[0].permuted([2, 0, 1]) }
    check("reshaping", [a]) { $0[0].reshaped(to: [4, 6]) }
    check("reversal", [a]) { $0[0].reversed(along: 1) }
    for axis in 0..<3 {
      check("slice", [a]) { $0[0].sliced(1..<2, along: axis) }
      check("padding", [a]) { $0[0].padded(before: 1, after: 2, along: axis) }
    }
    check("repetition", [noise([3, 1])]) { $0[0].repeated(to: [2, 3, 4]) }
  }

  @Test("Convolutions have the gradients of central differences", arguments: 0..<12)
  func convolutions(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let stride = SIMD2(
      Int.random(in: 1...3, using: &generator), .random(in: 1...3, using: &generator))
    let dilation = SIMD2(
      Int.random(in: 1...2, using: &generator), .random(in: 1...2, using: &generator))
    let filter = [
      Int.random(in: 1...3, using: &generator), .random(in: 1...3, using: &generator),
      .random(in: 1...3, using: &generator), .random(in: 1...3, using: &generator),
    ]
    let images = [
      Int.random(in: 1...2, using: &generator), .random(in: 5...7, using: &generator),
      .random(in: 5...7, using: &generator), filter[2],
    ]
    check("convolution \(images) \(filter)", [noise(images), noise(filter, seed: 5)]) {
      $0[0].convolved(with: $0[1], ConvolutionGeometry(stride: stride, dilation: dilation))
    }
  }

  @Test("Matrix product, pooling and soft-max have the gradients of central differences")
  func others() {
    check("matrix product", [noise([2, 3]), noise([3, 4], seed: 2)]) { $0[0].matrixProduct($0[1]) }
    let images = noise([2, 5, 4, 3])
    check("max pooling", [images], isSmooth: false) { $0[0].maxPooled(height: 2, width: 2) }
    check("average pooling", [images]) { $0[0].averagePooled(height: 2, width: 3) }
    check("log-soft-max", [noise([3, 4])]) { $0[0].logSoftmax() }
    check("cross-entropy", [noise([3, 4])]) {
      $0[0].crossEntropy(with: Tensor(repeating: 0.25, shape: [3, 4]))
    }
  }

  @Test("The fast convolution agrees with the plain one", arguments: 0..<20)
  func kernels(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let channels = Int.random(in: 1...20, using: &generator)
    let filters = Int.random(in: 1...70, using: &generator)
    let size = Int.random(in: 3...20, using: &generator)
    let kernel = Int.random(in: 1...3, using: &generator)
    let geometry = ConvolutionGeometry(
      stride: SIMD2(repeating: .random(in: 1...2, using: &generator)),
      dilation: SIMD2(repeating: size >= 7 ? 2 : 1))
    let images = noise([2, size, size + 1, channels])
    let filter = noise([kernel, kernel, channels, filters], seed: 4)
    let loss = { (inputs: [Tensor<Double>]) in
      inputs[0].convolved(with: inputs[1], geometry).squared().sum()
    }
    let expected = valueWithGradient(of: [images, filter], loss)
    let singles = [images, filter].map { Tensor($0.elements.map(Float.init), shape: $0.shape) }
    let found = valueWithGradient(of: singles) {
      $0[0].convolved(with: $0[1], geometry).squared().sum()
    }
    #expect(abs(Double(found.value.scalar) / expected.value.scalar - 1) < 1e-4)
    for (one, other) in zip(found.gradient, expected.gradient) {
      let scale = other.elements.map(abs).max() ?? 1
      for (a, b) in zip(one.elements, other.elements) {
        #expect(abs(Double(a) - b) < 1e-4 * scale)
      }
    }
  }

  @Test("A gradient inside a gradient sees the outer variable as a number")
  func perturbations() {
    // d/dx [x · d/dy (x + y)] at any y is 1, and is 2 if the perturbations are confused.
    let derivative = gradient(of: Tensor(3.0)) { x in
      x * gradient(of: Tensor(5.0)) { y in x + y }
    }
    #expect(derivative.scalar == 1)
  }

  @Test("A detached tensor has no gradient")
  func detached() {
    let derivative = gradient(of: Tensor(3.0)) { x in x * x.detached }
    #expect(derivative.scalar == 3)
  }

  @Test("A chain of a hundred thousand steps is differentiated and released")
  func deepChain() {
    let derivative = gradient(of: Tensor(1.0)) { x in
      (0..<100_000).reduce(x) { sum, _ in sum + x }
    }
    #expect(derivative.scalar == 100_001)
  }

  @Test("Shapes that do not fit trap")
  func misfits() async {
    await #expect(processExitsWith: .failure) { _ = Tensor<Float>([1, 2, 3], shape: [2]) }
    await #expect(processExitsWith: .failure) {
      _ = Tensor<Float>(zeros: [2, 3]) + Tensor<Float>(zeros: [2])
    }
    await #expect(processExitsWith: .failure) {
      _ = Tensor<Float>(zeros: [1, 2, 2, 1]).convolved(with: Tensor(zeros: [3, 3, 1, 1]))
    }
  }
}

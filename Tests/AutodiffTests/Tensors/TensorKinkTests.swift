import Autodiff
import RealModule
import Testing

@Suite("Kinks, jumps and powers of tensors")
struct TensorKinkTests {
  private func slopes(
    at x: [Double], _ function: (Tensor<Double>) -> Tensor<Double>
  ) -> [Double] {
    gradient(of: Tensor(x)) { function($0).sum() }.elements
  }

  @Test("The subgradients are those that are stated")
  func subgradients() {
    #expect(slopes(at: [-2, 0, 3]) { $0.absolute() } == [-1, 0, 1])
    #expect(slopes(at: [-2, 0, 3]) { $0.rectified() } == [0, 0, 1])
    #expect(slopes(at: [-2, -1, 0, 1, 2]) { $0.clamped(to: -1...1) } == [0, 1, 1, 1, 0])
    #expect(slopes(at: [-2, 0, 3]) { .maximum($0, 0) } == [0, 0.5, 1])
    #expect(slopes(at: [-2, 0, 3]) { .minimum($0, 0) } == [1, 0.5, 0])
    #expect(slopes(at: [2, 5, 5, 1]) { $0.maximum() } == [0, 1, 0, 0])
    #expect(slopes(at: [2, 1, 5, 1]) { $0.minimum() } == [0, 1, 0, 0])
    #expect(slopes(at: [-2, 0, 3]) { $0.signs * 2 } == [0, 0, 0])
    #expect(slopes(at: [0, 2]) { $0.raised(to: 1.5) } == [0, 1.5 * 2.0.squareRoot()])
    #expect(slopes(at: [0, 2]) { $0.raised(to: 0.0) } == [0, 0])
    #expect(slopes(at: [1e-9, 1, 10]) { $0.decibels(floor: -60) }.first == 0)
    let ties = gradient(of: [Tensor([1.0, 2]), Tensor([1.0])]) { pair in
      Tensor.maximum(pair[0], pair[1]).sum()
    }
    #expect(ties[0].elements == [0.5, 1] && ties[1].elements == [0.5])
    let magnitude = gradient(of: ComplexTensor(parts: Tensor([0.0, 0, 0, -4], shape: [2, 2]))) {
      $0.magnitude().sum()
    }
    #expect(magnitude.parts.elements == [0, 0, 0, -1])
  }

  @Test("Max pooling gives the gradient to the first of equals")
  func pooledTies() {
    let images = Tensor<Double>(repeating: 1, shape: [1, 2, 2, 1])
    let both = [
      gradient(of: images) { $0.maxPooled(height: 2, width: 2).sum() },
      gradient(of: images) { $0.maxPooled(PoolingWindow(SIMD2(2, 2))).sum() },
    ]
    for slope in both { #expect(slope.elements == [1, 0, 0, 0]) }
  }

  @Test("Between the kinks they have the derivatives of differences", arguments: 0..<4)
  func smoothParts(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let shape = generator.shape(rank: 2)
    let (a, b) = (generator.tensor(shape), generator.tensor([shape[1]]))
    expectDerivatives(of: "absolute value", at: [a], isSmooth: false) { $0[0].absolute() }
    expectDerivatives(of: "clamp", at: [a], isSmooth: false) { $0[0].clamped(to: -0.5...0.5) }
    expectDerivatives(of: "maximum", at: [a, b], isSmooth: false) { .maximum($0[0], $0[1]) }
    expectDerivatives(of: "minimum", at: [a, b], isSmooth: false) { .minimum($0[0], $0[1]) }
    expectDerivatives(of: "choice", at: [a, b]) {
      ($0[0].detached .> $0[1].detached).choosing($0[0].squared(), otherwise: $0[1].exponential())
    }
    expectDerivatives(of: "sine", at: [a]) { $0[0].sine() }
    expectDerivatives(of: "cosine", at: [a]) { $0[0].cosine() }
    expectDerivatives(of: "arctangent", at: [a]) { $0[0].arctangent() }
    expectDerivatives(of: "softplus", at: [a]) { ($0[0] * 5).softplus() }
    expectDerivatives(of: "cube", at: [a]) { $0[0].raised(to: 3) }
    expectDerivatives(of: "inverse square", at: [a]) { ($0[0] + 3).raised(to: -2) }
    expectDerivatives(of: "real power", at: [a]) { ($0[0] + 2).raised(to: 1.7) }
    expectDerivatives(of: "power of tensors", at: [a, b]) { ($0[0] + 2).raised(to: $0[1]) }
    expectDerivatives(of: "decibels", at: [a]) { ($0[0] + 2).decibels(floor: -100) }
  }

  @Test("What is not chosen may be infinite")
  func choice() {
    let x = Tensor([0.0, 4])
    let slope = gradient(of: x) { x in
      (x .> Tensor(0)).choosing(x.squareRoot(), otherwise: Tensor(1)).sum()
    }
    #expect(slope.elements[1] == 0.25)
    #expect((x .== Tensor(4)).elements == [0, 1] && (x .< Tensor(4)).elements == [1, 0])
    #expect((x .>= Tensor(4)).elements == [0, 1])
  }

  @Test("Softplus does not overflow")
  func softplus() {
    let values = Tensor([-1000.0, 0, 1000]).softplus().elements
    #expect(values[0] == 0 && abs(values[1] - .log(2)) < 1e-15 && values[2] == 1000)
  }
}

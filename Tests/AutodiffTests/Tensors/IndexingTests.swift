import Autodiff
import Testing

@Suite("Indexing and normalisation")
struct IndexingTests {
  @Test("Gathering takes slices in any order", arguments: 0..<3)
  func gathering(axis: Int) {
    let tensor = Tensor((0..<24).map(Double.init), shape: [2, 3, 4])
    let taken = tensor.gathered(at: [1, 0, 1], along: axis)
    let parts = [1, 0, 1].map { tensor.sliced($0..<$0 + 1, along: axis) }
    #expect(taken == .concatenated(parts, along: axis))
    #expect(tensor.gathered(at: [1], along: axis - 3) == parts[0])
  }

  @Test("Scattering is the adjoint of gathering", arguments: 0..<6)
  func adjoint(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let axis = seed % 3
    let tensor = generator.tensor(generator.shape(rank: 3))
    let indices = (0..<5).map { _ in Int.random(in: 0..<tensor.shape[axis], using: &generator) }
    let gathered = tensor.gathered(at: indices, along: axis)
    let other = generator.tensor(gathered.shape)
    let scattered = other.scatterAdded(at: indices, along: axis, length: tensor.shape[axis])
    #expect(scattered.shape == tensor.shape)
    #expect(abs(((gathered * other).sum() - (tensor * scattered).sum()).scalar) < 1e-12)
    expectDerivatives(of: "gathering", at: [tensor]) {
      $0[0].squared().gathered(at: indices, along: axis)
    }
    expectDerivatives(of: "scattering", at: [other]) {
      $0[0].squared().scatterAdded(at: indices, along: axis, length: 4)
    }
  }

  @Test("The greatest of rows is that of what was gathered, derivatives included", arguments: 0..<4)
  func greatestRows(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let tensor = generator.tensor([5, 3])
    let size = seed + 1
    let rows = (0..<4 * size).map { _ in Int.random(in: 0..<5, using: &generator) }
    let gathered = tensor.gathered(at: rows, along: 0).reshaped(to: [4, size, 3])
    #expect(tensor.maximum(ofRows: rows, inGroupsOf: size) == gathered.maximum(over: [1]))
    expectDerivatives(of: "greatest of rows", at: [tensor]) {
      $0[0].squared().maximum(ofRows: rows, inGroupsOf: size)
    }
  }

  @Test("Concatenation, slices and strides have the derivatives of differences", arguments: 0..<6)
  func concatenation(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let axis = seed % 3
    let one = generator.tensor(generator.shape(rank: 3))
    var shape = one.shape
    shape[axis] = 2
    let other = generator.tensor(shape)
    let whole = Tensor.concatenated([one, other], along: axis)
    #expect(whole.sliced(0..<one.shape[axis], along: axis) == one)
    expectDerivatives(of: "concatenation", at: [one, other]) {
      .concatenated([$0[0], $0[1], $0[0] * 2], along: axis)
    }
    expectDerivatives(of: "stride", at: [whole]) { $0[0].strided(by: 2, along: axis) }
    expectDerivatives(of: "stack", at: [one, generator.tensor(one.shape)]) { .stacked($0) }
    expectDerivatives(of: "slice of a slice", at: [whole]) {
      $0[0].sliced(1..<2, along: axis).squared().padded(before: 1, after: 0, along: axis)
    }
  }

  @Test("The greatest and the least have the derivatives of differences", arguments: 0..<8)
  func extremes(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let tensor = generator.tensor(generator.shape(rank: 3))
    let axes = [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2], [-1]][seed]
    let greatest = tensor.maximum(over: axes, keepsAxes: true)
    #expect((tensor .<= greatest).elements.allSatisfy { $0 == 1 })
    #expect((tensor .== greatest).sum(over: axes).elements.allSatisfy { $0 == 1 })
    expectDerivatives(of: "maximum", at: [tensor], isSmooth: false) { $0[0].maximum(over: axes) }
    expectDerivatives(of: "minimum", at: [tensor], isSmooth: false) { $0[0].minimum(over: axes) }
  }

  @Test("Normalisations have the derivatives of differences", arguments: 0..<4)
  func normalisations(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let images = generator.tensor([2, 2] + generator.shape(rank: 1) + [4])
    expectDerivatives(of: "batch norm", at: [images]) { $0[0].batchNormalized(epsilon: 0.1) }
    expectDerivatives(of: "layer norm", at: [images]) { $0[0].layerNormalized(epsilon: 0.1) }
    expectDerivatives(of: "group norm", at: [images]) {
      $0[0].groupNormalized(groups: 2, epsilon: 0.1)
    }
    expectDerivatives(of: "soft-max", at: [images]) { $0[0].softmax(along: seed % 4) }
    expectDerivatives(of: "log-soft-max", at: [images]) { $0[0].logSoftmax(along: seed % 4) }
    let sums = images.softmax(along: seed % 4).sum(over: [seed % 4])
    #expect(sums.elements.allSatisfy { abs($0 - 1) < 1e-12 })
    let normal = images.groupNormalized(groups: 4, epsilon: 0)
    #expect(normal.mean(over: [1, 2]).elements.allSatisfy { abs($0) < 1e-12 })
    let variances = normal.squared().mean(over: [1, 2]).elements
    #expect(variances.allSatisfy { abs($0 - 1) < 1e-9 })
  }

  @Test("Indices and shapes that do not fit trap")
  func misfits() async {
    await #expect(processExitsWith: .failure) {
      _ = Tensor<Float>(zeros: [2, 3]).gathered(at: [3], along: 1)
    }
    await #expect(processExitsWith: .failure) {
      _ = Tensor<Float>(zeros: [2, 3]).scatterAdded(at: [0], along: 1, length: 4)
    }
    await #expect(processExitsWith: .failure) {
      _ = Tensor<Float>(zeros: [2, 3]).maximum(ofRows: [0, 1, 0], inGroupsOf: 2)
    }
    await #expect(processExitsWith: .failure) {
      _ = Tensor<Float>.concatenated([Tensor(zeros: [2, 3]), Tensor(zeros: [3, 3])], along: 1)
    }
    await #expect(processExitsWith: .failure) {
      _ = Tensor<Float>(zeros: [2, 0]).maximum(over: [1])
    }
    await #expect(processExitsWith: .failure) {
      _ = Tensor<Float>(zeros: [2, 5]).groupNormalized(groups: 2)
    }
  }
}

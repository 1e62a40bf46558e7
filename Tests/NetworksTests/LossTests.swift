import Autodiff
import Networks
import Testing

@Suite("Losses")
struct LossTests {
  private struct Goldens: Decodable {
    var tolerance: Double
    var labels: [Int]
    var classWeights: [Double]
    var cases: [GoldenCase]
  }

  private func loss<Scalar>(
    _ name: String, _ inputs: [Tensor<Scalar>], _ labels: [Int], _ weights: [Scalar]
  ) -> Tensor<Scalar> {
    switch name {
    case "crossEntropy": inputs[0].crossEntropy(labels: labels)
    case "crossEntropy-smoothed": inputs[0].crossEntropy(labels: labels, smoothing: 0.1)
    case "crossEntropy-weighted": inputs[0].crossEntropy(labels: labels, classWeights: weights)
    case "crossEntropy-both":
      inputs[0].crossEntropy(labels: labels, smoothing: 0.2, classWeights: weights)
    case "focal": inputs[0].focalLoss(labels: labels)
    case "focal-weighted":
      inputs[0].focalLoss(labels: labels, focus: 1.5, classWeights: weights)
    case "meanSquare": inputs[0].meanSquaredError(from: inputs[1])
    case "contrastive":
      inputs[0].contrastiveLoss(with: inputs[1], areSame: [true, false, false], margin: 3)
    default: inputs[0].normalizedContrastiveLoss(with: inputs[1])
    }
  }

  @Test("Every loss has PyTorch's values and gradients, and right derivatives of both orders")
  func goldens() throws {
    let goldens = try golden("losses", as: Goldens.self)
    #expect(goldens.cases.count == 9)
    for golden in goldens.cases {
      let double = { (inputs: [Tensor<Double>]) in
        loss(golden.name, inputs, goldens.labels, goldens.classWeights)
      }
      expect(golden, within: goldens.tolerance, double: double) {
        loss(golden.name, $0, goldens.labels, goldens.classWeights.map(Float.init))
      }
      let inputs = golden.inputs.map(\.tensor)
      #expect(GradientCheck().error(at: inputs, of: double) < 1e-7, "\(golden.name)")
      #expect(GradientCheck().forwardError(at: inputs, of: double) < 1e-7, "\(golden.name)")
      #expect(GradientCheck().secondOrderError(at: inputs, of: double) < 1e-6, "\(golden.name)")
    }
  }

  @Test("Without focus the focal loss is the cross-entropy")
  func focus() {
    let scores = Tensor([0.5, -1, 2, 0, 1, 1], shape: [2, 3])
    let focal = scores.focalLoss(labels: [2, 0], focus: 0).scalar
    #expect(abs(focal - scores.crossEntropy(labels: [2, 0]).scalar) < 1e-15)
    let sure = Tensor([1000.0, 0], shape: [1, 2])
    #expect(gradient(of: sure) { $0.focalLoss(labels: [0]) }.elements == [0, 0])
  }

  @Test("Embeddings that meet have a slope of zero")
  func meeting() {
    let point = Tensor([1.0, 2], shape: [1, 2])
    let slope = gradient(of: point) { $0.contrastiveLoss(with: point, areSame: [false]) }
    #expect(slope.elements == [0, 0])
  }

  @Test("Labels that do not fit trap")
  func misfits() async {
    await #expect(processExitsWith: .failure) {
      _ = Tensor<Float>(zeros: [2, 3]).crossEntropy(labels: [0, 3])
    }
    await #expect(processExitsWith: .failure) {
      _ = Tensor<Float>(zeros: [2, 3]).meanSquaredError(from: Tensor(zeros: [3]))
    }
  }
}

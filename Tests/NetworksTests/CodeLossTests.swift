import Autodiff
import Networks
import Testing

@Suite("Code loss")
struct CodeLossTests {
  private func noise(_ shape: [Int], seed: UInt64) -> Tensor<Double> {
    var generator = SeededGenerator(seed: seed)
    return Tensor(
      (0..<shape.reduce(1, *)).map { _ in Double.random(in: -1...1, using: &generator) },
      shape: shape)
  }

  @Test("It has the gradient of central differences")
  func gradients() {
    let error = GradientCheck().error(
      at: [noise([6, 5], seed: 1), noise([3, 5], seed: 2)]
    ) { inputs in
      CodeLoss()(inputs[0], labels: [0, 1, 0, 2, 1, 0], proxies: inputs[1], steepness: 1.5)
    }
    #expect(error < 1e-7)
  }

  @Test("Codes that agree within classes and differ between them cost least")
  func order() {
    // Two classes whose codes differ in every bit.
    let proxies = Tensor<Double>([3, 3, -3, -3, -3, -3, 3, 3], shape: [2, 4])
    func cost(_ rows: [[Double]]) -> Double {
      CodeLoss()(
        Tensor(Array(rows.joined()), shape: [4, 4]), labels: [0, 0, 1, 1], proxies: proxies,
        steepness: 1
      ).scalar
    }
    let (one, other) = ([3.0, 3, -3, -3], [-3.0, -3, 3, 3])
    let right = cost([one, one, other, other])
    #expect(right < cost([one, other, one, other]))
    #expect(right < cost([one, one, one, one]))
    let vague = [0.2, 0.2, -0.2, -0.2]
    #expect(right < cost([vague, vague, vague.map { -$0 }, vague.map { -$0 }]))
  }
}

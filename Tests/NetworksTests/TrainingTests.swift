import Autodiff
import Networks
import Testing

@Suite("Training")
struct TrainingTests {
  @Test("Adam takes the steps of the published algorithm")
  func adam() {
    // Two steps with the gradients 1 and −3, worked out by hand from Kingma and Ba's algorithm 1.
    var optimizer = Adam<Tensor<Double>>()
    var weight = Tensor([0.5])
    optimizer.update(&weight, along: Tensor([1]), learningRate: 0.1)
    #expect(abs(weight.elements[0] - 0.4) < 1e-8)
    optimizer.update(&weight, along: Tensor([-3]), learningRate: 0.1)
    let mean = (0.9 * 0.1 + 0.1 * -3) / (1 - 0.81)
    let square = (0.999 * 0.001 + 0.001 * 9) / (1 - 0.998001)
    #expect(abs(weight.elements[0] - (0.4 - 0.1 * mean / square.squareRoot())) < 1e-8)
  }

  @Test("Weight decay takes a share of the weight, whatever the gradient")
  func weightDecay() {
    var optimizer = Adam<Tensor<Double>>(weightDecay: 0.5)
    var weight = Tensor([2.0])
    optimizer.update(&weight, along: Tensor([0]), learningRate: 0.1)
    #expect(abs(weight.elements[0] - 1.9) < 1e-12)
  }

  @Test("A cosine schedule rises, peaks and ends at zero")
  func schedule() {
    let schedule = CosineSchedule(peak: 2, warmUp: 4, steps: 104)
    #expect(schedule.rate(at: 0) == 0.5 && schedule.rate(at: 3) == 2)
    #expect(abs(schedule.rate(at: 54) - 1) < 1e-12 && abs(schedule.rate(at: 104)) < 1e-12)
  }

  /// A network that must tell which half of a vector is larger.
  private struct Network: ParameterContainer, Sendable {
    var hidden: Dense<Float>
    var output: Dense<Float>

    mutating func visitParameters(_ body: (String, inout Tensor<Float>) -> Void) {
      hidden.visitParameters { body("hidden.\($0)", &$1) }
      output.visitParameters { body("output.\($0)", &$1) }
    }

    func scores(_ input: Tensor<Float>) -> Tensor<Float> { output(hidden(input).rectified()) }
  }

  private func train(threads: Int) -> (network: Network, loss: Float) {
    var generator = SeededGenerator(seed: 7)
    var network = Network(
      hidden: Dense(inputs: 4, outputs: 8, using: &generator),
      output: Dense(inputs: 8, outputs: 2, using: &generator))
    var optimizer = Adam<Network>()
    var loss: Float = 0
    for _ in 0..<60 {
      let inputs = (0..<64 * 4).map { _ in Float.random(in: -1...1, using: &generator) }
      let result = parallelValueWithGradient(of: network, exampleCount: 64, threads: threads) {
        network, range in
        let rows = Array(inputs[range.lowerBound * 4..<range.upperBound * 4])
        var targets: [Float] = []
        for row in stride(from: 0, to: rows.count, by: 4) {
          let difference = rows[row] + rows[row + 1] - rows[row + 2] - rows[row + 3]
          targets += difference > 0 ? [1, 0] : [0, 1]
        }
        let scores = network.scores(Tensor(rows, shape: [range.count, 4]))
        return scores.crossEntropy(with: Tensor(targets, shape: [range.count, 2]))
          * Float(range.count)
      }
      optimizer.update(&network, along: result.gradient, learningRate: 0.03)
      loss = result.value
    }
    return (network, loss)
  }

  @Test("A small network learns, to the same bits on one, two and eight threads")
  func determinism() {
    let alone = train(threads: 1)
    #expect(alone.loss < 0.25)
    for threads in [2, 8] {
      let other = train(threads: threads)
      #expect(other.loss == alone.loss)
      #expect(other.network.parameters.map(\.value) == alone.network.parameters.map(\.value))
    }
  }

  @Test("Dropout keeps the mean and drops the share it was asked to drop")
  func dropout() {
    var generator = SeededGenerator(seed: 1)
    let ones = Tensor<Float>(repeating: 1, shape: [20_000])
    let dropped = Dropout(rate: 0.25)(ones, using: &generator)
    let zeros = dropped.elements.count { $0 == 0 }
    #expect(abs(Double(zeros) / 20_000 - 0.25) < 0.015)
    #expect(abs(Double(dropped.mean().scalar) - 1) < 0.02)
  }
}

import Autodiff
import Gestures
import Radar
import Testing

@Suite("The stop of a training by its held-out loss")
struct EpochStoppingTests {
  /// The epoch after which a training with these losses is over, and that whose weights it keeps.
  private func end(of losses: [Double]) -> (over: Int, kept: Float?)? {
    var stopping = EpochStopping(epochs: losses.count)
    for (index, loss) in losses.enumerated() {
      let epoch = index + 1
      stopping.follow(loss, after: epoch, weights: [Tensor([Float(epoch)], shape: [1])])
      if stopping.isOver(after: epoch) { return (epoch, stopping.weights.first?.elements.first) }
    }
    return nil
  }

  @Test("What gets better to the end, or stays about as good, goes on")
  func improving() {
    #expect(end(of: (0..<60).map { 1 / Double($0 + 1) }) == nil)
    #expect(end(of: (0..<60).map { 0.2 + 0.01 * Double($0 % 3) }) == nil)
  }

  @Test("A loss that rises for a while and falls with the learning rate does not end a training")
  func patience() {
    #expect(
      end(of: (0..<60).map { (20..<35).contains($0) ? 0.8 : 0.5 - 0.005 * Double($0) }) == nil)
  }

  @Test("A loss that stays above its lowest for three of ten epochs does, and the lowest is kept")
  func overfitting() {
    let end = end(of: (1...60).map { epoch in epoch <= 10 ? 1 / Double(epoch) : 0.2 })
    #expect(end?.over == 28 && end?.kept == 10)
  }

  @Test("Names that mean nothing are not learned by heart to the last epoch")
  func meaninglessNames() throws {
    let people = simulatedPeople(6)
    let grid = try FeatureGrid.fitting(people, steps: 16, velocityBins: 8)
    var sequences = try LabelledSequence.read(people, grid: grid)
    var generator = SeededGenerator(seed: 4)
    for index in sequences.indices {
      for place in sequences[index].annotations.indices {
        let isFirst = Bool.random(using: &generator)
        sequences[index].annotations[place].label = isFirst ? "one" : "other"
      }
    }
    var trainer = GestureTrainer()
    trainer.epochs = 100
    trainer.batchSize = 8
    trainer.validationFraction = 0.5
    var epochs: [Int] = []
    _ = try trainer.train(
      on: sequences, waveforms: WaveformFamily(of: people.map(\.waveform)),
      progress: { epochs.append($0.epoch) })
    // Two models that leave half of the gestures out, and one that learns from all.
    let counts = (0..<3).map { model in epochs.count { ($0 - 1) / 100 == model } }
    #expect(counts.allSatisfy { $0 < 100 }, "\(counts)")
    #expect(counts[2] <= max(counts[0], counts[1]))
  }
}

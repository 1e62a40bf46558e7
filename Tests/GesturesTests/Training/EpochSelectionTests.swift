import Autodiff
import Gestures
import Radar
import Testing

@Suite("What an epoch shows")
struct EpochSelectionTests {
  @Test("Rare gestures come twice, others as often as the most frequent, and each at least once")
  func balance() throws {
    let people = simulatedPeople(8)
    let grid = try FeatureGrid.fitting(people, steps: 16, velocityBins: 8)
    var sequences = try LabelledSequence.read(people, grid: grid)
    let labels = ["background", "frequent", "less", "rare"]
    var left = [9, 5, 2]
    for index in sequences.indices {
      for place in sequences[index].annotations.indices {
        let kind = left.firstIndex { $0 > 0 } ?? 0
        left[kind] -= 1
        sequences[index].annotations[place].label = labels[kind + 1]
      }
    }
    let examples = ExampleSet(sequences, labels: labels)
    var selection = EpochSelection(of: examples)
    var generator = SeededGenerator(seed: 1)
    let shown = selection.next(using: &generator) { $0.map { _ in 0 } }
    let counts = labels.indices.map { label in shown.count { $0.label == label } }
    #expect(Array(counts.dropFirst()) == [9, 9, 4])
    #expect(Set(shown.filter { $0.label > 0 }).count == 16)
    // The schedule of the learning rate ends when the training does.
    for epoch in 1..<12 {
      let expected = selection.usualCount(after: epoch)
      let count = selection.next(using: &generator) { $0.map { _ in 0 } }.count
      #expect(abs(count - expected) <= expected / 20, "\(count) moments, \(expected) expected")
    }
    // As much background of every kind as there are gestures, so that these are not expected too often.
    #expect(counts[0] >= 11 && counts[0] <= 22)
  }
}

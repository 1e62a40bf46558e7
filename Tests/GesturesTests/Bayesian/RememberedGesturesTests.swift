import Autodiff
import Gestures
import Networks
import Testing

@Suite("Remembered gestures")
struct RememberedGesturesTests {
  private let remembered = RememberedGestures(
    embeddings: Tensor([3, 0, 0, 0, 2, 2], shape: [2, 3]))

  @Test("Unlikeness is one minus the cosine to the nearest, whatever the length")
  func byHand() {
    let seen = Tensor<Float>([5, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0], shape: [4, 3])
    let expected = [0, 1 - 0.5.squareRoot(), 1 - 0.5.squareRoot(), 1]
    for (found, wanted) in zip(remembered.unlikeness(of: seen), expected) {
      #expect(abs(found - wanted) < 1e-6)
    }
  }

  @Test("What is remembered besides makes nothing more unlike")
  func monotony() {
    var generator = SeededGenerator(seed: 4)
    let known = Tensor<Float>.normal(shape: [40, 8], using: &generator).rectified()
    let seen = Tensor<Float>.normal(shape: [20, 8], using: &generator).rectified()
    let few = RememberedGestures(embeddings: known.sliced(0..<10, along: 0))
    let all = RememberedGestures(embeddings: known)
    let pairs = zip(all.unlikeness(of: seen), few.unlikeness(of: seen))
    #expect(pairs.allSatisfy { $0 <= $1 + 1e-6 && $0 > -1e-6 && $1 <= 1 })
    #expect(all.unlikeness(of: known).allSatisfy { $0 < 1e-5 })
  }

  @Test("A file gives back what was remembered, and a damaged one nothing")
  func file() {
    let read = RememberedGestures(directions: remembered.directions, features: 3)
    #expect(read == remembered)
    #expect(RememberedGestures(directions: remembered.directions, features: 2) == nil)
    #expect(RememberedGestures(directions: Tensor(zeros: [0, 3]), features: 3) == nil)
    #expect(RememberedGestures(directions: Tensor([.nan], shape: [1, 1]), features: 1) == nil)
  }
}

internal import Autodiff

/// Gestures as they may look another day: each a few times, varied as in training.
struct VariedGestures {
  private let examples: ExampleSet
  private let shown: [ExampleSet.Example]
  private let augmentation = Augmentation()
  private var generator = SeededGenerator(seed: 79)

  /// How often each gesture is varied.
  private static let variations = 4

  init(of examples: ExampleSet) {
    self.examples = examples
    shown = (0..<Self.variations).flatMap { _ in examples.gestures }
  }

  /// The number of variations of all gestures.
  var count: Int { shown.count }

  /// The window of the next variation, of which `index` says the gesture.
  mutating func window(of index: Int) -> [Float] {
    augmentation.window(of: shown[index], in: examples, using: &generator)
  }
}

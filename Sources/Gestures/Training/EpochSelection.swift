package import Autodiff

/// Which moments an epoch shows: every gesture once, those of rare classes up to twice, half as much of
/// any background, part of it where nobody makes a gesture, as much of the background that is hardest
/// to tell from gestures, and as much of the edges of gestures.
package struct EpochSelection: Sendable {
  private let examples: ExampleSet

  /// The epochs that were chosen for.
  private(set) var epoch = 0

  /// The background that was hardest when it was last looked for, as places in that of the examples.
  private(set) var hardest: [Int] = []

  /// The epochs after which the hardest background is looked for again.
  private static let searchInterval = 6

  package init(of examples: ExampleSet) { self.examples = examples }

  /// Goes on after `epoch` epochs, the hardest background being at the places `hardest`.
  ///
  /// - Returns: Whether there are such places.
  mutating func resume(after epoch: Int, hardest: [Int]) -> Bool {
    guard hardest.allSatisfy({ examples.background.indices.contains($0) }) else { return false }
    self.epoch = epoch
    self.hardest = hardest
    return true
  }

  /// About how many moments an epoch shows: fewer only where gestures are so close to each other that
  /// there is another one beyond an edge.
  ///
  /// - Parameter epoch: The epochs before it.
  /// - Returns: The number of moments, by which the length of a schedule is told.
  package func usualCount(after epoch: Int) -> Int {
    let gestures = examples.gestures.count + again.map(\.count).reduce(0, +)
    let half = max(gestures / 2, 1)
    let quiet = examples.quiet.isEmpty ? examples.background : examples.quiet
    let edges = examples.gestures.filter(examples.hasEdge).count
    let edgeShare = Double(edges) / Double(max(examples.gestures.count, 1))
    let hardest = epoch < Self.searchInterval ? 0 : examples.vigorousBackground.count
    return gestures + min(half / 2, examples.background.count)
      + min(half - half / 2, quiet.count) + min(half, hardest)
      + Int((Double(half) * edgeShare).rounded())
  }

  /// About how many steps some epochs have.
  func usualStepCount(epochs: Int, batchSize: Int) -> Int {
    let early = max(usualCount(after: 0) / batchSize, 1)
    let late = max(usualCount(after: Self.searchInterval) / batchSize, 1)
    return early * min(epochs, Self.searchInterval) + late * max(epochs - Self.searchInterval, 0)
  }

  /// The gestures of rare classes, class by class, and how many of them are shown again: so many that
  /// each class comes as often as the most frequent one, but each gesture at most twice, since few
  /// must not be learned by heart.
  private var again: [(gestures: [ExampleSet.Example], count: Int)] {
    let classes = Dictionary(grouping: examples.gestures, by: \.label).sorted { $0.key < $1.key }
    let most = classes.map(\.value.count).max() ?? 0
    return classes.map { ($0.value, min(most - $0.value.count, $0.value.count)) }
  }

  /// The moments of the next epoch, in random order.
  ///
  /// - Parameters:
  ///   - generator: Where chance comes from.
  ///   - isBackground: How sure the network is by now that each of some moments is background.
  /// - Returns: The moments.
  package mutating func next(
    using generator: inout SeededGenerator, isBackground: ([ExampleSet.Example]) -> [Double]
  ) -> [ExampleSet.Example] {
    let background = examples.background
    var gestures = examples.gestures
    for (rare, count) in again { gestures += rare.shuffled(using: &generator).prefix(count) }
    let half = max(gestures.count / 2, 1)
    if epoch > 0, epoch.isMultiple(of: Self.searchInterval) {
      let places = examples.vigorousBackground
      let certainty = isBackground(places.map { background[$0] })
      hardest = places.indices.sorted { (certainty[$0], $0) < (certainty[$1], $1) }
        .prefix(2 * half).map { places[$0] }
    }
    epoch += 1
    var shown = gestures
    shown += background.shuffled(using: &generator).prefix(half / 2)
    shown += (examples.quiet.isEmpty ? background : examples.quiet).shuffled(using: &generator)
      .prefix(half - half / 2)
    shown += hardest.shuffled(using: &generator).prefix(half).map { background[$0] }
    for gesture in gestures.shuffled(using: &generator).prefix(half) {
      examples.offCentre(of: gesture, using: &generator).map { shown.append($0) }
    }
    return shown.shuffled(using: &generator)
  }
}

/// Does a step for every batch of what an epoch shows.
///
/// - Returns: The mean of what the steps return.
func meanLoss<Item>(over shown: [Item], batchSize: Int, step: ([Item]) -> Double) -> Double {
  var sum = 0.0
  var steps = 0
  for start in stride(from: 0, to: shown.count, by: batchSize) {
    // A last, small batch would make a noisy step: what it holds comes again next time.
    guard start == 0 || start + batchSize <= shown.count else { break }
    sum += step(Array(shown[start..<min(start + batchSize, shown.count)]))
    steps += 1
  }
  return sum / Double(max(steps, 1))
}

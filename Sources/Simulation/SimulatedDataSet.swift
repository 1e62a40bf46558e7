/// As many recordings as are wanted, each of a new person who makes every gesture once, in random
/// order.
public struct SimulatedDataSet: Hashable, Sendable {
  /// The radar.
  public var radar: SimulatedRadar

  /// The gestures of each recording.
  public var gestures: [SimulatedGesture]

  /// What the scenes are like.
  public var options: SceneOptions

  /// Where chance begins.
  public var seed: UInt64

  /// Whether every person is in a scene of their own, which ``options`` is the middle of: nearer or
  /// farther, with more or less noise, larger or smaller movements, and frames that get lost.
  ///
  /// A model that has only seen people in one scene knows only that one.
  public var variesScenes = false

  /// The numbers of the invented gestures that are made in turn, ten in each recording, in place of
  /// those with names; none if it is empty.
  public var invented = 0..<0

  /// Creates a data set.
  ///
  /// - Parameters:
  ///   - radar: The radar.
  ///   - gestures: The gestures of each recording.
  ///   - options: What the scenes are like.
  ///   - seed: Where chance begins.
  /// - Precondition: There is a gesture.
  public init(
    radar: SimulatedRadar, gestures: [SimulatedGesture] = SimulatedGesture.allCases,
    options: SceneOptions, seed: UInt64
  ) {
    precondition(!gestures.isEmpty, "a recording needs a gesture")
    self.radar = radar
    self.gestures = gestures
    self.options = options
    self.seed = seed
  }

  /// The recording with the number `index`, which does not depend on any other.
  public subscript(index: Int) -> RecordingSimulator {
    // The first number of a generator separates neighbouring seeds, the next ones neighbours here.
    var seeds = SimulationGenerator(seed: seed)
    var generator = SimulationGenerator(seed: seeds.next() &+ UInt64(truncatingIfNeeded: index))
    var options = self.options
    if variesScenes {
      // Chance of its own, so that the same people do the same whether scenes vary or not.
      var scenes = SimulationGenerator(seed: seeds.next() &+ UInt64(truncatingIfNeeded: index))
      options = options.varied(using: &scenes)
    }
    if !invented.isEmpty {
      let turn = (0..<10).map { 10 * index + $0 }
      let made = turn.map { number in
        InventedGesture(number: invented.lowerBound + number % invented.count)
      }
      return RecordingSimulator(
        radar: radar, invented: made.shuffled(using: &generator), options: options,
        seed: generator.next())
    }
    let order = gestures.shuffled(using: &generator)
    return RecordingSimulator(
      radar: radar, gestures: order, options: options, seed: generator.next())
  }
}

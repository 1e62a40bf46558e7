/// The features of a whole recording, on the axes of a grid.
public struct FeatureSequence: Sendable {
  /// The axes of the features.
  public let grid: FeatureGrid

  /// The features of each step, `[step, velocityBin, channel]`.
  public private(set) var values: [Float] = []

  /// The share of chirps behind each step that were lost.
  public private(set) var damages: [Double] = []

  /// The mean power of the fast echoes in each step.
  private var fastPowers: [Float] = []

  /// The mean power of the moving echoes in each step.
  package private(set) var movingPowers: [Float] = []

  /// Creates a sequence without steps.
  public init(grid: FeatureGrid) {
    self.grid = grid
  }

  /// The number of steps.
  public var stepCount: Int { damages.count }

  /// The time of the last step in seconds, and zero without steps.
  public var duration: Double { Double(max(stepCount - 1, 0)) * grid.timeStep }

  /// Adds a step at the end.
  public mutating func append(_ step: FeatureExtractor.Step) {
    values.append(contentsOf: step.features)
    damages.append(step.damage)
    fastPowers.append(step.fastPower)
    movingPowers.append(step.movingPower)
  }

  /// The first step of the window whose middle is at `time`, which may lie before the recording.
  private func firstStep(ofWindowAt time: Double) -> Int {
    // The nearest step: a middle that lies on one is hardly ever a whole number after a division.
    Int((time / grid.timeStep - Double(grid.steps - 1) / 2).rounded())
  }

  /// The vigour of the window whose middle is at `time`, in decibels above silence.
  package func vigour(centeredAt time: Double) -> Double {
    let first = firstStep(ofWindowAt: time)
    return grid.vigour(
      of: (first..<first + grid.steps).map { fastPowers.indices.contains($0) ? fastPowers[$0] : 1 })
  }

  /// For how long something has been moving when the middle of a window comes.
  ///
  /// - Parameters:
  ///   - time: The middle in seconds since the start of the recording.
  ///   - motions: For how long something has been moving in each step, of ``motions(above:)``.
  /// - Returns: The time in seconds.
  package func motion(centeredAt time: Double, of motions: [Double]) -> Double {
    let middle = firstStep(ofWindowAt: time) + (grid.steps - 1) / 2
    return motions.isEmpty ? 0 : motions[min(max(middle, 0), motions.count - 1)]
  }

  /// The window whose middle is at `time`, `[step, velocityBin, channel]`, silent where the
  /// recording has not begun or has ended.
  ///
  /// - Parameters:
  ///   - time: The middle of the window in seconds since the start of the recording.
  ///   - stretch: How much longer than the window the time is that it shows: above one, a gesture
  ///     looks faster.
  /// - Returns: The features, ``FeatureGrid/steps`` rows of them.
  public func window(centeredAt time: Double, stretch: Double = 1) -> [Float] {
    let width = grid.featuresPerStep
    var window = [Float](repeating: 0, count: grid.steps * width)
    let middle = time / grid.timeStep
    for step in 0..<grid.steps {
      let position = middle + (Double(step) - Double(grid.steps - 1) / 2) * stretch
      let lower = Int(position.rounded(.down))
      let weight = Float(position - Double(lower))
      for (source, share) in [(lower, 1 - weight), (lower + 1, weight)] {
        guard share > 0, source >= 0, source < stepCount else { continue }
        for index in 0..<width {
          window[step * width + index] += share * values[source * width + index]
        }
      }
    }
    return window
  }
}

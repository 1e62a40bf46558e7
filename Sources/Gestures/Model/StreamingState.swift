package import Autodiff
internal import Networks

/// What a streaming network remembers of a stream: for each layer, as much of its input as it looks
/// back at.
package struct StreamingState: Sendable {
  private let network: StreamingNetwork
  private let grid: FeatureGrid

  /// The inputs of each causal convolution, and of the last layer.
  private var histories: [History]

  /// The steps that no layer has seen yet: they are looked at together when an answer is wanted, since
  /// a layer's weights are then fetched only once.
  private var pending: [Float] = []

  /// What the last layer sees now.
  private var memory: [Float]

  /// The last rows of a sequence.
  private struct History: Sendable {
    private let width: Int

    /// How many rows before the newest one have to be known.
    private let reach: Int
    private let ages: [Int]
    private var values: [Float]

    /// The history of a sequence whose rows have always been `row`, and which looks back by `ages`.
    init(of row: [Float], ages: [Int]) {
      width = row.count
      reach = ages.max() ?? 0
      self.ages = ages
      values = Array((0..<reach).map { _ in row }.joined())
    }

    /// Takes the next rows.
    ///
    /// - Returns: For each of them, the rows of all ages beside each other.
    mutating func append(_ rows: [Float]) -> [Float] {
      values += rows
      var past: [Float] = []
      past.reserveCapacity(rows.count * ages.count)
      for row in reach..<values.count / width {
        for age in ages { past += values[(row - age) * width..<(row - age + 1) * width] }
      }
      values.removeFirst(values.count - reach * width)
      return past
    }
  }

  /// The state of a stream in which nothing has ever moved.
  package init(_ network: StreamingNetwork, grid: FeatureGrid) {
    self.network = network
    self.grid = grid
    let silence = Tensor<Float>(zeros: [1, 1, grid.velocityBins, grid.channels])
    var row = network.notes(of: silence).elements
    histories = []
    // Nothing has changed for ever, so every row of a layer is the same.
    for (layer, dilation) in zip(network.temporal, network.schedule.dilations) {
      let ages = (0..<CausalSchedule.width).reversed().map { $0 * dilation }
      histories.append(History(of: row, ages: ages))
      row = Self.output(of: layer, past: Array(ages.map { _ in row }.joined()), present: row)
    }
    histories.append(History(of: row, ages: network.schedule.taps))
    memory = Array(network.schedule.taps.map { _ in row }.joined())
  }

  /// Takes the features of the next steps, `[step, velocityBin, channel]`.
  package mutating func append(_ features: [Float]) { pending += features }

  /// What the last layer sees after the last step, `[1, feature]`.
  package mutating func embedding() -> Tensor<Float> {
    if !pending.isEmpty { memory = Array(advance().suffix(memory.count)) }
    return Tensor(memory, shape: [1, memory.count])
  }

  /// Takes the features of the next steps.
  ///
  /// - Returns: What the last layer sees after each of them, `[step, feature]`.
  /// - Precondition: No other steps wait.
  mutating func embeddings(afterEachOf features: [Float]) -> Tensor<Float> {
    precondition(pending.isEmpty && !features.isEmpty, "other steps come first")
    pending = features
    let memories = advance()
    let count = memories.count / memory.count
    memory = Array(memories.suffix(memory.count))
    return Tensor(memories, shape: [count, memory.count])
  }

  /// Lets the layers see the steps that wait.
  ///
  /// - Returns: What the last layer sees after each of them.
  private mutating func advance() -> [Float] {
    let count = pending.count / grid.featuresPerStep
    let frames = Tensor(pending, shape: [1, count, grid.velocityBins, grid.channels])
    pending.removeAll(keepingCapacity: true)
    var rows = network.notes(of: frames).elements
    for (index, layer) in network.temporal.enumerated() {
      rows = Self.output(of: layer, past: histories[index].append(rows), present: rows)
    }
    return histories[network.temporal.count].append(rows)
  }

  /// What a causal convolution makes of the steps it looks at.
  private static func output(
    of layer: Dense<Float>, past: [Float], present: [Float]
  ) -> [Float] {
    let width = layer.weight.shape[0]
    let change = layer(Tensor(past, shape: [past.count / width, width])).rectified()
    return zip(change.elements, present).map(+)
  }
}

extension GestureModel {
  /// What the model makes of the windows of a recording that a stream would judge.
  ///
  /// - Parameters:
  ///   - features: The features of the recording.
  ///   - middles: The middles of the windows, in order of time, each of which ends with a step.
  /// - Returns: What it makes of each.
  package func views(of features: FeatureSequence, at middles: [Double]) -> [GestureView] {
    guard case .streaming(let network) = network else {
      return views(of: middles.count) { features.window(centeredAt: middles[$0]) }
    }
    // A network that remembers need not see a step more than once.
    var ends = middles.map { middle in
      Int((middle / grid.timeStep - 0.5 + Double(grid.steps) / 2).rounded())
    }[...]
    var state = StreamingState(network, grid: grid)
    var views: [GestureView] = []
    let width = grid.featuresPerStep
    for start in stride(from: 0, through: ends.last ?? -1, by: 64) {
      var part = Array(features.values.dropFirst(start * width).prefix(64 * width))
      // After its end a recording is silent.
      part += Array(repeating: 0, count: 64 * width - part.count)
      let embeddings = state.embeddings(afterEachOf: part)
      var judged: [Int] = []
      while let end = ends.first, end < start + 64 {
        judged.append(end - start)
        ends.removeFirst()
      }
      guard !judged.isEmpty else { continue }
      views += self.views(ofEmbeddings: embeddings.gathered(at: judged, along: 0))
    }
    return views
  }
}

internal import Autodiff
internal import Networks

extension BayesianGestureModel {
  /// What the networks make of one window.
  struct View {
    /// The scores of all classes in each draw, `[draw][class]`.
    var draws: [[Double]]

    /// How unlike what was learned from it looks, the mean over the networks, if they remember any.
    var unlikeness: Double?
  }

  /// What the networks make of windows.
  func views(of windows: [[Float]]) -> [View] {
    stride(from: 0, to: windows.count, by: 32).flatMap { start in
      views(ofBatch: Array(windows[start..<min(start + 32, windows.count)]))
    }
  }

  private func views(ofBatch windows: [[Float]]) -> [View] {
    let shape = [windows.count, grid.steps, grid.velocityBins, grid.channels]
    let input = Tensor(Array(windows.joined()), shape: shape)
    var views = [View](repeating: View(draws: []), count: windows.count)
    for (member, network) in networks.enumerated() {
      let trunk = network.trunk(of: input)
      let embedding = network.meanEmbedding(of: trunk)
      for (row, part) in unlikeness(of: embedding, seenBy: member).enumerated() {
        views[row].unlikeness = (views[row].unlikeness ?? 0) + part
      }
      switch method {
      case .ensemble: draw(network, of: embedding, into: &views)
      case .laplace: draw(network, around: embedding, into: &views)
      case .variational, .dropout: drawLayers(of: network, on: trunk, into: &views)
      }
    }
    return views
  }

  /// How unlike what was learned from each of `count` windows looks, the mean over the networks.
  func unlikeness(of count: Int, window: (Int) -> [Float]) -> [Double] {
    stride(from: 0, to: count, by: 32).flatMap { start in
      let places = start..<min(start + 32, count)
      let shape = [places.count, grid.steps, grid.velocityBins, grid.channels]
      let input = Tensor(places.flatMap(window), shape: shape)
      var sums = [Double](repeating: 0, count: places.count)
      for (member, network) in networks.enumerated() {
        let embedding = network.meanEmbedding(of: network.trunk(of: input))
        for (row, part) in unlikeness(of: embedding, seenBy: member).enumerated() {
          sums[row] += part
        }
      }
      return sums
    }
  }

  /// The share of the network at `member` in how unlike what was learned from windows look of which
  /// it makes `embedding`, and nothing if it remembers nothing.
  private func unlikeness(of embedding: Tensor<Float>, seenBy member: Int) -> [Double] {
    guard remembered.indices.contains(member) else { return [] }
    return remembered[member].unlikeness(of: embedding).map { $0 / Double(networks.count) }
  }

  /// Adds the scores of one network as they are.
  private func draw(
    _ network: BayesianNetwork, of embedding: Tensor<Float>, into views: inout [View]
  ) {
    var chance = BayesianNetwork.Chance.none
    let scores = network.scores(of: embedding, chance: &chance)
    for row in views.indices { views[row].draws.append(self.row(row, of: scores)) }
  }

  /// Adds the scores under several draws of the last two layers, the same for all windows.
  private func drawLayers(
    of network: BayesianNetwork, on trunk: Tensor<Float>, into views: inout [View]
  ) {
    for draw in 0..<method.draws {
      var chance = BayesianNetwork.Chance.shared(SeededGenerator(seed: UInt64(draw) &+ 77))
      let embedding = network.embedding(
        of: trunk, dropping: method == .dropout ? .both : .none, chance: &chance)
      let scores = network.scores(of: embedding, chance: &chance)
      for row in views.indices { views[row].draws.append(self.row(row, of: scores)) }
    }
  }

  /// Adds scores drawn around those of a network after the distribution of its last layer.
  private func draw(
    _ network: BayesianNetwork, around embedding: Tensor<Float>, into views: inout [View]
  ) {
    guard let laplace else { return draw(network, of: embedding, into: &views) }
    var chance = BayesianNetwork.Chance.none
    let scores = network.scores(of: embedding, chance: &chance)
    var generator = SeededGenerator(seed: 77)
    // In opposite pairs: what one adds to a score the other takes away, so that the mean of few is
    // as that of many (Hammersley and Morton, 1956).
    let noise = (0..<method.draws / 2).flatMap { _ in
      let drawn = Tensor<Double>.normal(shape: [labels.count], using: &generator).elements
      return [drawn, drawn.map { -$0 }]
    }
    let width = embedding.shape[1]
    for row in views.indices {
      let variance = laplace.variance(
        of: embedding.elements[row * width..<(row + 1) * width])
      views[row].draws += noise.map { noise in
        laplace.draw(around: self.row(row, of: scores), variance: variance, noise: noise)
      }
    }
  }

  private func row(_ row: Int, of scores: Tensor<Float>) -> [Double] {
    scores.elements[row * labels.count..<(row + 1) * labels.count].map(Double.init)
  }
}

internal import Autodiff
internal import Networks

extension TimeFrequencyNetwork {
  /// The filters of each convolution.
  var filterCounts: [Int] { convolutions.map(\.bias.count) }

  /// The multiplications of one window of `grid`, each with its addition.
  func multiplyAdds(for grid: FeatureGrid) -> Int {
    multiplyAdds(for: grid, filters: filterCounts)
  }

  /// The same if the convolutions had only so many filters each.
  func multiplyAdds(for grid: FeatureGrid, filters counts: [Int]) -> Int {
    var (height, width, channels) = (grid.steps, grid.velocityBins, grid.channels)
    var sum = 0
    for filters in counts {
      sum += height * width * 9 * channels * filters
      (height, width, channels) = (height / 2, max(width / 2, 1), filters)
    }
    return sum + output.weight.count / third.bias.count * channels
  }

  /// The length of each filter of each convolution, its bias included.
  var filterLengths: [[Float]] {
    convolutions.map { layer in
      Self.rows(of: layer).map { row in row.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    }
  }

  /// Moves every filter to the proximal point of the sum of their lengths: all become shorter, and
  /// short ones zero as a whole.
  ///
  /// - Parameter thresholds: By how much the filters of each convolution become shorter.
  mutating func shrinkFilters(by thresholds: [Float]) {
    for (index, threshold) in thresholds.enumerated() {
      let rows = Self.rows(of: convolutions[index])
      let width = rows[0].count
      let norm = GroupL1Norm<Float>(
        groups: rows.indices.map { $0 * width..<($0 + 1) * width })
      let point = norm.proximalPoint(of: Array(rows.joined()), weight: threshold)
      setRows(
        rows.indices.map { Array(point[$0 * width..<($0 + 1) * width]) }, ofConvolution: index)
    }
  }

  /// Sets the filters to zero that are not kept.
  mutating func clearFilters(except kept: [[Bool]]) {
    for (index, kept) in kept.enumerated() {
      let rows = Self.rows(of: convolutions[index])
      setRows(
        zip(rows, kept).map { row, isKept in isKept ? row : row.map { _ in 0 } },
        ofConvolution: index)
    }
  }

  /// The network without the filters that are zero, which says the same.
  var pruned: TimeFrequencyNetwork {
    // The first filter stays where all are zero, so that every layer has one.
    let kept = filterLengths.map { lengths in
      let places = lengths.indices.filter { lengths[$0] > 0 }
      return places.isEmpty ? [0] : places
    }
    var network = self
    var channels = Array(0..<first.filter.shape[2])
    for (index, places) in kept.enumerated() {
      var layer = convolutions[index]
      layer.filter = layer.filter.gathered(at: channels, along: 2).gathered(at: places, along: 3)
      layer.bias = layer.bias.gathered(at: places, along: 0)
      network.setConvolution(index, to: layer)
      channels = places
    }
    // The last layer sees all filters at a time step, then all at the next.
    let filters = third.bias.count
    let inputs = (0..<output.weight.shape[0] / filters).flatMap { step in
      channels.map { step * filters + $0 }
    }
    network.output.weight = output.weight.gathered(at: inputs, along: 0)
    return network
  }

  private var convolutions: [Convolution2D<Float>] { [first, second, third] }

  private mutating func setConvolution(_ index: Int, to layer: Convolution2D<Float>) {
    switch index {
    case 0: first = layer
    case 1: second = layer
    default: third = layer
    }
  }

  /// The weights of each filter, followed by its bias.
  private static func rows(of layer: Convolution2D<Float>) -> [[Float]] {
    let filters = layer.bias.count
    return (0..<filters).map { filter in
      stride(from: filter, to: layer.filter.count, by: filters).map { layer.filter.elements[$0] }
        + [layer.bias.elements[filter]]
    }
  }

  private mutating func setRows(_ rows: [[Float]], ofConvolution index: Int) {
    var layer = convolutions[index]
    let weights = (0..<rows[0].count - 1).flatMap { place in rows.map { $0[place] } }
    layer.filter = Tensor(weights, shape: layer.filter.shape)
    layer.bias = Tensor(rows.map { $0[$0.count - 1] }, shape: layer.bias.shape)
    setConvolution(index, to: layer)
  }
}

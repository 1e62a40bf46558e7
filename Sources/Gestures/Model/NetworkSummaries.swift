internal import Autodiff
package import Networks

// What the layers of our networks cost, told by the layers themselves.

extension TimeFrequencyNetwork {
  /// The same network as a chain of layers, for windows of `grid`.
  package func layers(for grid: FeatureGrid) -> Sequential<Float> {
    var layers: [Layer<Float>] = []
    var bins = grid.velocityBins
    for layer in [first, second, third] {
      let window = SIMD2(2, bins > 1 ? 2 : 1)
      layers += [.convolution2D(layer), .rectifier, .maxPooling(PoolingWindow(window))]
      bins /= window.y
    }
    layers += [
      .averagePooling(PoolingWindow(SIMD2(1, bins))), .flattening, .dropout(Self.dropout),
      .dense(output),
    ]
    return Sequential(layers)
  }

  /// What the layers make of one window of `grid`, and what they cost.
  func summary(for grid: FeatureGrid) -> NetworkSummary {
    layers(for: grid).summary(input: [1, grid.steps, grid.velocityBins, grid.channels])
  }
}

extension StreamingNetwork {
  /// The layers that look at the motion spectrum of a frame, as a chain.
  package func frameLayers(for grid: FeatureGrid) -> Sequential<Float> {
    var layers: [Layer<Float>] = []
    var bins = grid.velocityBins
    for layer in frames {
      let window = SIMD2(1, bins > 1 ? 2 : 1)
      layers += [.convolution2D(layer), .rectifier, .maxPooling(PoolingWindow(window))]
      bins /= window.y
    }
    return Sequential(layers + [.flattening, .dense(embedding)])
  }

  /// What the layers make of one more frame of `grid`, and what they cost.
  func summary(for grid: FeatureGrid) -> NetworkSummary {
    var summary = frameLayers(for: grid)
      .summary(input: [1, 1, grid.velocityBins, grid.gateChannels.lowerBound])
    if let images {
      let shape = [1, grid.velocityBins, grid.gateChannels.count, 1]
      summary.rows.append(
        NetworkSummary.Row(name: "range gates", shape: shape, parameters: 0, multiplyAdds: 0))
      summary.rows += images.chain.summary(input: shape).rows
      summary.rows.append(
        NetworkSummary.Row(
          name: "sum of both", shape: [1, Self.width], parameters: 0, multiplyAdds: 0))
    }
    summary.rows += Sequential<Float>([.rectifier]).summary(input: [1, Self.width]).rows
    for (layer, dilation) in zip(temporal, schedule.dilations) {
      summary.rows.append(
        row(of: layer, named: "causal convolution \(CausalSchedule.width), every \(dilation)"))
    }
    summary.rows.append(row(of: output, named: "dense, \(schedule.taps.count) steps"))
    return summary
  }

  private func row(of layer: Dense<Float>, named name: String) -> NetworkSummary.Row {
    NetworkSummary.Row(
      name: name, shape: [1, layer.weight.shape[1]], parameters: layer.parameterCount,
      multiplyAdds: layer.weight.count)
  }
}

extension EnvelopeMatcher {
  /// The envelopes that are compared, and how many differences that takes.
  func summary(for grid: FeatureGrid) -> NetworkSummary {
    NetworkSummary(
      input: [1, grid.steps, grid.velocityBins, grid.channels],
      rows: [
        NetworkSummary.Row(
          name: "nearest envelope", shape: [1, examples.shape[0]], parameters: parameterCount,
          multiplyAdds: examples.count)
      ])
  }
}

internal import Autodiff

// Filters that a group norm has made zero write nothing, and what reads them reads zeros: both can go.

extension Convolution2D {
  /// The layer with only some of its filters.
  public func keepingFilters(_ numbers: [Int]) -> Convolution2D {
    var layer = self
    layer.filter = filter.gathered(at: numbers, along: 3)
    layer.bias = bias.gathered(at: numbers, along: 0)
    return layer
  }

  /// The layer for an input with only some of its channels.
  ///
  /// - Precondition: The layer has one group.
  public func keepingChannels(_ numbers: [Int]) -> Convolution2D {
    precondition(motion.groups == 1, "channels in \(motion.groups) groups cannot be taken out")
    var layer = self
    layer.filter = filter.gathered(at: numbers, along: 2)
    return layer
  }
}

extension Convolution1D {
  /// The layer with only some of its filters.
  public func keepingFilters(_ numbers: [Int]) -> Convolution1D {
    var layer = self
    layer.filter = filter.gathered(at: numbers, along: 2)
    layer.bias = bias.gathered(at: numbers, along: 0)
    return layer
  }

  /// The layer for an input with only some of its channels.
  ///
  /// - Precondition: The layer has one group.
  public func keepingChannels(_ numbers: [Int]) -> Convolution1D {
    precondition(motion.groups == 1, "channels in \(motion.groups) groups cannot be taken out")
    var layer = self
    layer.filter = filter.gathered(at: numbers, along: 1)
    return layer
  }
}

extension Dense {
  /// The layer with only some of its outputs.
  public func keepingOutputs(_ numbers: [Int]) -> Dense {
    var layer = self
    layer.weight = weight.gathered(at: numbers, along: 1)
    layer.bias = bias.gathered(at: numbers, along: 0)
    return layer
  }

  /// The layer for an input with only some of `channels` channels, which vary fastest in it.
  ///
  /// - Precondition: The inputs are a multiple of the channels.
  public func keepingChannels(_ numbers: [Int], of channels: Int) -> Dense {
    let inputs = weight.shape[0]
    precondition(
      channels > 0 && inputs % channels == 0, "\(inputs) inputs are not pixels of \(channels)")
    var layer = self
    layer.weight = weight.gathered(
      at: stride(from: 0, to: inputs, by: channels).flatMap { start in
        numbers.map { start + $0 }
      }, along: 0)
    return layer
  }
}

extension Layer {
  /// The numbers of the outputs whose weights are all zero, with the bias of each; `nil` if this is
  /// no layer of weights, or its channels are not free to go.
  fileprivate var silentOutputs: (silent: [Int], biases: [Scalar], count: Int)? {
    let (weights, biases): (Tensor<Scalar>, Tensor<Scalar>)
    switch self {
    case .dense(let layer): (weights, biases) = (layer.weight, layer.bias)
    case .convolution1D(let layer) where layer.motion.groups == 1:
      (weights, biases) = (layer.filter, layer.bias)
    case .convolution2D(let layer) where layer.motion.groups == 1:
      (weights, biases) = (layer.filter, layer.bias)
    default: return nil
    }
    let axes = Array(0..<weights.rank - 1)
    let greatest = weights.detached.absolute().maximum(over: axes).elements
    return (greatest.indices.filter { greatest[$0] == 0 }, biases.elements, greatest.count)
  }

  fileprivate func keepingOutputs(_ numbers: [Int]) -> Layer {
    switch self {
    case .dense(let layer): .dense(layer.keepingOutputs(numbers))
    case .convolution1D(let layer): .convolution1D(layer.keepingFilters(numbers))
    case .convolution2D(let layer): .convolution2D(layer.keepingFilters(numbers))
    default: self
    }
  }

  /// The layer for an input with only some channels, or `nil` if it is not one that reads them all.
  fileprivate func keepingChannels(_ numbers: [Int], of channels: Int) -> Layer? {
    switch self {
    case .dense(let layer): .dense(layer.keepingChannels(numbers, of: channels))
    case .convolution1D(let layer) where layer.motion.groups == 1:
      .convolution1D(layer.keepingChannels(numbers))
    case .convolution2D(let layer) where layer.motion.groups == 1:
      .convolution2D(layer.keepingChannels(numbers))
    default: nil
    }
  }

  /// Whether the layer treats every channel alike, and zeros as zeros.
  fileprivate var passesChannels: Bool {
    switch self {
    case .rectifier, .maxPooling, .averagePooling, .mean, .flattening, .dropout: true
    default: false
    }
  }
}

extension Sequential {
  /// The same network without the filters that write zeros whatever they read, and without what
  /// reads them: its outputs are the same, but it is smaller and faster.
  ///
  /// A filter goes if its weights are all zero and its bias is zero, or negative before a rectifier.
  /// Fold normalisations first, and make filters zero with ``FilterNorm``. One filter of a layer
  /// always stays.
  public func pruned() -> Sequential {
    var result = self
    for index in layers.indices {
      guard let (silent, biases, count) = result.layers[index].silentOutputs,
        let reader = layers[(index + 1)...].firstIndex(where: { !$0.passesChannels })
      else { continue }
      let isRectified = layers[index..<reader].contains {
        if case .rectifier = $0 { true } else { false }
      }
      let leaving = silent.filter { biases[$0] == 0 || (isRectified && biases[$0] < 0) }
      var kept = (0..<count).filter { !leaving.contains($0) }
      if kept.isEmpty { kept = [0] }
      guard kept.count < count,
        let reading = result.layers[reader].keepingChannels(kept, of: count)
      else { continue }
      result.layers[index] = result.layers[index].keepingOutputs(kept)
      result.layers[reader] = reading
    }
    return result
  }
}

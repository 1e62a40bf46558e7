internal import Autodiff

/// What the layers of a network make of an input, and what they cost.
public struct NetworkSummary: Equatable, Sendable {
  /// One layer.
  public struct Row: Equatable, Sendable {
    /// The kind of the layer.
    public var name: String

    /// The shape of its output.
    public var shape: [Int]

    /// The numbers it learns.
    public var parameters: Int

    /// The products it adds up.
    public var multiplyAdds: Int

    /// Creates a row.
    public init(name: String, shape: [Int], parameters: Int, multiplyAdds: Int) {
      self.name = name
      self.shape = shape
      self.parameters = parameters
      self.multiplyAdds = multiplyAdds
    }
  }

  /// The shape of the input.
  public var input: [Int]

  /// The layers, from input to output.
  public var rows: [Row]

  /// Creates a summary.
  public init(input: [Int], rows: [Row]) {
    self.input = input
    self.rows = rows
  }

  /// The numbers that are learned.
  public var parameters: Int { rows.map(\.parameters).reduce(0, +) }

  /// The products that are added up.
  public var multiplyAdds: Int { rows.map(\.multiplyAdds).reduce(0, +) }
}

extension NetworkSummary: CustomStringConvertible {
  /// A table of the layers, with sums in the last row.
  public var description: String {
    var table = [
      ["layer", "output", "parameters", "multiply–adds"], ["input", "\(input)", "", ""],
    ]
    table += rows.map { row in
      [row.name, "\(row.shape)", "\(row.parameters)", "\(row.multiplyAdds)"]
    }
    table.append(["sum", "", "\(parameters)", "\(multiplyAdds)"])
    let widths = (0..<4).map { column in table.map { $0[column].count }.max() ?? 0 }
    return table.map { row in
      row.enumerated().map { column, text in
        let space = String(repeating: " ", count: widths[column] - text.count)
        return column < 2 ? text + space : space + text
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}

extension Sequential {
  /// What the layers make of an input of `shape`, `[example, …]`, and what they cost.
  ///
  /// - Precondition: The input fits the network.
  public func summary(input shape: [Int]) -> NetworkSummary {
    var current = shape
    let rows = layers.map { layer in
      let output = layer.outputShape(for: current)
      defer { current = output }
      return NetworkSummary.Row(
        name: layer.name, shape: output, parameters: layer.parameterCount,
        multiplyAdds: layer.multiplyAdds(input: current, output: output))
    }
    return NetworkSummary(input: shape, rows: rows)
  }
}

extension Layer {
  /// The kind of the layer.
  var name: String {
    switch self {
    case .dense: "dense"
    case .convolution1D(let layer): "convolution \(layer.filter.shape[0])"
    case .convolution2D(let layer): "convolution \(layer.filter.shape[0])×\(layer.filter.shape[1])"
    case .batchNormalization: "batch normalisation"
    case .layerNormalization: "layer normalisation"
    case .groupNormalization: "group normalisation"
    case .recurrent: "gated recurrent unit"
    case .dropout: "dropout"
    case .rectifier: "rectifier"
    case .maxPooling(let window): "max pooling \(window.size.x)×\(window.size.y)"
    case .averagePooling(let window): "average pooling \(window.size.x)×\(window.size.y)"
    case .mean: "mean"
    case .flattening: "flattening"
    }
  }

  /// The shape of the output for an input of `shape`.
  func outputShape(for shape: [Int]) -> [Int] {
    switch self {
    case .dense(let layer): return [shape[0], layer.weight.shape[1]]
    case .convolution1D(let layer):
      let kernel = SIMD2(layer.filter.shape[0], 1)
      let size = layer.motion.outputSize(SIMD2(shape[1], 1), kernel: kernel)
      return [shape[0], size.x, layer.filter.shape[2]]
    case .convolution2D(let layer):
      let kernel = SIMD2(layer.filter.shape[0], layer.filter.shape[1])
      let size = layer.motion.outputSize(SIMD2(shape[1], shape[2]), kernel: kernel)
      return [shape[0], size.x, size.y, layer.filter.shape[3]]
    case .recurrent(let layer): return [shape[0], shape[1], layer.units]
    case .maxPooling(let window), .averagePooling(let window):
      let size = (SIMD2(shape[1], shape[2]) &+ 2 &* window.padding &- window.size) / window.stride
      return [shape[0], size.x + 1, size.y + 1, shape[3]]
    case .mean: return [shape[0], shape[shape.count - 1]]
    case .flattening: return [shape[0], shape.dropFirst().reduce(1, *)]
    case .batchNormalization, .layerNormalization, .groupNormalization, .dropout, .rectifier:
      return shape
    }
  }

  /// The products that are added up for one input; additions and comparisons alone do not count.
  func multiplyAdds(input: [Int], output: [Int]) -> Int {
    let outputs = output.reduce(1, *)
    return switch self {
    case .dense(let layer): outputs * layer.weight.shape[0]
    case .convolution1D(let layer): outputs * layer.filter.shape.dropLast().reduce(1, *)
    case .convolution2D(let layer): outputs * layer.filter.shape.dropLast().reduce(1, *)
    case .recurrent(let layer):
      input[0] * input[1] * (layer.inputWeight.count + layer.stateWeight.count)
    case .batchNormalization, .layerNormalization, .groupNormalization: outputs
    case .dropout, .rectifier, .maxPooling, .averagePooling, .mean, .flattening: 0
    }
  }
}

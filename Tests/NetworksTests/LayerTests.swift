import Autodiff
import Networks
import Testing

@Suite("Layers")
struct LayerTests {
  private struct Goldens: Decodable {
    struct Running: Decodable {
      var batches: [GoldenTensor]
      var mean: GoldenTensor
      var variance: GoldenTensor
      var output: GoldenTensor
    }

    var tolerance: Double
    var cases: [GoldenCase]
    var running: Running
  }

  /// The layer that a golden is of, with the parameters of the golden.
  private func layer<Scalar>(_ name: String, _ shapes: [[Int]]) -> Layer<Scalar> {
    var generator = SeededGenerator(seed: 0)
    func convolution(
      _ geometry: ConvolutionGeometry = ConvolutionGeometry(),
      _ padding: ConvolutionPadding = .none,
      groups: Int = 1
    ) -> Layer<Scalar> {
      .convolution2D(
        Convolution2D(
          kernel: SIMD2(shapes[1][0], shapes[1][1]), channels: shapes[1][2] * groups,
          filters: shapes[1][3], geometry: geometry, padding: padding, groups: groups,
          using: &generator))
    }
    switch name {
    case "dense":
      return .dense(Dense(inputs: shapes[1][0], outputs: shapes[1][1], using: &generator))
    case "convolution2D":
      return .convolution2D(
        Convolution2D(kernel: SIMD2(3, 3), channels: 3, filters: 4, using: &generator))
    case "convolution2D-strided":
      return convolution(
        ConvolutionGeometry(stride: SIMD2(2, 1), dilation: SIMD2(1, 2)), .symmetric(SIMD2(1, 0)))
    case "convolution2D-grouped": return convolution(groups: 2)
    case "convolution2D-depthwise":
      return convolution(ConvolutionGeometry(), .same, groups: 3)
    case "convolution1D":
      return .convolution1D(Convolution1D(width: 3, channels: 3, filters: 4, using: &generator))
    case "convolution1D-causal":
      return .convolution1D(
        Convolution1D(
          width: 3, channels: 2, filters: 4, dilation: 2, padding: .causal, groups: 2,
          using: &generator))
    case "maxPooling":
      return .maxPooling(PoolingWindow(SIMD2(2, 3), stride: SIMD2(2, 1), padding: SIMD2(1, 1)))
    case "averagePooling":
      return .averagePooling(PoolingWindow(SIMD2(2, 3), stride: SIMD2(2, 2), padding: SIMD2(1, 1)))
    case "mean": return .mean
    case "rectifier": return .rectifier
    case "batchNormalization": return .batchNormalization(BatchNormalization(channels: 2))
    case "layerNormalization": return .layerNormalization(LayerNormalization(channels: 5))
    case "groupNormalization":
      return .groupNormalization(GroupNormalization(groups: 2, channels: 4))
    default: return .recurrent(GatedRecurrentUnit(inputs: 2, units: 3, using: &generator))
    }
  }

  @Test("Every layer has PyTorch's outputs and gradients, and the shape of its summary")
  func goldens() throws {
    let goldens = try golden("layers", as: Goldens.self)
    #expect(goldens.cases.count == 15)
    func run<Scalar>(_ name: String, _ inputs: [Tensor<Scalar>]) -> Tensor<Scalar> {
      let layer: Layer<Scalar> = layer(name, inputs.map(\.shape))
        .replacingParameters(with: inputs.dropFirst())
      var context = TrainingContext<Scalar>(generator: SeededGenerator(seed: 1))
      let output = layer.training(inputs[0], in: &context)
      let row = Sequential([layer]).summary(input: inputs[0].shape).rows[0]
      #expect(row.shape == output.shape, "\(name)")
      return output
    }
    for golden in goldens.cases {
      expect(golden, within: goldens.tolerance) {
        run(golden.name, $0)
      } float: {
        run(golden.name, $0)
      }
    }
  }

  @Test("Running statistics are PyTorch's, and are what inference normalises by")
  func runningStatistics() throws {
    let running = try golden("layers", as: Goldens.self).running
    var network = Sequential<Double>([.batchNormalization(BatchNormalization(channels: 2))])
    for batch in running.batches {
      var context = TrainingContext<Double>(generator: SeededGenerator(seed: 1))
      _ = network.training(batch.tensor, in: &context)
      network.absorb(context.statistics)
    }
    var statistics: [String: Tensor<Double>] = [:]
    network.visitStatistics { statistics[$0] = $1 }
    let pairs = [
      (statistics["0.mean"], running.mean), (statistics["0.variance"], running.variance),
      (network(running.batches[0].tensor), running.output),
    ]
    for (found, expected) in pairs {
      let found = try #require(found)
      for (a, b) in zip(found.elements, expected.elements) { #expect(abs(a - b) < 1e-8) }
    }
  }

  @Test("A recurrent unit has right derivatives of both orders, and steps as it reads")
  func recurrentDerivatives() {
    var generator = SeededGenerator(seed: 4)
    let cell = GatedRecurrentUnit<Double>(inputs: 2, units: 2, using: &generator)
    let sequences = Tensor((0..<12).map { Double($0 * 5 % 7) / 7 }, shape: [2, 3, 2])
    let inputs = [sequences] + cell.parameters.map(\.value)
    let function = { (inputs: [Tensor<Double>]) in
      cell.replacingParameters(with: inputs.dropFirst())(inputs[0])
    }
    let check = GradientCheck()
    #expect(check.error(at: inputs, of: function) < 1e-7)
    #expect(check.secondOrderError(at: inputs, of: function) < 1e-6)
    #expect(check.forwardError(at: inputs, of: function) < 1e-7)

    var state = Tensor<Double>(zeros: [2, 2])
    for step in 0..<3 {
      let input = sequences.sliced(step..<step + 1, along: 1).reshaped(to: [2, 2])
      state = cell.step(input, from: state)
    }
    let states = cell(sequences)
    let last = states.sliced(2..<3, along: 1)
    for (a, b) in zip(state.elements, last.elements) { #expect(abs(a - b) < 1e-14) }
    let rest = cell(
      sequences.sliced(1..<3, along: 1),
      from: states.sliced(0..<1, along: 1).reshaped(to: [2, 2]))
    for (a, b) in zip(rest.elements, states.sliced(1..<3, along: 1).elements) {
      #expect(abs(a - b) < 1e-14)
    }
  }

  @Test("Layers that do not fit trap")
  func misfits() async {
    await #expect(processExitsWith: .failure) {
      var generator = SeededGenerator(seed: 0)
      _ = Convolution1D<Float>(width: 3, channels: 4, filters: 6, groups: 4, using: &generator)
    }
    await #expect(processExitsWith: .failure) {
      var network = Sequential<Float>([.batchNormalization(BatchNormalization(channels: 2))])
      network.absorb([])
    }
    await #expect(processExitsWith: .failure) {
      _ = GroupNormalization<Float>(groups: 2, channels: 5)
    }
  }
}

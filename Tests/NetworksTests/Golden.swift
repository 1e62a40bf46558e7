import Autodiff
import Foundation
import Testing

/// Reads a golden that a script in `tools/golden` made.
func golden<Content: Decodable>(_ name: String, as type: Content.Type) throws -> Content {
  let url = try #require(
    Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Goldens"))
  return try JSONDecoder().decode(type, from: Data(contentsOf: url))
}

/// A tensor of a golden.
struct GoldenTensor: Decodable {
  var shape: [Int]
  var elements: [Double]

  var tensor: Tensor<Double> { Tensor(elements, shape: shape) }
}

/// A function of tensors that another program computed and differentiated.
struct GoldenCase: Decodable {
  var name: String
  var inputs: [GoldenTensor]
  var output: GoldenTensor
  var weights: GoldenTensor
  var gradients: [GoldenTensor]
}

/// Expects `function` to have the outputs and the gradients of a golden, in both precisions.
func expect(
  _ golden: GoldenCase, within tolerance: Double, sourceLocation: SourceLocation = #_sourceLocation,
  double: ([Tensor<Double>]) -> Tensor<Double>, float: ([Tensor<Float>]) -> Tensor<Float>
) {
  let inputs = golden.inputs.map(\.tensor)
  expect(
    golden, within: 1e-7, of: inputs, sourceLocation: sourceLocation, double)
  let singles = inputs.map { Tensor($0.elements.map(Float.init), shape: $0.shape) }
  expect(golden, within: tolerance, of: singles, sourceLocation: sourceLocation, float)
}

private func expect<Scalar>(
  _ golden: GoldenCase, within tolerance: Double, of inputs: [Tensor<Scalar>],
  sourceLocation: SourceLocation, _ function: ([Tensor<Scalar>]) -> Tensor<Scalar>
) {
  let weights = Tensor(golden.weights.elements.map { Scalar($0) }, shape: golden.weights.shape)
  var output = Tensor<Scalar>(0)
  let gradients = gradient(of: inputs) { inputs in
    let result = function(inputs)
    output = result.detached
    return (result * weights).sum()
  }
  let pairs = [(output, golden.output)] + zip(gradients, golden.gradients)
  for (index, (found, expected)) in pairs.enumerated() {
    let what: Comment = "\(golden.name): \(index == 0 ? "output" : "gradient \(index)")"
    #expect(found.shape == expected.shape, what, sourceLocation: sourceLocation)
    let scale = expected.elements.reduce(1) { max($0, $1.magnitude) }
    let worst =
      zip(found.elements, expected.elements)
      .map { (Double($0) - $1).magnitude }.max() ?? 0
    #expect(worst <= tolerance * scale, what, sourceLocation: sourceLocation)
  }
}

import Autodiff
import Testing

extension SeededGenerator {
  /// A tensor of numbers between −1 and 1.
  mutating func tensor(_ shape: [Int]) -> Tensor<Double> {
    Tensor((0..<shape.reduce(1, *)).map { _ in .random(in: -1...1, using: &self) }, shape: shape)
  }

  /// A shape of `rank` axes with up to `longest` elements each.
  mutating func shape(rank: Int, longest: Int = 4) -> [Int] {
    (0..<rank).map { _ in .random(in: 1...longest, using: &self) }
  }

  /// A pair of numbers from a range.
  mutating func pair(_ range: ClosedRange<Int>) -> SIMD2<Int> {
    SIMD2(.random(in: range, using: &self), .random(in: range, using: &self))
  }
}

/// Expects the gradient of `function` at `inputs` to be that of central differences, forward and
/// reverse mode to agree, and the gradient of the gradient to be right where the function is smooth.
func expectDerivatives(
  of name: String, at inputs: [Tensor<Double>], isSmooth: Bool = true,
  sourceLocation: SourceLocation = #_sourceLocation,
  _ function: ([Tensor<Double>]) -> Tensor<Double>
) {
  let check = GradientCheck()
  let first = check.error(at: inputs, of: function)
  #expect(first < 1e-7, "first order of \(name)", sourceLocation: sourceLocation)
  let forward = check.forwardError(at: inputs, of: function)
  #expect(forward < 1e-7, "forward against reverse of \(name)", sourceLocation: sourceLocation)
  guard isSmooth else { return }
  let second = check.secondOrderError(at: inputs, of: function)
  #expect(second < 1e-6, "second order of \(name)", sourceLocation: sourceLocation)
}

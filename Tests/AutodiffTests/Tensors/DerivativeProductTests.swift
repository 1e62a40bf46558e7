import Autodiff
import Testing

@Suite("Products of derivatives")
struct DerivativeProductTests {
  /// x ↦ (x₀x₁, sin x₀, x₁³).
  private func curve(_ x: Tensor<Double>) -> Tensor<Double> {
    let (a, b) = (x.sliced(0..<1, along: 0), x.sliced(1..<2, along: 0))
    return .concatenated([a * b, a.sine(), b.raised(to: 3)], along: 0)
  }

  @Test("Forward and reverse products are those of the Jacobian")
  func jacobian() {
    let x = Tensor([0.5, 2.0])
    let jacobian = [[2, 0.5], [Tensor(0.5).cosine().scalar, 0], [0, 12]]
    let (value, forward) = jacobianVectorProduct(of: x, along: Tensor([3, -1]), curve)
    #expect(value == curve(x))
    for (entry, row) in zip(forward.elements, jacobian) {
      #expect(abs(entry - 3 * row[0] + row[1]) < 1e-14)
    }
    let reverse = vectorJacobianProduct(of: x, along: Tensor([1, 2, 3]), curve)
    #expect(abs(reverse.elements[0] - (2 + 2 * jacobian[1][0])) < 1e-14)
    #expect(abs(reverse.elements[1] - 36.5) < 1e-14)
  }

  @Test("A Hessian–vector product is that of the Hessian")
  func hessian() {
    // x₀²x₁ + exp x₁ at (1, 0): the Hessian is (0, 2; 2, 1).
    let product = hessianVectorProduct(of: Tensor([1.0, 0]), along: Tensor([3, 5])) { x in
      let (a, b) = (x.sliced(0..<1, along: 0), x.sliced(1..<2, along: 0))
      return (a.squared() * b + b.exponential()).sum()
    }
    #expect(product.elements == [10, 11])
  }

  @Test("A third derivative is a product in a product")
  func thirdOrder() {
    let third = gradient(of: Tensor(2.0)) { x in
      hessianVectorProduct(of: x, along: Tensor(1)) { $0.raised(to: 4) }
    }
    #expect(abs(third.scalar - 48) < 1e-12)
  }

  @Test("What needs no gradient is a constant")
  func withoutGradients() {
    let x = Tensor(3.0)
    #expect(gradient(of: x) { x in withoutGradient { x * x } * x }.scalar == 9)
    #expect(gradient(of: x) { x in withoutGradient { x * x } }.scalar == 0)
    // A gradient call inside works, and its result is a constant outside.
    let nested = gradient(of: x) { x in x * withoutGradient { gradient(of: x) { $0 * $0 * x } } }
    #expect(nested.scalar == 18)
    // And one that the pause does not enclose goes on beside it.
    let outer = gradient(of: x) { x in
      gradient(of: x) { y in y * y * y + withoutGradient { x * y } }
    }
    #expect(outer.scalar == 18)
    struct Failure: Error {}
    #expect(throws: Failure.self) { try withoutGradient { throw Failure() } }
  }

  @Test("A changed copy does not reach what a pullback still needs")
  func values() {
    var kept: Tensor<Double>?
    let slope = gradient(of: Tensor([2.0, 3])) { x in
      var copy = x
      let square = copy * copy
      copy = copy + 100
      kept = copy
      return square.sum()
    }
    #expect(slope.elements == [4, 6])
    #expect(kept?.elements == [102, 103])
  }
}

@Suite("Custom operation")
struct CustomOperationTests {
  private func cube(
    _ x: Tensor<Double>, factor: Double = 3
  ) -> Tensor<Double> {
    customOperation([x]) { inputs in
      Tensor(inputs[0].elements.map { $0 * $0 * $0 }, shape: inputs[0].shape)
    } pullback: { inputs, _, gradient in
      [gradient * inputs[0].squared() * factor]
    }
  }

  @Test("An operation of one's own has derivatives of any order")
  func derivatives() {
    var generator = SeededGenerator(seed: 1)
    let x = generator.tensor([2, 3])
    expectDerivatives(of: "cube", at: [x]) { cube($0[0]) }
  }

  @Test("The check finds a wrong pullback")
  func wrongPullback() {
    var generator = SeededGenerator(seed: 1)
    let x = generator.tensor([2, 3])
    let check = GradientCheck()
    #expect(check.error(at: [x]) { cube($0[0], factor: 3.001) } > 1e-5)
    #expect(check.forwardError(at: [x]) { cube($0[0], factor: 3.001) } > 1e-5)
    // Right at first order, but its own pullback says that the square does not vary.
    let constant = { (inputs: [Tensor<Double>]) in
      customOperation([inputs[0]]) {
        $0[0] * $0[0]
      } pullback: { inputs, _, gradient in
        [gradient * inputs[0].detached * 2]
      }
    }
    #expect(check.error(at: [x], of: constant) < 1e-7)
    #expect(check.secondOrderError(at: [x], of: constant) > 1e-3)
    // A pullback that is not linear is no transposed derivative.
    let bent = { (inputs: [Tensor<Double>]) in
      customOperation([inputs[0]]) {
        $0[0]
      } pullback: { _, _, gradient in
        [gradient + (gradient - 1).squared()]
      }
    }
    #expect(check.forwardError(at: [x], of: bent) > 1e-3)
  }

  @Test("An input without influence has no gradient")
  func missingGradient() {
    let slopes = gradient(of: [Tensor(2.0), Tensor(5.0)]) { pair in
      customOperation(pair) {
        $0[0] * 3
      } pullback: { _, _, gradient in
        [gradient * 3, nil]
      }
    }
    #expect(slopes.map(\.scalar) == [3, 0])
  }

  @Test("A pullback that returns the wrong shapes traps, and so does a captured tensor")
  func misuse() async {
    await #expect(processExitsWith: .failure) {
      _ = gradient(of: Tensor([1.0, 2])) { x in
        customOperation([x]) {
          $0[0]
        } pullback: { _, _, _ in
          [Tensor(1)]
        }.sum()
      }
    }
    await #expect(processExitsWith: .failure) {
      _ = gradient(of: Tensor([1.0, 2])) { x in
        customOperation([x]) {
          $0[0]
        } pullback: { _, _, _ in
          []
        }.sum()
      }
    }
    await #expect(processExitsWith: .failure) {
      _ = gradient(of: Tensor(1.0)) { x in
        customOperation([Tensor(2.0)]) {
          $0[0] * x
        } pullback: { _, _, gradient in
          [gradient]
        }
      }
    }
  }
}

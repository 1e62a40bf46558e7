import Autodiff
import Synchronization
import Testing

@Suite("Checkpointing")
struct CheckpointingTests {
  /// Counts the pullbacks that are held somewhere.
  private final class Held: Sendable {
    static let count = Atomic<Int>(0)
    init() { Self.count.add(1, ordering: .relaxed) }
    deinit { Self.count.subtract(1, ordering: .relaxed) }
  }

  /// A layer with dropout, and an operation that is known to hold memory for its pullback.
  @Sendable
  private static func layer(
    _ model: [Tensor<Double>], _ inputs: [Tensor<Double>], _ generator: inout SeededGenerator
  ) -> Tensor<Double> {
    let input = inputs[0]
    let mask = Tensor(
      (0..<input.count).map { _ in Double.random(in: 0..<1, using: &generator) < 0.1 ? 0 : 2 },
      shape: input.shape)
    let held = Held()
    return customOperation([input * model[0] * mask]) { inputs in
      inputs[0].hyperbolicTangent()
    } pullback: { _, result, gradient in
      withExtendedLifetime(held) { [gradient * (1 - result.squared())] }
    }
  }

  @Test("It has the bits of the plain computation, with its random numbers, and keeps nothing")
  func replay() {
    let model = [Tensor([0.3, -0.2, 0.5, 0.1, 0.7, -0.4, 0.2, 0.6])]
    let input = Tensor([1.0, 2, 3, 4, -1, -2, 0.5, 1.5])
    var held: [Int] = []
    let results = [false, true].map { checkpoints in
      var generator = SeededGenerator(seed: 11)
      let result = valueWithGradient(of: model + [input]) { everything in
        var hidden = everything[1]
        for _ in 0..<6 {
          hidden =
            checkpoints
            ? checkpointed([everything[0]], [hidden], using: &generator, Self.layer)
            : Self.layer([everything[0]], [hidden], &generator)
        }
        held.append(Held.count.load(ordering: .relaxed))
        return hidden.sum()
      }
      return (result.value, result.gradient, generator)
    }
    #expect(results[0].0 == results[1].0)
    #expect(results[0].1 == results[1].1)
    #expect(results[0].2 == results[1].2)
    // Some elements were dropped on their way, and some came through.
    let slopes = results[0].1[0].elements
    #expect(slopes.contains { $0 != 0 } && slopes.contains(0))
    #expect(held == [6, 0])
  }

  @Test("It has derivatives of any order")
  func derivatives() {
    var generator = SeededGenerator(seed: 2)
    let (weight, input) = (generator.tensor([3]), generator.tensor([2, 3]))
    expectDerivatives(of: "checkpoint", at: [weight, input]) { inputs in
      checkpointed([inputs[0]], [inputs[1]]) { model, inputs in
        (model[0] * inputs[0]).sine() * inputs[0].exponential()
      }
    }
  }

  @Test("A watched tensor that is not passed in traps")
  func captured() async {
    await #expect(processExitsWith: .failure) {
      _ = gradient(of: Tensor(1.0)) { x in
        checkpointed([Tensor<Double>](), [Tensor(2.0)]) { _, inputs in inputs[0] * x }
      }
    }
  }
}

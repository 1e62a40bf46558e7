public import Autodiff

/// A cell that reads a sequence and keeps what it needs of it: gates decide what it forgets and what
/// it takes in (Cho et al., 2014).
///
/// With *r* = σ(x·Wᵣ + h·Uᵣ) and *z* = σ(x·W_z + h·U_z), the new state is
/// *z*·h + (1 − *z*)·tanh(x·Wₙ + *r*·(h·Uₙ)), each sum with its bias.
public struct GatedRecurrentUnit<Scalar: TensorScalar>: ParameterContainer, Sendable {
  /// The weights of the input, `[input, 3 · unit]`: those of reset, update and candidate.
  public var inputWeight: Tensor<Scalar>

  /// The weights of the state, `[unit, 3 · unit]`.
  public var stateWeight: Tensor<Scalar>

  /// The biases of the input.
  public var inputBias: Tensor<Scalar>

  /// The biases of the state.
  public var stateBias: Tensor<Scalar>

  /// Creates a cell with random weights.
  public init(inputs: Int, units: Int, using generator: inout SeededGenerator) {
    let limit = 1 / Double(units).squareRoot()
    inputWeight = .uniform(in: -limit...limit, shape: [inputs, 3 * units], using: &generator)
    stateWeight = .uniform(in: -limit...limit, shape: [units, 3 * units], using: &generator)
    inputBias = Tensor(zeros: [3 * units])
    stateBias = Tensor(zeros: [3 * units])
  }

  /// The numbers in a state.
  public var units: Int { stateWeight.shape[0] }

  /// The state after a step.
  ///
  /// - Parameters:
  ///   - input: What is read, `[example, input]`.
  ///   - state: The state before, `[example, unit]`.
  /// - Returns: The state after, `[example, unit]`.
  public func step(_ input: Tensor<Scalar>, from state: Tensor<Scalar>) -> Tensor<Scalar> {
    advance(input.matrixProduct(inputWeight) + inputBias, state)
  }

  /// The states after every step of sequences, `[example, time, unit]`.
  ///
  /// - Parameters:
  ///   - sequences: What is read, `[example, time, input]`.
  ///   - start: The state before, `[example, unit]`; zeros without it.
  /// - Returns: The states.
  /// - Precondition: The sequences have a step at least.
  public func callAsFunction(
    _ sequences: Tensor<Scalar>, from start: Tensor<Scalar>? = nil
  ) -> Tensor<Scalar> {
    precondition(
      sequences.rank == 3 && sequences.shape[1] > 0 && sequences.shape[2] == inputWeight.shape[0],
      "a cell of \(inputWeight.shape[0]) inputs cannot read sequences of \(sequences.shape)")
    let (examples, steps) = (sequences.shape[0], sequences.shape[1])
    // What the input contributes is known for all steps at once.
    let drive =
      (sequences.reshaped(to: [examples * steps, sequences.shape[2]]).matrixProduct(inputWeight)
      + inputBias).reshaped(to: [examples, steps, 3 * units])
    var state = start ?? Tensor(zeros: [examples, units])
    let states = (0..<steps).map { step in
      state = advance(
        drive.sliced(step..<step + 1, along: 1).reshaped(to: [examples, 3 * units]), state)
      return state.reshaped(to: [examples, 1, units])
    }
    return .concatenated(states, along: 1)
  }

  private func advance(_ drive: Tensor<Scalar>, _ state: Tensor<Scalar>) -> Tensor<Scalar> {
    let recall = state.matrixProduct(stateWeight) + stateBias
    func part(_ tensor: Tensor<Scalar>, _ number: Int) -> Tensor<Scalar> {
      tensor.sliced(number * units..<(number + 1) * units, along: 1)
    }
    let reset = (part(drive, 0) + part(recall, 0)).sigmoid()
    let update = (part(drive, 1) + part(recall, 1)).sigmoid()
    let candidate = (part(drive, 2) + reset * part(recall, 2)).hyperbolicTangent()
    return candidate + update * (state - candidate)
  }

  /// Calls `body` with weights and biases.
  public mutating func visitParameters(_ body: (String, inout Tensor<Scalar>) -> Void) {
    body("inputWeight", &inputWeight)
    body("stateWeight", &stateWeight)
    body("inputBias", &inputBias)
    body("stateBias", &stateBias)
  }
}

import Autodiff
import RealModule
import Testing

/// Fewer random measurements of a sparse vector than it has entries, and their squared error.
private struct SparseProblem {
  let matrix: [[Double]]
  let truth: [Double]
  let measurements: [Double]

  init(measurements count: Int, entries: Int, support: [Int]) {
    var generator = SeededGenerator(seed: 4)
    let matrix = (0..<count).map { _ in
      generator.vector(entries, within: .sqrt(3 / Double(count)))
    }
    var truth = [Double](repeating: 0, count: entries)
    for (index, entry) in support.enumerated() { truth[entry] = index.isMultiple(of: 2) ? 1.5 : -1 }
    self.matrix = matrix
    self.truth = truth
    measurements = matrix.map { row in zip(row, truth).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  func residuals(_ x: [Double]) -> [Double] {
    zip(matrix, measurements).map { row, measurement in
      zip(row, x).reduce(-measurement) { $0 + $1.0 * $1.1 }
    }
  }

  /// ½‖Ax − b‖².
  func error(_ x: [Double]) -> Double { residuals(x).reduce(0) { $0 + $1 * $1 } / 2 }

  /// Aᵀ(Ax − b).
  func gradient(_ x: [Double]) -> [Double] {
    var gradient = [Double](repeating: 0, count: x.count)
    for (row, residual) in zip(matrix, residuals(x)) {
      for entry in gradient.indices { gradient[entry] += row[entry] * residual }
    }
    return gradient
  }
}

@Suite("Proximal gradient method")
struct ProximalGradientMethodTests {
  private let problem = SparseProblem(measurements: 30, entries: 60, support: [3, 17, 30, 51])

  private func solution(
    momentum: ProximalGradientMethod<L1Norm<Double>>.Momentum, weight: Double, iterations: Int
  ) -> [Double] {
    ProximalGradientMethod(penalty: L1Norm(), weight: weight, stepSize: 0.12, momentum: momentum)
      .minimize(
        from: [Double](repeating: 0, count: 60), iterations: iterations,
        gradient: problem.gradient)
  }

  @Test("A sparse vector is recovered, which gradient descent does not")
  func recovery() {
    let sparse = solution(momentum: .nesterov, weight: 0.01, iterations: 400)
    #expect(sparse.indices.filter { sparse[$0] != 0 } == [3, 17, 30, 51])
    for (entry, truth) in zip(sparse, problem.truth) { #expect((entry - truth).magnitude < 0.05) }

    let dense = solution(momentum: .none, weight: 0, iterations: 400)
    #expect(problem.error(dense) < 1e-3)
    #expect(dense.count { $0.magnitude > 0.01 } > 40)
    #expect(zip(dense, problem.truth).contains { ($0 - $1).magnitude > 0.5 })
  }

  @Test("The solution meets the conditions of a minimum")
  func optimality() {
    let weight = 0.05
    let x = solution(momentum: .nesterov, weight: weight, iterations: 1_500)
    for (entry, slope) in zip(x, problem.gradient(x)) {
      if entry == 0 {
        #expect(slope.magnitude <= weight + 1e-6)
      } else {
        #expect((slope + weight * entry.signum()).magnitude < 1e-6)
      }
    }
  }

  @Test("Without momentum the objective always falls, with it further")
  func momentum() {
    let objective = { (x: [Double]) in problem.error(x) + 0.05 * L1Norm().value(at: x) }
    let plain = (0...30).map {
      objective(solution(momentum: .none, weight: 0.05, iterations: $0))
    }
    for (before, after) in zip(plain, plain.dropFirst()) { #expect(after <= before + 1e-12) }
    #expect(objective(solution(momentum: .nesterov, weight: 0.05, iterations: 30)) < plain[30])
  }

  @Test("A constraint is a penalty, and the engine's gradient will do")
  func constraint() {
    let method = ProximalGradientMethod(
      penalty: BoxConstraint(0.0...1), weight: 1, stepSize: 0.25)
    let point = method.minimize(from: [0.5, 0.5], iterations: 100) { point in
      Variable.gradient(
        of: { .pow($0[0] - 3, 2) + .pow($0[1] - 0.25, 2) + $0[0] * $0[1] / 2 }, at: point)
    }
    #expect(point[0] == 1)
    #expect(point[1].magnitude < 1e-9)
  }

  @Test("A step of no length traps")
  func stepSize() async {
    await #expect(processExitsWith: .failure) {
      _ = ProximalGradientMethod(penalty: L1Norm<Double>(), weight: 1, stepSize: 0)
    }
  }
}

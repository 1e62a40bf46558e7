import Autodiff
import RealModule
import Testing

extension SeededGenerator {
  /// A vector of numbers that look random.
  mutating func vector(_ count: Int, within bound: Double) -> [Double] {
    (0..<count).map { _ in Double.random(in: -bound...bound, using: &self) }
  }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}

private func difference(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 - $1 } }

/// Where a convex function of one variable is least, by cutting off the higher third.
private func minimum(
  within bounds: ClosedRange<Double>, of function: (Double) -> Double
) -> Double {
  var (low, high) = (bounds.lowerBound, bounds.upperBound)
  for _ in 0..<200 {
    let (first, second) = (low + (high - low) / 3, high - (high - low) / 3)
    if function(first) > function(second) { low = first } else { high = second }
  }
  return (low + high) / 2
}

@Suite("Convex penalty")
struct ConvexPenaltyTests {
  static let penalties: [any ConvexPenalty<Double>] = [
    L1Norm(), NonNegativeL1Norm(), ElasticNet(ridge: 0.7), GroupL1Norm(groups: [0..<3, 4..<6]),
    BoxConstraint(-0.5...1.25),
  ]

  @Test("The proximal point is the minimum that defines it", arguments: 0..<penalties.count)
  func definition(index: Int) {
    let penalty = Self.penalties[index]
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<20 {
      let v = generator.vector(7, within: 3)
      let weight = Double.random(in: 0...2, using: &generator)
      let objective = { (x: [Double]) in
        dot(difference(x, v), difference(x, v)) / 2 + weight * penalty.value(at: x)
      }
      let point = penalty.proximalPoint(of: v, weight: weight)
      let least = objective(point)
      #expect(least.isFinite)
      for size in [3, 0.1, 1e-3] {
        for _ in 0..<10 {
          // The objective grows from its minimum as ½‖z − x‖² at least: its first term does.
          let step = generator.vector(7, within: size)
          let other = zip(point, step).map { $0 + $1 }
          #expect(objective(other) >= least + dot(step, step) / 2 - 1e-12)
        }
      }
    }
  }

  @Test("Along each axis the proximal point is where a search finds the minimum")
  func search() {
    let penalties: [(any ConvexPenalty<Double>, domain: ClosedRange<Double>)] = [
      (L1Norm(), -20...20), (NonNegativeL1Norm(), 0...20), (ElasticNet(ridge: 0.7), -20...20),
      (BoxConstraint(-1...1.25), -1...1.25), (GroupL1Norm(groups: [0..<1]), -20...20),
    ]
    for (penalty, domain) in penalties {
      for v in [-3, -0.5, 0, 0.4, 0.6, 2.5] {
        let found = minimum(within: domain) { x in
          (x - v) * (x - v) / 2 + 0.5 * penalty.value(at: [x])
        }
        #expect((penalty.proximalPoint(of: [v], weight: 0.5)[0] - found).magnitude < 1e-7)
      }
    }
  }

  @Test("A proximal operator is firmly non-expansive", arguments: 0..<penalties.count)
  func nonExpansive(index: Int) {
    let penalty = Self.penalties[index]
    var generator = SeededGenerator(seed: 2)
    for _ in 0..<200 {
      let (v, w) = (generator.vector(7, within: 3), generator.vector(7, within: 3))
      let moved = difference(
        penalty.proximalPoint(of: v, weight: 0.8), penalty.proximalPoint(of: w, weight: 0.8))
      #expect(dot(moved, moved) <= dot(moved, difference(v, w)) + 1e-13)
    }
  }

  @Test("Without weight a penalty moves nothing, and a constraint only what breaks it")
  func noWeight() {
    let v = [1.0, -2, 0.5]
    #expect(L1Norm().proximalPoint(of: v, weight: 0) == v)
    #expect(ElasticNet(ridge: 3).proximalPoint(of: v, weight: 0) == v)
    #expect(GroupL1Norm(groups: [0..<3]).proximalPoint(of: v, weight: 0) == v)
    #expect(NonNegativeL1Norm().proximalPoint(of: v, weight: 0) == [1, 0, 0.5])
    #expect(BoxConstraint(-1...0.75).proximalPoint(of: v, weight: 0) == [0.75, -1, 0.5])
  }

  @Test("What a soft threshold removes lies in the dual ball (Moreau)")
  func moreau() {
    var generator = SeededGenerator(seed: 3)
    let v = generator.vector(50, within: 2)
    let kept = L1Norm().proximalPoint(of: v, weight: 0.75)
    let removed = BoxConstraint(-0.75...0.75).proximalPoint(of: v, weight: 1)
    for (entry, sum) in zip(v, zip(kept, removed)) {
      #expect((entry - sum.0 - sum.1).magnitude < 1e-15)
    }
  }

  @Test("A group vanishes as a whole, and entries in none are free")
  func groups() {
    let point = GroupL1Norm(groups: [0..<2, 3..<5])
      .proximalPoint(of: [0.6, -0.8, 9, 3, 4], weight: 2.5)
    #expect(point[0] == 0 && point[1] == 0)
    #expect(point[2...] == [9, 1.5, 2])
  }

  @Test("Not a number stays not a number")
  func notANumber() {
    for penalty in Self.penalties {
      let point = penalty.proximalPoint(
        of: [Double](repeating: .nan, count: 6), weight: 1)
      #expect(point.allSatisfy { $0.isNaN })
    }
  }

  @Test("Negative weights and overlapping groups trap")
  func preconditions() async {
    await #expect(processExitsWith: .failure) {
      _ = L1Norm<Double>().proximalPoint(of: [1], weight: -1)
    }
    await #expect(processExitsWith: .failure) { _ = ElasticNet(ridge: -1.0) }
    await #expect(processExitsWith: .failure) { _ = GroupL1Norm<Double>(groups: [0..<2, 1..<3]) }
  }
}

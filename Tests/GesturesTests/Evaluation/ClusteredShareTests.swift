import Gestures
import Testing

@Suite("Share of answers in clusters")
struct ClusteredShareTests {
  private func share(of clusters: [(Int, Int)]) -> ClusteredShare {
    var share = ClusteredShare()
    for (right, count) in clusters { share.add(.init(right: right, count: count)) }
    return share
  }

  @Test("With one answer each, the interval is that of the literature")
  func independent() {
    // Newcombe (1998), method 3: 81 of 263.
    let answers = share(of: (0..<263).map { ($0 < 81 ? 1 : 0, 1) })
    #expect(answers.count == 263 && abs(answers.share - 81.0 / 263) < 1e-12)
    // A variance that is estimated from n answers is n/(n − 1) of that of the sample.
    #expect(abs(answers.designEffect - 263.0 / 262) < 1e-9)
    #expect(abs(answers.interval.lowerBound - 0.2553) < 2e-4)
    #expect(abs(answers.interval.upperBound - 0.3662) < 2e-4)
  }

  @Test("Answers that are all alike in a cluster count as one")
  func alike() {
    let answers = share(of: (0..<40).map { $0 % 4 == 0 ? (0, 9) : (9, 9) })
    #expect(abs(answers.designEffect - 9 * 40.0 / 39) < 1e-9)
  }

  @Test("Nothing, and nothing but right answers, have their intervals")
  func ends() {
    #expect(ClusteredShare().interval == 0...1)
    let right = share(of: [(9, 9), (9, 9), (0, 0)])
    #expect(right.clusters.count == 2 && right.designEffect == 1)
    #expect(right.interval.upperBound == 1 && abs(right.interval.lowerBound - 0.8241) < 1e-4)
  }

  @Test("The interval over clusters holds the truth in 95 % of cases, the naive one does not")
  func coverage() {
    // A quarter of the clusters fare badly, which makes 0.25 · 0.35 + 0.75 · 0.95 = 0.8.
    var generator = SeededGenerator(state: 7)
    let (truth, trials) = (0.8, 1000)
    var held = 0
    var naivelyHeld = 0
    for _ in 0..<trials {
      let clusters = (0..<40).map { _ in
        let own = Double.random(in: 0..<1, using: &generator) < 0.25 ? 0.35 : 0.95
        return ((0..<10).count { _ in .random(in: 0..<1, using: &generator) < own }, 10)
      }
      let answers = share(of: clusters)
      held += answers.interval.contains(truth) ? 1 : 0
      let alone = share(
        of: clusters.flatMap { right, count in (0..<count).map { ($0 < right ? 1 : 0, 1) } })
      naivelyHeld += alone.interval.contains(truth) ? 1 : 0
    }
    #expect((0.925...0.98).contains(Double(held) / Double(trials)))
    #expect(Double(naivelyHeld) / Double(trials) < 0.85)
  }

  @Test("More right answers than answers are refused")
  func refusal() async {
    await #expect(processExitsWith: .failure) {
      var share = ClusteredShare()
      share.add(.init(right: 2, count: 1))
    }
  }
}

/// Random numbers that are the same on every run (SplitMix64).
private struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}

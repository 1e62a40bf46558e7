import Autodiff
import Foundation
import Gestures
import Testing

@Suite("Calibration of a mean")
struct MeanCalibrationTests {
  /// Answers that are right as often as their probabilities, to the power of `power`, say.
  private func answers(
    _ count: Int, power: Double, using generator: inout SeededGenerator
  ) -> [(mean: [Double], truth: Int)] {
    (0..<count).map { _ in
      let scores = (0..<4).map { _ in Double.random(in: 0...6, using: &generator) }
      let powers = scores.map { exp($0) }
      let sum = powers.reduce(0, +)
      var rest = Double.random(in: 0..<sum, using: &generator)
      let truth = powers.firstIndex { power in
        rest -= power
        return rest < 0
      }
      let said = scores.map { exp($0 / power) }
      return (said.map { $0 / said.reduce(0, +) }, truth ?? 3)
    }
  }

  @Test(
    "Answers that are too sure, or not sure enough, become as sure as they are right",
    arguments: [0.25, 0.5, 1, 2])
  func recovery(power: Double) {
    var generator = SeededGenerator(seed: 4)
    let calibration = MeanCalibration(of: answers(4000, power: power, using: &generator))
    #expect(abs(calibration.temperature * power - 1) < 0.1, "\(calibration.temperature)")
    var bins = [(sum: Double, right: Double)](repeating: (0, 0), count: 5)
    let others = answers(4000, power: power, using: &generator)
    for (mean, truth) in others {
      let said = calibration.calibrated(mean)
      let best = said.indices.max { said[$0] < said[$1] } ?? 0
      #expect(abs(said.reduce(0, +) - 1) < 1e-9)
      let bin = min(Int(said[best] * 5), 4)
      bins[bin].sum += said[best]
      bins[bin].right += best == truth ? 1 : 0
    }
    let error = bins.reduce(0) { $0 + abs($1.sum - $1.right) } / Double(others.count)
    #expect(error < 0.03, "\(error)")
  }

  @Test(
    "Members that are as sure as they are right have a mean that is not, until it is calibrated")
  func ensemble() {
    var generator = SeededGenerator(seed: 5)
    // Each member sees the scores with an error of its own, and is calibrated alone.
    let count = 4000
    var members = [[(mean: [Double], truth: Int)]](repeating: [], count: 5)
    for answer in answers(count, power: 1, using: &generator) {
      for member in members.indices {
        let seen = answer.mean.map { log($0) + Double.random(in: -4...4, using: &generator) }
        let powers = seen.map { exp($0) }
        members[member].append((powers.map { $0 / powers.reduce(0, +) }, answer.truth))
      }
    }
    let alone = members.map { MeanCalibration(of: $0) }
    func mean(_ index: Int, calibrated: Bool) -> [Double] {
      let all = members.indices.map { member in
        let said = members[member][index].mean
        return calibrated ? alone[member].calibrated(said) : said
      }
      return (0..<4).map { place in all.reduce(0) { $0 + $1[place] } / Double(all.count) }
    }
    let truths = members[0].map(\.truth)
    // What is left to calibrate in a mean of calibrated members makes it surer.
    let rest = MeanCalibration(
      of: truths.indices.map { (mean($0, calibrated: true), truths[$0]) })
    #expect(rest.temperature < 0.8, "\(rest.temperature)")
    let together = MeanCalibration(
      of: truths.indices.map { (mean($0, calibrated: false), truths[$0]) })
    var (confidence, right) = (0.0, 0.0)
    for (index, truth) in truths.enumerated() {
      let said = together.calibrated(mean(index, calibrated: false))
      let best = said.indices.max { said[$0] < said[$1] } ?? 0
      confidence += said[best]
      right += best == truth ? 1 : 0
    }
    #expect(abs(confidence - right) / Double(count) < 0.03)
  }

  @Test("Without held-out answers nothing changes, and one right answer is no certainty")
  func few() {
    #expect(MeanCalibration(of: []).temperature == 1)
    let said = MeanCalibration(of: [([0.9, 0.1], 0)]).calibrated([0.9, 0.1])
    #expect(said[0] < 0.95)
  }
}

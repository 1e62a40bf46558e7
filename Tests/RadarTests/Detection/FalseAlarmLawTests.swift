import Radar
import RealModule
import Testing

@Suite("Thresholds")
struct FalseAlarmLawTests {
  @Test(
    "Cell averaging has its closed form",
    arguments: [(16, 1e-3, 8.638824), (24, 1e-4, 11.227182), (32, 1e-6, 17.277649)])
  func cellAveraging(cells: Int, rate: Double, expected: Double) {
    let multiplier = NoiseEstimator.cellAveraging.multiplier(
      falseAlarmRate: rate, leading: cells / 2, lagging: cells / 2)
    #expect(abs(multiplier / expected - 1) < 1e-7)
  }

  @Test(
    "The greater and the smaller of two sides have the published factors of the sum",
    arguments: [
      (NoiseEstimator.smallestOf, 1e-2, 0.9131516), (.smallestOf, 1e-3, 1.5749645),
      (.greatestOf, 1e-2, 0.5728422), (.greatestOf, 1e-3, 0.9359142),
    ])
  func sides(estimator: NoiseEstimator, rate: Double, expected: Double) {
    let multiplier = estimator.multiplier(falseAlarmRate: rate, leading: 8, lagging: 8)
    #expect(abs(multiplier / 8 - expected) < 1e-7)
  }

  @Test(
    "Order statistics have Rohling's factors",
    arguments: [(16, 1e-3, 7.4214113), (24, 1e-4, 9.3408047), (32, 1e-6, 14.3985247)])
  func ordered(cells: Int, rate: Double, expected: Double) {
    let multiplier = NoiseEstimator.orderedStatistic().multiplier(
      falseAlarmRate: rate, leading: cells / 2, lagging: cells / 2)
    #expect(abs(multiplier - expected) < 1e-7)
  }

  private struct Golden: Decodable {
    struct Case: Decodable {
      var estimator: String
      var leading: Int
      var lagging: Int
      var looks: Int
      var falseAlarmRate: Double
      var multiplier: Double
    }
    var relativeTolerance: Double
    var cases: [Case]
  }

  private let estimators: [String: NoiseEstimator] = [
    "cellAveraging": .cellAveraging, "greatestOf": .greatestOf, "smallestOf": .smallestOf,
    "orderedStatistic": .orderedStatistic(),
  ]

  @Test("Every law agrees with SciPy's integrals: uneven sides, none on one, several looks")
  func golden() throws {
    let golden = try RadarTests.golden("false_alarm", as: Golden.self)
    #expect(golden.cases.count == 180)
    for expected in golden.cases {
      let estimator = try #require(estimators[expected.estimator])
      let multiplier = estimator.multiplier(
        falseAlarmRate: expected.falseAlarmRate, leading: expected.leading,
        lagging: expected.lagging, looks: expected.looks)
      #expect(
        abs(multiplier / expected.multiplier - 1) < golden.relativeTolerance, "\(expected)")
    }
  }

  @Test("A multiplier gives back the rate it was made for, however low, however many cells")
  func inverse() {
    for estimator in estimators.values {
      for cells in [1, 2, 7, 40, 400] {
        for looks in [1, 16] {
          for rate in [0.3, 1e-3, 1e-9] {
            let multiplier = estimator.multiplier(
              falseAlarmRate: rate, leading: cells, lagging: cells / 2, looks: looks)
            let back = estimator.falseAlarmRate(
              multiplier: multiplier, leading: cells, lagging: cells / 2, looks: looks)
            #expect(abs(back / rate - 1) < 1e-9, "\(estimator) \(cells) \(looks) \(rate)")
          }
        }
      }
    }
  }

  @Test("With ever more cells every estimate becomes the noise itself")
  func manyCells() {
    // −ln P above the mean; the order statistic of a share s stands at −ln(1 − s) of it.
    for (estimator, scale) in [
      (NoiseEstimator.cellAveraging, 1.0), (.greatestOf, 1), (.smallestOf, 1),
      (.orderedStatistic(), .log(4)),
    ] {
      let multiplier = estimator.multiplier(
        falseAlarmRate: 1e-4, leading: 20_000, lagging: 20_000)
      #expect(abs(multiplier * scale / -Double.log(1e-4) - 1) < 0.02)
    }
  }

  @Test("A rate outside of zero to one, and no training cell, trap")
  func exits() async {
    await #expect(processExitsWith: .failure) {
      _ = NoiseEstimator.cellAveraging.multiplier(falseAlarmRate: 0, leading: 4, lagging: 4)
    }
    await #expect(processExitsWith: .failure) {
      _ = NoiseEstimator.greatestOf.multiplier(falseAlarmRate: 0.1, leading: 0, lagging: 0)
    }
  }
}

import Foundation
import Radar
import RealModule
import Testing

/// Counts the false alarms of every variant in simulated noise.
///
/// `FALSE_ALARM_TRIALS=4000000 swift test -c release --filter FalseAlarmRateTests` runs the full
/// certification, down to 1e-4, and prints its table.
@Suite("The rate of false alarms")
struct FalseAlarmRateTests {
  /// A grid just large enough that the cell in the middle has its whole window.
  struct Variant: Sendable, CustomTestStringConvertible {
    var name: String
    var rows = 1
    var columns: Int
    var rowWindow = TrainingWindow.none
    var columnWindow: TrainingWindow
    var wraps = false
    var law = ConstantFalseAlarmDetector.Law.squareLaw
    var looks = 1

    var testDescription: String { name }
  }

  static let estimators: [(String, NoiseEstimator)] = [
    ("CA", .cellAveraging), ("GO", .greatestOf), ("SO", .smallestOf), ("OS", .orderedStatistic()),
  ]

  static let line = TrainingWindow(guardCells: 1, trainingCells: 8)
  static let variants = [
    Variant(name: "line, square law", columns: 19, columnWindow: line),
    Variant(name: "line, linear", columns: 19, columnWindow: line, law: .linear),
    Variant(name: "line that wraps", columns: 19, columnWindow: line, wraps: true),
    Variant(name: "line, three looks", columns: 19, columnWindow: line, looks: 3),
    Variant(
      name: "plane, square law", rows: 7, columns: 9,
      rowWindow: TrainingWindow(guardCells: 1, trainingCells: 2),
      columnWindow: TrainingWindow(guardCells: 1, trainingCells: 3)),
    Variant(
      name: "plane that wraps, linear", rows: 7, columns: 9,
      rowWindow: TrainingWindow(guardCells: 1, trainingCells: 2),
      columnWindow: TrainingWindow(guardCells: 1, trainingCells: 3), wraps: true, law: .linear),
  ]

  private static let fullTrials = ProcessInfo.processInfo.environment["FALSE_ALARM_TRIALS"]
    .flatMap { Int($0) }

  @Test(
    "is the one asked for within three standard errors, inside and at the edges",
    arguments: variants)
  func certified(variant: Variant) {
    let trials = Self.fullTrials ?? 12_000
    let rates = Self.fullTrials == nil ? [1e-2, 1e-3] : [1e-2, 1e-3, 1e-4]
    var tallies = Self.estimators.flatMap { name, estimator in
      rates.map { Tally(name, estimator, rate: $0, variant: variant) }
    }
    var generator = TestGenerator(seed: 0xCFA2)
    var cells = [Float](repeating: 0, count: variant.rows * variant.columns)
    for _ in 0..<trials {
      for index in cells.indices {
        var power = 0.0
        for _ in 0..<variant.looks { power += generator.exponential() }
        cells[index] = Float(variant.law == .linear ? power.squareRoot() : power)
      }
      for index in tallies.indices { tallies[index].count(in: cells) }
    }
    for tally in tallies {
      let expected = tally.rate * Double(trials)
      let error = (expected * (1 - tally.rate)).squareRoot()
      for (place, count) in zip(tally.places, tally.counts) {
        let deviation = (Double(count) - expected) / error
        #expect(
          abs(deviation) <= 3,
          "\(tally.name), \(variant.name), \(place.name): \(count) of \(trials) at \(tally.rate)")
        guard Self.fullTrials != nil else { continue }
        let measured = String(format: "%.4e", Double(count) / Double(trials))
        let errors = String(format: "%+.2f", deviation)
        print(
          "| \(tally.name) | \(variant.name) | \(place.name) | \(tally.rate) | \(measured) | \(errors) |"
        )
      }
    }
  }

  /// The false alarms of one detector.
  ///
  /// A trial gives each place one chance, so that the chances of a place are independent.
  private struct Tally {
    let name: String
    let rate: Double
    let places: [(name: String, row: Int, column: Int)]
    var counts: [Int]
    private var detector: ConstantFalseAlarmDetector
    private var detections: [DetectedCell] = []

    init(_ name: String, _ estimator: NoiseEstimator, rate: Double, variant: Variant) {
      self.name = name
      self.rate = rate
      var places = [
        (name: "inside", row: variant.rows / 2, column: variant.columns / 2),
        (name: "corner", row: 0, column: 0),
        (name: "end", row: variant.rows - 1, column: variant.columns - 2),
      ]
      if variant.rows > 1 { places.append(("side", 0, variant.columns / 2)) }
      self.places = places
      counts = places.map { _ in 0 }
      detector = ConstantFalseAlarmDetector(
        estimator: estimator, falseAlarmRate: rate, rows: variant.rows, columns: variant.columns,
        rowWindow: variant.rowWindow, columnWindow: variant.columnWindow,
        wrapsColumns: variant.wraps, law: variant.law, looks: variant.looks)
    }

    mutating func count(in cells: [Float]) {
      detector.detect(cells.span, into: &detections)
      for cell in detections {
        for index in places.indices
        where places[index].row == cell.row && places[index].column == cell.column {
          counts[index] += 1
        }
      }
    }
  }
}

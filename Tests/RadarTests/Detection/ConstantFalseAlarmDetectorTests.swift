import CAllocationCounter
import Radar
import RealModule
import Testing

@Suite("Detector of constant false-alarm rate")
struct ConstantFalseAlarmDetectorTests {
  private let estimators: [NoiseEstimator] = [
    .cellAveraging, .greatestOf, .smallestOf, .orderedStatistic(), .orderedStatistic(share: 0.5),
  ]

  private func noise(_ count: Int, seed: UInt64) -> [Float] {
    var generator = TestGenerator(seed: seed)
    return (0..<count).map { _ in Float(generator.exponential()) }
  }

  /// The training cells of a cell, one by one, as the definition has them.
  private func training(
    row: Int, column: Int, rows: Int, columns: Int, rowWindow: TrainingWindow,
    columnWindow: TrainingWindow, wraps: Bool, cells: [Float]
  ) -> (leading: [Double], lagging: [Double]) {
    var leading: [Double] = []
    var lagging: [Double] = []
    let rowReach = rowWindow.guardCells + rowWindow.trainingCells
    let columnReach = columnWindow.guardCells + columnWindow.trainingCells
    for rowStep in -rowReach...rowReach {
      for columnStep in -columnReach...columnReach {
        if abs(rowStep) <= rowWindow.guardCells, abs(columnStep) <= columnWindow.guardCells {
          continue
        }
        let otherRow = row + rowStep
        guard (0..<rows).contains(otherRow) else { continue }
        var otherColumn = column + columnStep
        if wraps { otherColumn = (otherColumn + columns) % columns }
        guard (0..<columns).contains(otherColumn) else { continue }
        let value = Double(cells[otherRow * columns + otherColumn])
        if rowStep < 0 || rowStep == 0 && columnStep < 0 {
          leading.append(value)
        } else {
          lagging.append(value)
        }
      }
    }
    return (leading, lagging)
  }

  private func estimate(_ estimator: NoiseEstimator, _ leading: [Double], _ lagging: [Double])
    -> Double
  {
    let all = leading + lagging
    let means = [leading, lagging].filter { !$0.isEmpty }
      .map { $0.reduce(0, +) / Double($0.count) }
    switch estimator {
    case .cellAveraging: return all.reduce(0, +) / Double(all.count)
    case .greatestOf: return means.max() ?? 0
    case .smallestOf: return means.min() ?? 0
    case .orderedStatistic(let share):
      let rank = max(1, Int((share * Double(all.count)).rounded()))
      return all.sorted()[rank - 1]
    }
  }

  @Test("Detects what the definition detects, cell by cell", arguments: [false, true])
  func definition(wraps: Bool) {
    let (rows, columns) = (11, 14)
    let rowWindow = TrainingWindow(guardCells: 1, trainingCells: 3)
    let columnWindow = TrainingWindow(guardCells: 2, trainingCells: 2)
    var cells = noise(rows * columns, seed: 4)
    for (index, power) in [(3, 40), (50, 15), (76, 300), (153, 25)] as [(Int, Float)] {
      cells[index] = power
    }
    for estimator in estimators {
      var detector = ConstantFalseAlarmDetector(
        estimator: estimator, falseAlarmRate: 0.02, rows: rows, columns: columns,
        rowWindow: rowWindow, columnWindow: columnWindow, wrapsColumns: wraps)
      var detections: [DetectedCell] = []
      detector.detect(cells.span, into: &detections)
      var expected: [(row: Int, column: Int, noise: Double)] = []
      for row in 0..<rows {
        for column in 0..<columns {
          let (leading, lagging) = training(
            row: row, column: column, rows: rows, columns: columns, rowWindow: rowWindow,
            columnWindow: columnWindow, wraps: wraps, cells: cells)
          let level = estimate(estimator, leading, lagging)
          let multiplier = estimator.multiplier(
            falseAlarmRate: 0.02, leading: leading.count, lagging: lagging.count)
          if Double(cells[row * columns + column]) > multiplier * level {
            expected.append((row, column, level))
          }
        }
      }
      #expect(expected.count >= 3)
      #expect(detections.map { SIMD2($0.row, $0.column) } == expected.map { SIMD2($0.0, $0.1) })
      for (detection, other) in zip(detections, expected) {
        #expect(abs(Double(detection.noise) / other.noise - 1) < 1e-5)
      }
    }
  }

  @Test("An order statistic finds two targets side by side that cell averaging loses")
  func closePair() {
    var cells = noise(64, seed: 8)
    // 25 dB above the noise, four cells apart: each lies among the training cells of the other.
    cells[30] = 316
    cells[34] = 316
    func found(_ estimator: NoiseEstimator) -> [Int] {
      var detector = ConstantFalseAlarmDetector(
        estimator: estimator, falseAlarmRate: 1e-6, columns: 64,
        columnWindow: TrainingWindow(guardCells: 2, trainingCells: 8))
      var detections: [DetectedCell] = []
      detector.detect(cells.span, into: &detections)
      return detections.map(\.column)
    }
    #expect(found(.cellAveraging) == [])
    #expect(found(.greatestOf) == [])
    #expect(found(.orderedStatistic()) == [30, 34])
    #expect(found(.smallestOf) == [30, 34])
  }

  @Test("Scaling all cells changes nothing, and a linear detector sees what a square-law one sees")
  func scale() {
    var powers = noise(200, seed: 3)
    powers[20] = 60
    powers[120] = 200
    for estimator in estimators {
      func found(_ cells: [Float], law: ConstantFalseAlarmDetector.Law) -> [Int] {
        var detector = ConstantFalseAlarmDetector(
          estimator: estimator, falseAlarmRate: 1e-3, columns: 200,
          columnWindow: TrainingWindow(guardCells: 2, trainingCells: 8), law: law)
        var detections: [DetectedCell] = []
        detector.detect(cells.span, into: &detections)
        return detections.map(\.column)
      }
      let expected = found(powers, law: .squareLaw)
      #expect(expected.contains(20) && expected.contains(120))
      #expect(found(powers.map { $0 * 0x1p40 }, law: .squareLaw) == expected)
      #expect(found(powers.map { $0.squareRoot() }, law: .linear) == expected)
    }
  }

  @Test("Turning a Doppler axis that wraps turns the detections with it")
  func wrapping() {
    var cells = noise(32, seed: 6)
    cells[1] = 90
    for estimator in estimators {
      var detector = ConstantFalseAlarmDetector(
        estimator: estimator, falseAlarmRate: 1e-3, columns: 32,
        columnWindow: TrainingWindow(guardCells: 1, trainingCells: 6), wrapsColumns: true)
      var reference: [DetectedCell] = []
      detector.detect(cells.span, into: &reference)
      #expect(reference.contains { $0.column == 1 })
      for turn in 1..<32 {
        let turned = (0..<32).map { cells[($0 + turn) % 32] }
        var detections: [DetectedCell] = []
        detector.detect(turned.span, into: &detections)
        #expect(
          Set(detections.map { ($0.column + turn) % 32 }) == Set(reference.map(\.column)))
      }
    }
  }

  @Test("Windows larger than the grid, and grids of one cell, are harmless")
  func smallGrids() {
    for (rows, columns) in [(1, 1), (1, 2), (2, 1), (3, 3), (6, 16)] {
      for wraps in [false, true] {
        for estimator in estimators {
          var detector = ConstantFalseAlarmDetector(
            estimator: estimator, falseAlarmRate: 1e-3, rows: rows, columns: columns,
            rowWindow: TrainingWindow(guardCells: 2, trainingCells: 8),
            columnWindow: TrainingWindow(guardCells: 2, trainingCells: 40), wrapsColumns: wraps)
          var detections: [DetectedCell] = []
          let silence = [Float](repeating: 0, count: rows * columns)
          detector.detect(silence.span, into: &detections)
          #expect(detections.isEmpty)
          let odd: [Float] = silence.map { _ in .nan }
          detector.detect(odd.span, into: &detections)
          #expect(detections.isEmpty)
        }
      }
    }
  }

  @Test("A map is searched without allocating")
  func allocations() {
    var cells = noise(64 * 32, seed: 2)
    cells[700] = 1000
    for estimator in estimators {
      var detector = ConstantFalseAlarmDetector(
        estimator: estimator, falseAlarmRate: 1e-3, rows: 64, columns: 32,
        rowWindow: TrainingWindow(guardCells: 2, trainingCells: 8),
        columnWindow: TrainingWindow(guardCells: 2, trainingCells: 6), wrapsColumns: true)
      var detections: [DetectedCell] = []
      for _ in 0..<2 { detector.detect(cells.span, into: &detections) }
      let before = allocation_count()
      for _ in 0..<5 { detector.detect(cells.span, into: &detections) }
      let allocations = allocation_count() - before
      #expect(allocations == 0, "\(estimator)")
      #expect(detections.contains { $0.row == 21 && $0.column == 28 })
    }
  }

  @Test("A list that does not fill the grid traps")
  func exits() async {
    await #expect(processExitsWith: .failure) {
      var detector = ConstantFalseAlarmDetector(
        estimator: .cellAveraging, falseAlarmRate: 1e-3, columns: 8,
        columnWindow: TrainingWindow(guardCells: 1, trainingCells: 2))
      var detections: [DetectedCell] = []
      let cells: [Float] = [1, 2, 3]
      detector.detect(cells.span, into: &detections)
    }
  }
}

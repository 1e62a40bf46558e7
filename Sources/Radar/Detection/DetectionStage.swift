internal import ComplexModule
internal import RealModule
internal import Spectra

/// Makes detections from the complex spectra of all channels.
///
/// All that it knows of where the spectra come from is their layout, so bursts and sliding windows
/// of a continuous wave are the same to it.
struct DetectionStage: Sendable {
  let layout: SpectraLayout
  private let axes: Axes
  private let finder: DirectionFinder
  private let groupsPeaks: Bool

  /// What makes the noise in each Doppler bin even again: after the mean was removed, a third of it is
  /// left at zero velocity, and training cells there would tell too little.
  private let whitening: [Float]
  private var detector: ConstantFalseAlarmDetector
  private var power: [Float]
  private var cells: [DetectedCell] = []

  /// What the bins mean: range is absent where it is not measured.
  struct Axes: Sendable {
    var firstRange: Double?
    var rangeStep: Double
    var velocityStep: Double
  }

  init(
    waveform: Waveform, layout: SpectraLayout, velocityStep: Double, taper: Taper,
    options: DetectionOptions
  ) {
    self.layout = layout
    axes = Axes(
      firstRange: waveform.range(ofBin: 0), rangeStep: waveform.rangeResolution ?? 0,
      velocityStep: velocityStep)
    let array = AntennaArray(
      waveform: waveform, transmitterPositions: options.transmitterPositions)
    finder = DirectionFinder(array: array)
    groupsPeaks = options.groupsPeaks
    detector = ConstantFalseAlarmDetector(
      estimator: options.estimator, falseAlarmRate: options.falseAlarmRate,
      rows: layout.rangeBins, columns: layout.dopplerBins, rowWindow: options.rangeWindow,
      columnWindow: options.dopplerWindow, wrapsColumns: true, looks: layout.channels,
      correlation: NoiseCorrelation(
        rowTaper: waveform.kind == .fmcw ? (taper, waveform.shape.samplesPerChirp) : nil,
        columnTaper: (taper, layout.dopplerBins)))
    // A stream has no first chirps that a canceller could not fill.
    let order = waveform.kind == .cw ? 0 : options.clutterRemoval.order
    whitening = options.clutterRemoval.noiseWhitening(
      weights: Array(repeating: 0, count: order) + taper.weights(count: layout.dopplerBins - order),
      bins: layout.dopplerBins)
    power = Array(repeating: 0, count: layout.rangeBins * layout.dopplerBins)
  }

  /// The detections in `spectra`, by range and then by velocity.
  mutating func detections(in spectra: Span<Float>) -> [Detection] {
    sumPower(of: spectra, layout: layout, factors: whitening, into: &power)
    detect(power, by: &detector, into: &cells)
    var detections: [Detection] = []
    for cell in cells where !groupsPeaks || isPeak(cell) {
      detections.append(detection(of: cell, in: spectra))
    }
    return detections
  }

  /// The power of a cell beside another: Doppler goes round, range ends.
  private func neighbour(of cell: DetectedCell, row: Int, column: Int) -> Float? {
    let rangeBin = cell.row + row
    guard rangeBin >= 0, rangeBin < layout.rangeBins else { return nil }
    let dopplerBin = (cell.column + column + layout.dopplerBins) % layout.dopplerBins
    return power[rangeBin * layout.dopplerBins + dopplerBin]
  }

  /// Whether none of the eight cells around is stronger; of equals the first is the peak.
  private func isPeak(_ cell: DetectedCell) -> Bool {
    for row in -1...1 {
      for column in -1...1 where row != 0 || column != 0 {
        guard let other = neighbour(of: cell, row: row, column: column) else { continue }
        let isBefore = row < 0 || row == 0 && column < 0
        if isBefore ? other >= cell.power : other > cell.power { return false }
      }
    }
    return true
  }

  private func detection(of cell: DetectedCell, in spectra: Span<Float>) -> Detection {
    let column =
      Double(cell.column)
      + offset(
        before: neighbour(of: cell, row: 0, column: -1), peak: cell.power,
        after: neighbour(of: cell, row: 0, column: 1))
    let row =
      Double(cell.row)
      + offset(
        before: neighbour(of: cell, row: -1, column: 0), peak: cell.power,
        after: neighbour(of: cell, row: 1, column: 0))
    var detection = Detection(
      range: axes.firstRange.map { max($0 + row * axes.rangeStep, 0) },
      velocity: (column - Double(layout.dopplerBins / 2)) * axes.velocityStep,
      signalToNoiseRatio: 10 * .log10(Double(cell.power / max(cell.noise, .leastNormalMagnitude))))
    let resolves = finder.resolves
    guard resolves.horizontal || resolves.vertical else { return detection }
    let direction = finder.direction(of: snapshots(of: cell, in: spectra))
    if resolves.horizontal {
      let ahead = max(1 - direction.x * direction.x - direction.y * direction.y, 0).squareRoot()
      detection.azimuth = .atan2(y: direction.x, x: ahead)
    }
    if resolves.vertical { detection.elevation = .asin(direction.y) }
    return detection
  }

  /// What the antennas received in a cell; transmitters of unknown place are further snapshots.
  private func snapshots(of cell: DetectedCell, in spectra: Span<Float>) -> [[Complex<Double>]] {
    let antennas = finder.array.count
    return stride(from: 0, to: layout.channels, by: antennas).map { first in
      (0..<antennas).map { antenna in
        let place = layout.offset(
          channel: first + antenna, dopplerBin: cell.column, rangeBin: cell.row)
        return Complex(Double(spectra[place]), Double(spectra[place + 1]))
      }
    }
  }
}

/// Lets the detector read the powers, in a function of its own because a span claims all of `self`.
private func detect(
  _ power: [Float], by detector: inout ConstantFalseAlarmDetector, into cells: inout [DetectedCell]
) {
  detector.detect(power.span, into: &cells)
}

/// How far beside the strongest of three cells the top of the parabola through their levels lies,
/// in cells.
private func offset(before: Float?, peak: Float, after: Float?) -> Double {
  guard let before, let after, before > 0, after > 0, peak >= max(before, after) else { return 0 }
  let left = Double.log(Double(before / peak))
  let right = Double.log(Double(after / peak))
  let curvature = left + right
  return curvature < 0 ? (left - right) / (2 * curvature) : 0
}

/// Replaces `power` with that of each cell, summed over channels, `[rangeBin, dopplerBin]`.
private func sumPower(
  of spectra: Span<Float>, layout: SpectraLayout, factors: [Float], into power: inout [Float]
) {
  for index in power.indices { power[index] = 0 }
  for channel in 0..<layout.channels {
    for rangeBin in 0..<layout.rangeBins {
      for dopplerBin in 0..<layout.dopplerBins {
        let place = layout.offset(
          channel: channel, dopplerBin: dopplerBin, rangeBin: rangeBin)
        let real = spectra[place]
        let imaginary = spectra[place + 1]
        power[rangeBin * layout.dopplerBins + dopplerBin] +=
          factors[dopplerBin] * (real * real + imaginary * imaginary)
      }
    }
  }
}

internal import RealModule
internal import Spectra

/// How a motion repeats: steps, waves of a hand, breaths.
public struct Cadence: Equatable, Sendable {
  /// How often it repeats in hertz.
  public var frequency: Double

  /// The share of what changes in the spectrogram that changes at this frequency, from zero to one.
  public var strength: Double
}

extension Spectrogram {
  /// The cadence-velocity diagram: how strongly the power at each velocity changes at each rate.
  ///
  /// It is the magnitude of the Fourier transform of each column over time, less its mean, Hann
  /// weighted: `[cadence, dopplerBin]`, with bins `1 / (rows · interval)` hertz apart from zero on.
  ///
  /// - Precondition: There are at least four rows.
  public func cadenceDiagram() -> [Float] {
    let rows = times.count
    let bins = velocities.count
    precondition(rows >= 4, "\(rows) rows show no cadence")
    let plan = FourierPlan(
      [.init(length: rows, inputStride: 1, outputStride: 1)], input: .real)
    var column = AlignedBuffer<Float>(repeating: 0, count: rows)
    var spectrum = AlignedBuffer<Float>(repeating: 0, count: plan.outputCount)
    let weights = Taper(.hann).weights(count: rows)
    let rates = rows / 2 + 1
    var diagram = [Float](repeating: 0, count: rates * bins)
    for bin in 0..<bins {
      let powers = (0..<rows).map { Double.exp10(Double(levels[$0 * bins + bin]) / 10) }
      let mean = powers.reduce(0, +) / Double(rows)
      var span = column.mutableSpan
      for row in 0..<rows { span[row] = Float(powers[row] - mean) * weights[row] }
      plan.transform(&column, into: &spectrum)
      let values = spectrum.span
      for rate in 0..<rates {
        let real = values[2 * rate]
        let imaginary = values[2 * rate + 1]
        diagram[rate * bins + bin] = (real * real + imaginary * imaginary).squareRoot()
      }
    }
    return diagram
  }

  /// The rate at which the whole motion repeats.
  ///
  /// The diagram is summed over velocities, and its highest peak refined by a parabola.
  ///
  /// - Parameter range: The rates in hertz that count.
  /// - Returns: `nil` without a peak in the range, or with fewer than eight rows. Rows are taken to
  ///   be evenly spaced.
  public func cadence(in range: ClosedRange<Double>) -> Cadence? {
    guard times.count >= 8, let first = times.first, let last = times.last, last > first else {
      return nil
    }
    let interval = (last - first) / Double(times.count - 1)
    let step = 1 / (interval * Double(times.count))
    let bins = velocities.count
    let diagram = cadenceDiagram()
    let sums = stride(from: 0, to: diagram.count, by: bins).map { start in
      Double(diagram[start..<start + bins].reduce(0, +))
    }
    let total = sums.dropFirst().reduce(0, +)
    let peaks = sums.indices.dropFirst().dropLast().filter {
      range.contains(Double($0) * step) && sums[$0] >= sums[$0 - 1] && sums[$0] > sums[$0 + 1]
    }
    guard total > 0, let peak = peaks.max(by: { sums[$0] < sums[$1] }) else { return nil }
    let (before, at, after) = (sums[peak - 1], sums[peak], sums[peak + 1])
    let curvature = before - 2 * at + after
    let shift = curvature < 0 ? (before - after) / (2 * curvature) : 0
    return Cadence(
      frequency: (Double(peak) + shift) * step, strength: min(1, (before + at + after) / total))
  }
}

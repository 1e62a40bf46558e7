internal import RealModule
internal import Spectra

/// The rows of a spectrogram that power may still be added to.
///
/// Power of a window at bin *k* belongs, as its phase tells (Auger and Flandrin), Re(*X*ₜ/*X*) chirps
/// behind the middle of the window and −*N*/2π · Im(*X*'/*X*) bins above *k*, where *X*ₜ and *X*' are
/// the spectra with weights of time and of change. With one kind of spectrum it stays where it is.
struct Reassignment {
  private struct Row {
    var time: Double
    var damage: Double
    var power: [Float]
  }

  private let bins: Int
  private let hop: Int
  private var rows: [Int: Row] = [:]

  /// Power that belongs to rows whose windows are still to come.
  private var ahead: [Int: [Float]] = [:]

  init(bins: Int, hop: Int) {
    self.bins = bins
    self.hop = hop
  }

  /// Starts the row of a window with its middle at `time`, a share `damage` of which is not there.
  mutating func open(_ row: Int, time: Double, damage: Double) {
    let power = ahead.removeValue(forKey: row) ?? [Float](repeating: 0, count: bins)
    rows[row] = Row(time: time, damage: damage, power: power)
  }

  /// Adds the power of `spectra`, `[kind, bin]`, of the window `row`.
  mutating func add(_ spectra: [[Float]], scale: Float, row: Int) {
    for bin in 0..<bins {
      let real = spectra[0][2 * bin]
      let imaginary = spectra[0][2 * bin + 1]
      let power = real * real + imaginary * imaginary
      guard spectra.count == 3, power > 0 else {
        rows[row]?.power[bin] += power * scale
        continue
      }
      let time = spectra[1][2 * bin] * real + spectra[1][2 * bin + 1] * imaginary
      let change = spectra[2][2 * bin + 1] * real - spectra[2][2 * bin] * imaginary
      let delay = min(max(time / power, -Float(bins) / 2), Float(bins) / 2)
      let shift = min(
        max(-change / power * Float(bins) / (2 * .pi), -Float(bins)), Float(bins))
      let target = row + Int((delay / Float(hop)).rounded())
      let moved = ((bin + Int(shift.rounded())) % bins + bins) % bins
      if rows[target] != nil {
        rows[target]?.power[moved] += power * scale
      } else if target > row {
        ahead[target, default: [Float](repeating: 0, count: bins)][moved] += power * scale
      } else {
        // There is no window at that time: the power stays.
        rows[row]?.power[bin] += power * scale
      }
    }
  }

  /// Hands out all rows, the last with the power that no later window has taken.
  mutating func finish(_ spectrogram: inout Spectrogram) {
    if let last = rows.keys.max() {
      for power in ahead.values {
        for bin in 0..<bins { rows[last]?.power[bin] += power[bin] }
      }
    }
    ahead = [:]
    emit(before: .max, to: &spectrogram)
  }

  /// Hands out the rows before `end`, oldest first.
  mutating func emit(before end: Int, to spectrogram: inout Spectrogram) {
    for row in rows.keys.filter({ $0 < end }).sorted() {
      guard let done = rows.removeValue(forKey: row) else { continue }
      spectrogram.times.append(done.time)
      spectrogram.damages.append(done.damage)
      for power in done.power { spectrogram.levels.append(decibels(power: power)) }
    }
  }
}

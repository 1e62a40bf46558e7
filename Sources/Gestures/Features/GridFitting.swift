internal import Radar
internal import RealModule

extension FeatureGrid {
  /// Axes that suit the gestures in `recordings`.
  ///
  /// The window holds nine tenths of the gestures whole, in steps of the frames of the radar if that
  /// gives about as many as asked for; the velocity axis ends where the slowest
  /// radar's does, and at a hand's 4 m/s at the latest; silence is the level below which a tenth of
  /// all cells lie.
  ///
  /// - Parameters:
  ///   - recordings: Recordings of one kind of radar.
  ///   - steps: The steps in a window.
  ///   - velocityBins: The most bins of the velocity axis.
  /// - Returns: The axes.
  /// - Throws: ``GestureError/noLabels``, ``GestureError/mixedWaveforms(_:_:)``, and what reading
  ///   throws.
  public static func fitting(
    _ recordings: [LabelledRecording], steps: Int = 48, velocityBins: Int = 32
  ) throws -> FeatureGrid {
    let durations = recordings.flatMap(\.annotations).map { $0.end - $0.start }.sorted()
    guard let first = recordings.first, !durations.isEmpty else { throw GestureError.noLabels }
    for other in recordings where other.waveform.kind != first.waveform.kind {
      throw GestureError.mixedWaveforms(
        first.waveform.kind.rawValue, other.waveform.kind.rawValue)
    }
    let typical = durations[min(durations.count * 9 / 10, durations.count - 1)]
    let duration = min(max(1.2 * typical, 0.4), 4)
    let waveforms = Set(recordings.map(\.waveform))
    let (timeStep, steps) = timeAxis(duration: duration, steps: steps, waveforms: waveforms)
    var quantities = Quantity.allCases
    for waveform in waveforms {
      let measured = MotionSpectrumProcessor(waveform: waveform).quantities
      quantities = quantities.filter { measured.contains($0) }
    }
    let slowest = waveforms.map(\.maximumVelocity).min() ?? 1
    let finest = waveforms.map { waveform in
      waveform.kind == .cw ? 0 : 2 * waveform.maximumVelocity / waveform.velocityResolution
    }
    let bins =
      finest.map { $0 == 0 ? velocityBins : min(velocityBins, Int($0)) }.max() ?? velocityBins
    let ranges = waveforms.compactMap { waveform in
      waveform.range(ofBin: 0).flatMap { start in waveform.maximumRange.map { (start, $0) } }
    }
    let nearest = ranges.map(\.0).min() ?? 0
    let farthest = ranges.map(\.1).max() ?? 1
    return FeatureGrid(
      timeStep: timeStep, steps: steps, maximumVelocity: min(slowest, 4),
      velocityBins: max(bins / 2 * 2, 2), quantities: quantities,
      floorLevel: try floorLevel(of: recordings), levelScale: 20,
      middleRange: (nearest + farthest) / 2, rangeScale: max((farthest - nearest) / 2, 1e-3))
  }

  /// Steps between ``steps`` and one and a half times as many, if steps of a frame can be that, since
  /// nothing is lost between frames then; else `steps` of equal length.
  private static func timeAxis(
    duration: Double, steps: Int, waveforms: Set<Waveform>
  ) -> (timeStep: Double, steps: Int) {
    // A set comes in another order every time, in which sums differ by their last bit.
    let intervals = waveforms.map(\.frameInterval).sorted()
    let mean = intervals.reduce(0, +) / Double(max(intervals.count, 1))
    let frames = Int((duration / mean / 8).rounded(.up)) * 8
    let isBurst = waveforms.allSatisfy { $0.kind != .cw }
    return isBurst && frames >= steps && frames <= steps * 3 / 2
      ? (mean, frames) : (duration / Double(steps), steps)
  }

  /// The level below which a tenth of all cells of `recordings` lie, in decibels.
  static func floorLevel(of recordings: [LabelledRecording]) throws -> Double {
    var levels: [Float] = []
    // A few recordings spread over the data set tell the noise as well as all of them.
    for index in stride(from: 0, to: recordings.count, by: max(recordings.count / 24, 1)) {
      let recording = recordings[index]
      var processor = MotionSpectrumProcessor(waveform: recording.waveform)
      let bins = processor.velocities.count
      var count = 0
      try recording.forEachFrame { frame in
        processor.append(frame) { spectrum in
          count += 1
          guard count.isMultiple(of: 10) else { return }
          for bin in 0..<bins where bin != bins / 2 {
            levels.append(10 * .log10(max(spectrum.values[bin], 1e-12)))
          }
        }
      }
    }
    levels.sort()
    return levels.isEmpty ? 0 : Double(levels[levels.count / 10])
  }

  /// Refuses a radar that does not measure every quantity of the grid.
  func requireQuantities(of waveform: Waveform, named name: String) throws {
    let measured = MotionSpectrumProcessor(waveform: waveform).quantities
    for quantity in quantities where !measured.contains(quantity) {
      throw GestureError.missingQuantity(recording: name, quantity: quantity.rawValue)
    }
  }
}

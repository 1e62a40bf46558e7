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
  ///   - rangeGates: The number of range gates, over what the radar of the shortest reach sees of the
  ///     reach of hands, 1.2 m; none if it is zero.
  /// - Returns: The axes.
  /// - Throws: ``GestureError/noLabels``, ``GestureError/mixedWaveforms(_:_:)``,
  ///   ``GestureError/tooFewRangeBins(recording:found:needed:)``, and what reading throws.
  public static func fitting(
    _ recordings: [LabelledRecording], steps: Int = 48, velocityBins: Int = 32, rangeGates: Int = 0
  ) throws -> FeatureGrid {
    let durations = recordings.flatMap(\.annotations).map { $0.end - $0.start }.sorted()
    guard let first = recordings.first, !durations.isEmpty else { throw GestureError.noLabels }
    for other in recordings where other.waveform.kind != first.waveform.kind {
      throw GestureError.mixedWaveforms(
        first.waveform.kind.rawValue, other.waveform.kind.rawValue)
    }
    let gates = rangeGates > 0 ? try gates(rangeGates, for: recordings) : nil
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
      middleRange: (nearest + farthest) / 2, rangeScale: max((farthest - nearest) / 2, 1e-3),
      rangeGates: gates)
  }

  /// How far from a radar hands are held that make gestures, in metres.
  static let handReach = 1.2

  /// Gates over what the radars of all `recordings` see of a hand's reach.
  private static func gates(_ count: Int, for recordings: [LabelledRecording]) throws -> RangeGates
  {
    var (start, end) = (Double.infinity, handReach)
    for waveform in recordings.map(\.waveform) {
      guard let resolution = waveform.rangeResolution, let first = waveform.range(ofBin: 0),
        let last = waveform.range(ofBin: waveform.rangeBins - 1)
      else { continue }
      start = min(start, max(first - resolution / 2, 0))
      end = min(end, last + resolution / 2)
    }
    // Where no radar sees a hand's reach, none has a bin in it.
    if end - start < 1e-3 { (start, end) = (0, handReach) }
    let gates = RangeGates(start: start, end: end, count: count)
    for recording in recordings {
      try gates.require(of: recording.waveform, named: recording.name)
    }
    return gates
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

  /// Refuses a radar that does not measure every quantity of the grid, or cannot tell its range gates.
  func requireQuantities(of waveform: Waveform, named name: String) throws {
    let measured = MotionSpectrumProcessor(waveform: waveform).quantities
    for quantity in quantities where !measured.contains(quantity) {
      throw GestureError.missingQuantity(recording: name, quantity: quantity.rawValue)
    }
    try rangeGates?.require(of: waveform, named: name)
  }
}

extension RangeGates {
  /// Refuses a radar that has fewer range bins than gates where the gates are.
  fileprivate func require(of waveform: Waveform, named name: String) throws {
    let bins = waveform.rangeBins(within: self)
    guard bins >= count else {
      throw GestureError.tooFewRangeBins(recording: name, found: bins, needed: count)
    }
  }
}

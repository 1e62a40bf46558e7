extension FeatureSequence {
  /// The moments around which something moves: the middles of the liveliest windows, no two of
  /// which are nearer than half a window.
  ///
  /// - Parameter share: How lively a window must be beside the liveliest one.
  /// - Returns: The moments in seconds, in order of time.
  func activeMoments(above share: Double = 0.35) -> [Double] {
    let lively = liveliness
    let sums = windowSums(of: lively)
    guard let most = sums.max(), most > 0 else { return [] }
    var middles: [Double] = []
    for step in sums.indices where sums[step] >= most * share {
      let reach = max(step - half, 0)..<min(step + half, sums.count)
      guard let best = reach.max(by: { sums[$0] < sums[$1] }), sums[best] <= sums[step] else {
        continue
      }
      let middle = middle(around: step, of: lively)
      if middle - (middles.last ?? -.infinity) >= Double(half) { middles.append(middle) }
    }
    return middles.map { $0 * grid.timeStep }
  }

  /// The one moment around which the most moves, and `nil` if nothing does.
  func liveliestMoment() -> Double? {
    let lively = liveliness
    let sums = windowSums(of: lively)
    guard let best = sums.indices.max(by: { sums[$0] < sums[$1] }), sums[best] > 0 else {
      return nil
    }
    return middle(around: best, of: lively) * grid.timeStep
  }

  /// Half a window, in steps.
  private var half: Int { max(grid.steps / 2, 1) }

  /// How much moves in the window around each step: it is most where the middle of what moves is.
  private func windowSums(of lively: [Double]) -> [Double] {
    lively.indices.map { step in
      lively[max(step - half, 0)..<min(step + half, lively.count)].reduce(0, +)
    }
  }

  /// How much moves at each step: the level of the echoes, weighted by how fast they move.
  private var liveliness: [Double] {
    let bins = grid.velocityBins
    return (0..<stepCount).map { step in
      (0..<bins).map { bin in
        let level = Double(values[step * grid.featuresPerStep + bin * grid.channels])
        return level * abs(grid.velocity(ofBin: bin)) / grid.maximumVelocity
      }.reduce(0, +)
    }
  }

  /// The mean step around another, weighted by what moves.
  private func middle(around step: Int, of lively: [Double]) -> Double {
    let reach = max(step - half, 0)..<min(step + half, lively.count)
    let total = reach.map { lively[$0] }.reduce(0, +)
    guard total > 0 else { return Double(step) }
    return reach.map { Double($0) * lively[$0] }.reduce(0, +) / total
  }
}

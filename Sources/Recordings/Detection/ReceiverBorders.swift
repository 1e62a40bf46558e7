internal import Radar

/// Whether what looks like receivers one after another is one signal that goes on.
///
/// What comes next in a chirp can be predicted from the samples before. From one receiver to the
/// next it cannot: their signals have different phases. If it can, the borders are none.
enum ReceiverBorders {
  /// The samples that predict the next one.
  private static let order = 8

  /// The chirps that are looked at.
  private static let chirpLimit = 64

  /// The error of the prediction over borders of receivers, relative to that within them.
  ///
  /// - Parameters:
  ///   - chirps: The numbers of chirps as they are stored.
  ///   - layout: A layout with receivers one after another.
  /// - Returns: `nil` if there are no borders, or too few samples.
  static func excess(of chirps: [[Float]], layout: SampleLayout) -> Double? {
    guard layout.receivers > 1, !layout.interleavesReceivers, let scalars = chirps.first?.count,
      let places = layout.places(scalars: scalars)
    else { return nil }
    let components = layout.sampleKind.components
    let samples = scalars / components / layout.receivers
    guard samples >= 3 * order else { return nil }
    let signals = chirps.prefix(chirpLimit).map { chirp in
      var signal = [SIMD2<Double>](repeating: .zero, count: scalars / components)
      for (scalar, place) in zip(chirp, places) {
        signal[place / components][place % components] = Double(scalar)
      }
      return signal
    }
    let isWithin = { (index: Int) in index % samples >= order }
    guard let weights = weights(signals, where: isWithin) else { return nil }
    let within = error(signals, weights, where: isWithin)
    let across = error(signals, weights) { $0 >= samples && $0 % samples < order }
    return within > 0 ? across / within : nil
  }

  /// The weights of the samples before one that predict it best.
  private static func weights(
    _ signals: [[SIMD2<Double>]], where isCounted: (Int) -> Bool
  ) -> [SIMD2<Double>]? {
    // The normal equations, with what they shall equal as the last column.
    var rows = Array(
      repeating: [SIMD2<Double>](repeating: .zero, count: order + 1), count: order)
    for signal in signals {
      for index in order..<signal.count where isCounted(index) {
        for row in 0..<order {
          let other = conjugate(signal[index - 1 - row])
          for column in 0..<order {
            rows[row][column] += product(other, signal[index - 1 - column])
          }
          rows[row][order] += product(other, signal[index])
        }
      }
    }
    let trace = (0..<order).reduce(0) { $0 + rows[$1][$1].x }
    guard trace > 0 else { return nil }
    for row in 0..<order { rows[row][row].x += 1e-9 * trace }
    // Elimination after Gauss: the matrix is positive, so no rows need to change places.
    for pivot in 0..<order {
      let inverse = conjugate(rows[pivot][pivot]) / (rows[pivot][pivot] * rows[pivot][pivot]).sum()
      for column in pivot...order { rows[pivot][column] = product(rows[pivot][column], inverse) }
      for row in 0..<order where row != pivot {
        let factor = rows[row][pivot]
        for column in pivot...order { rows[row][column] -= product(factor, rows[pivot][column]) }
      }
    }
    return rows.map { $0[order] }
  }

  /// The mean power of what prediction misses.
  private static func error(
    _ signals: [[SIMD2<Double>]], _ weights: [SIMD2<Double>], where isCounted: (Int) -> Bool
  ) -> Double {
    var sum = 0.0
    var count = 0
    for signal in signals {
      for index in order..<signal.count where isCounted(index) {
        var rest = signal[index]
        for (step, weight) in weights.enumerated() {
          rest -= product(weight, signal[index - 1 - step])
        }
        sum += (rest * rest).sum()
        count += 1
      }
    }
    return count > 0 ? sum / Double(count) : 0
  }

  private static func product(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> SIMD2<Double> {
    SIMD2(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x)
  }

  private static func conjugate(_ a: SIMD2<Double>) -> SIMD2<Double> { SIMD2(a.x, -a.y) }
}

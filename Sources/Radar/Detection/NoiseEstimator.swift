/// How the noise in a cell is estimated from the training cells around it.
///
/// Each estimate adapts to the surroundings, and each fails where its assumption does: see
/// <doc:ConstantFalseAlarmRate>.
public enum NoiseEstimator: Hashable, Sendable {
  /// The mean of all training cells (CA): the least loss where noise is even, blind to a target
  /// next to another.
  case cellAveraging

  /// The greater of the means of the two sides (GO): fewer false alarms where clutter begins.
  case greatestOf

  /// The smaller of the means of the two sides (SO): sees a target beside another one.
  case smallestOf

  /// The value below which `share` of the training cells lie (OS): a few targets among the training
  /// cells hardly move it.
  case orderedStatistic(share: Double = 0.75)

  /// The place of the order statistic among `cells` values in rising order, counted from one.
  static func rank(share: Double, cells: Int) -> Int {
    max(1, min(cells, Int((share * Double(cells)).rounded())))
  }
}

internal import Autodiff

/// How well codes bring together what belongs together.
public struct RetrievalReport: Sendable {
  /// The gestures that were looked for.
  public private(set) var queries = 0

  /// The mean over gestures of the average precision of the list of all others, by distance.
  ///
  /// Where several are equally near, the mean over all their orders is taken.
  public private(set) var meanAveragePrecision = 0.0

  /// The share of gestures whose nearest other one has the same name.
  public private(set) var nearestAccuracy = 0.0

  /// How often a gesture is named right from a few examples of some gestures, by the distance to the
  /// middle of their codes, and `nil` if there are not enough gestures to try.
  public private(set) var fewShotAccuracy: Double?

  /// The gestures to choose from in the few-shot trials.
  public private(set) var ways = 0

  /// The examples of each in the few-shot trials.
  public private(set) var shots = 0

  /// Judges codes whose gestures are known.
  ///
  /// - Parameters:
  ///   - codes: The codes.
  ///   - labels: The gesture of each.
  ///   - ways: The most gestures to choose from in the few-shot trials.
  ///   - shots: The examples of each.
  public init(codes: [BinaryCode], labels: [String], ways: Int = 5, shots: Int = 3) {
    precondition(codes.count == labels.count, "every code needs a label")
    var hits = 0
    for (index, code) in codes.enumerated() {
      var ranked: [(distance: Int, isRelevant: Bool)] = []
      for other in codes.indices where other != index {
        ranked.append((code.distance(to: codes[other]), labels[other] == labels[index]))
      }
      guard let precision = averagePrecision(of: ranked) else { continue }
      queries += 1
      meanAveragePrecision += precision
      let nearest = ranked.min { $0.distance < $1.distance }
      hits += nearest?.isRelevant == true ? 1 : 0
    }
    guard queries > 0 else { return }
    meanAveragePrecision /= Double(queries)
    nearestAccuracy = Double(hits) / Double(queries)
    tryFewShots(codes, labels, ways: ways, shots: shots)
  }

  /// Adds another report, weighted by its queries.
  public mutating func add(_ other: RetrievalReport) {
    let total = queries + other.queries
    guard total > 0 else { return }
    func mean(_ one: Double, _ another: Double) -> Double {
      (one * Double(queries) + another * Double(other.queries)) / Double(total)
    }
    meanAveragePrecision = mean(meanAveragePrecision, other.meanAveragePrecision)
    nearestAccuracy = mean(nearestAccuracy, other.nearestAccuracy)
    if let one = fewShotAccuracy, let another = other.fewShotAccuracy {
      fewShotAccuracy = mean(one, another)
    } else {
      fewShotAccuracy = fewShotAccuracy ?? other.fewShotAccuracy
    }
    (ways, shots) = (max(ways, other.ways), max(shots, other.shots))
    queries = total
  }

  /// Draws a thousand trials, each with new gestures, examples and a question for each gesture.
  private mutating func tryFewShots(
    _ codes: [BinaryCode], _ labels: [String], ways: Int, shots: Int
  ) {
    let groups = Dictionary(grouping: codes.indices) { labels[$0] }
      .filter { $0.value.count > shots }.sorted { $0.key < $1.key }.map(\.value)
    guard groups.count > 1 else { return }
    self.ways = min(ways, groups.count)
    self.shots = shots
    var generator = SeededGenerator(seed: 1)
    var right = 0
    let trials = 1000
    for _ in 0..<trials {
      let chosen = groups.shuffled(using: &generator).prefix(self.ways).map { group in
        group.shuffled(using: &generator).prefix(shots + 1)
      }
      let centroids = chosen.map { CodeCentroid(of: $0.prefix(shots).map { codes[$0] }) }
      for (truth, members) in chosen.enumerated() {
        guard let question = members.last.map({ codes[$0] }) else { continue }
        let distances = centroids.map { $0.distance(to: question) }
        let best = distances.indices.min { distances[$0] < distances[$1] }
        right += best == truth ? 1 : 0
      }
    }
    fewShotAccuracy = Double(right) / Double(trials * self.ways)
  }
}

/// The mean, over what is relevant, of the share of relevant items in the list up to it, and `nil`
/// if nothing is.
///
/// Items at one distance have no order: the mean over all orders is taken (McSherry and Najork,
/// 2008).
func averagePrecision(of items: [(distance: Int, isRelevant: Bool)]) -> Double? {
  let relevant = items.count(where: \.isRelevant)
  guard relevant > 0 else { return nil }
  var sum = 0.0
  var (before, relevantBefore) = (0, 0)
  let groups = Dictionary(grouping: items, by: \.distance).sorted { $0.key < $1.key }
  for (_, group) in groups {
    let count = group.count
    let hits = group.count(where: \.isRelevant)
    for place in 1...count {
      // Given that this place is relevant, so many of those before it in the group are.
      let others = count > 1 ? Double(place - 1) * Double(hits - 1) / Double(count - 1) : 0
      sum +=
        Double(hits) / Double(count) * (Double(relevantBefore) + others + 1)
        / Double(before + place)
    }
    before += count
    relevantBefore += hits
  }
  return sum / Double(relevant)
}

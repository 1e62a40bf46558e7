import Autodiff
import Gestures
import Testing

@Suite("Retrieval report")
struct RetrievalReportTests {
  /// The mean over all orders of equally near items of the average precision, by trying them.
  private func plainPrecision(of query: Int, _ codes: [BinaryCode], _ labels: [String]) -> Double? {
    let others = codes.indices.filter { $0 != query }
    var precisions: [Double] = []
    for order in permutations(of: others) {
      let distances = order.map { codes[query].distance(to: codes[$0]) }
      guard zip(distances, distances.dropFirst()).allSatisfy({ $0 <= $1 }) else { continue }
      var (hits, sum) = (0.0, 0.0)
      for (place, item) in order.enumerated() where labels[item] == labels[query] {
        hits += 1
        sum += hits / Double(place + 1)
      }
      guard hits > 0 else { return nil }
      precisions.append(sum / hits)
    }
    return precisions.reduce(0, +) / Double(precisions.count)
  }

  private func permutations(of items: [Int]) -> [[Int]] {
    guard let first = items.first else { return [[]] }
    return permutations(of: Array(items.dropFirst())).flatMap { rest in
      (0...rest.count).map { place in
        var order = rest
        order.insert(first, at: place)
        return order
      }
    }
  }

  @Test(
    "The mean average precision is that of all orders of what is equally near", arguments: 0..<8)
  func ties(seed: Int) {
    // Codes of three bits, so that there are many ties.
    let codes = someCodes(6, bits: 3, seed: UInt64(seed))
    let labels = ["a", "b", "a", "a", "b", "c"]
    let expected = codes.indices.compactMap { plainPrecision(of: $0, codes, labels) }
    let report = RetrievalReport(codes: codes, labels: labels)
    #expect(report.queries == 5)
    let mean = expected.reduce(0, +) / Double(expected.count)
    #expect(abs(report.meanAveragePrecision - mean) < 1e-12)
  }

  @Test("Classes far apart are found without a fault, and codes by chance are not")
  func extremes() {
    let labels = (0..<100).map { "gesture \($0 % 5)" }
    let good = RetrievalReport(
      codes: someCodes(100, bits: 64, seed: 1, spread: 0.05), labels: labels)
    #expect(good.meanAveragePrecision > 0.999 && good.nearestAccuracy == 1)
    #expect((good.fewShotAccuracy ?? 0) > 0.999 && good.ways == 5 && good.shots == 3)
    let bad = RetrievalReport(codes: someCodes(100, bits: 64, seed: 1), labels: labels)
    #expect(abs(bad.meanAveragePrecision - 0.2) < 0.08)
    #expect(abs((bad.fewShotAccuracy ?? 1) - 0.2) < 0.08)
  }
}

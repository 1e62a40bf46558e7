import Autodiff
import Foundation
import Gestures
import Testing

/// Points anywhere in front of a radar.
private func somePoints(_ count: Int, seed: UInt64) -> [RadarPoint] {
  var generator = SeededGenerator(seed: seed)
  return (0..<count).map { _ in
    RadarPoint(
      position: SIMD3(
        .random(in: -0.5...0.5, using: &generator), .random(in: 0.8...1.6, using: &generator),
        .random(in: -0.6...0.6, using: &generator)),
      velocity: .random(in: -1...1, using: &generator),
      intensity: .random(in: 5...20, using: &generator),
      time: .random(in: 0...2, using: &generator))
  }
}

/// Gestures of people: an arm that goes up, or out.
func someGestures(
  _ count: Int, people: Int = 4, seed: UInt64 = 1
) -> [PointSequence] {
  var generator = SeededGenerator(seed: seed)
  return (0..<count).map { index in
    let isUp = index.isMultiple(of: 2)
    let offset = Float.random(in: -0.2...0.2, using: &generator)
    let points = (0..<150).map { _ -> RadarPoint in
      let time = Float.random(in: 0...1.6, using: &generator)
      let along = Float.random(in: 0...0.5, using: &generator) * time
      let noise = { Float.random(in: -0.05...0.05, using: &generator) }
      return RadarPoint(
        position: SIMD3(
          offset + noise(), 1.2 + noise() - (isUp ? 0 : along), noise() + (isUp ? along : 0)),
        velocity: isUp ? noise() : -along, intensity: 10, time: time)
    }
    return PointSequence(
      source: "\(index)", points: points, label: isUp ? "up" : "out",
      subject: "\(index / 2 % people)")
  }
}

@Suite("Graph of points")
struct PointGraphTests {
  /// The neighbours by sorting all distances.
  private func plainNeighbours(_ points: [RadarPoint], degree: Int, radius: Float) -> [Set<Int>] {
    points.indices.map { index in
      let distances = points.indices.map { other -> Float in
        let place = (points[other].position - points[index].position) / 0.25
        let velocity = points[other].velocity - points[index].velocity
        let time = (points[other].time - points[index].time) / 0.2
        return (place * place).sum() + velocity * velocity + time * time
      }
      let near = points.indices.filter { distances[$0] <= radius * radius }
      return Set(near.sorted { distances[$0] < distances[$1] }.prefix(degree))
    }
  }

  @Test("The neighbours are the nearest points, and within a radius no others")
  func neighbours() {
    let points = somePoints(80, seed: 3)
    for radius in [Float.infinity, 2, 0.5] {
      let graph = PointGraph(points, degree: 6, within: radius)
      #expect(graph.pointCount == 80 && graph.neighbours.count == 480)
      let expected = plainNeighbours(points, degree: 6, radius: radius)
      for index in points.indices {
        let found = graph.neighbours[6 * index..<6 * index + 6]
        #expect(found.first == index)
        #expect(Set(found) == expected[index])
      }
    }
  }

  @Test("Exchanging points exchanges their neighbours")
  func equivariantGraph() {
    let points = somePoints(60, seed: 4)
    var generator = SeededGenerator(seed: 5)
    let order = points.indices.shuffled(using: &generator)
    let graph = PointGraph(points, degree: 5)
    let shuffled = PointGraph(order.map { points[$0] }, degree: 5)
    for (place, index) in order.enumerated() {
      let found = shuffled.neighbours[5 * place..<5 * place + 5].map { order[$0] }
      #expect(found == Array(graph.neighbours[5 * index..<5 * index + 5]))
    }
  }

  @Test("Fewer points than neighbours repeat one, and none have none")
  func few() {
    let two = PointGraph(somePoints(2, seed: 1), degree: 4)
    #expect(two.neighbours == [0, 1, 1, 1, 1, 0, 0, 0])
    #expect(PointGraph([], degree: 4).neighbours.isEmpty)
  }
}

@Suite("Network on graphs of points", .serialized)
struct PointGraphModelTests {
  private func model(threads: Int = 2, epochs: Int = 8) throws -> PointGraphModel {
    var trainer = PointGraphTrainer()
    trainer.epochs = epochs
    trainer.members = 2
    trainer.batchSize = 8
    trainer.seed = 2
    trainer.threads = threads
    return try trainer.train(on: someGestures(24))
  }

  private func bytes(of model: PointGraphModel) throws -> [UInt8] {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try model.write(to: path)
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  @Test("The order of the points changes nothing")
  func invariance() throws {
    let model = try model(epochs: 1)
    var generator = SeededGenerator(seed: 9)
    // Few enough that all of them are looked at.
    let sequence = PointSequence(source: "", points: somePoints(120, seed: 6))
    let expected = try #require(model.prediction(for: sequence))
    for _ in 0..<3 {
      var shuffled = sequence
      shuffled.points.shuffle(using: &generator)
      let found = try #require(model.prediction(for: shuffled))
      for (label, probability) in expected.probabilities {
        #expect(abs((found.probabilities[label] ?? 0) - probability) < 1e-5)
      }
    }
  }

  @Test("Where the person stands changes nothing")
  func translation() throws {
    let model = try model(epochs: 1)
    let sequence = PointSequence(source: "", points: somePoints(100, seed: 7))
    var moved = sequence
    for index in moved.points.indices { moved.points[index].position += SIMD3(0.3, -0.2, 0.1) }
    let expected = try #require(model.prediction(for: sequence))
    let found = try #require(model.prediction(for: moved))
    for (label, probability) in expected.probabilities {
      #expect(abs((found.probabilities[label] ?? 0) - probability) < 1e-4)
    }
  }

  @Test("It learns what an arm does, of people it has not seen")
  func learns() throws {
    var trainer = PointGraphTrainer()
    trainer.epochs = 12
    trainer.batchSize = 8
    trainer.members = 2
    let result = try trainer.evaluate(someGestures(32), groups: 2)
    #expect(result.folds.count == 2 && result.total.classification.count == 32)
    #expect(result.total.classification.accuracy > 0.9)
    #expect(throws: GestureError.self) { try trainer.evaluate(someGestures(8), groups: 5) }
    #expect(throws: GestureError.self) { try trainer.train(on: [someGestures(1)[0]]) }
  }

  @Test("One seed gives one model, whatever the number of threads, and a file keeps it")
  func determinism() throws {
    let alone = try bytes(of: model(threads: 1, epochs: 2))
    #expect(try bytes(of: model(threads: 3, epochs: 2)) == alone)
    let read = try PointGraphModel(bytes: alone)
    #expect(try bytes(of: read) == alone)
    #expect(throws: (any Error).self) { try PointGraphModel(bytes: Array(alone.dropLast(4))) }
    #expect(throws: (any Error).self) { try GestureModel(bytes: alone) }
  }

  @Test("Points that are no numbers, or none at all, crash nothing")
  func bad() throws {
    let model = try model(epochs: 1)
    #expect(model.prediction(for: PointSequence(source: "", points: [])) == nil)
    var points = somePoints(20, seed: 1)
    points[3].position.x = .nan
    points[4].velocity = .infinity
    points[5].intensity = -5
    points[6].time = 1e30
    #expect(model.prediction(for: PointSequence(source: "", points: points)) != nil)
  }
}

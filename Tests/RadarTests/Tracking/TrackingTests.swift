import Radar
import RealModule
import Testing

@Suite("Groups and tracks")
struct TrackingTests {
  private struct Golden: Decodable {
    struct Step: Decodable {
      var interval: Double
      var measured: [Double]?
      var candidate: [Double]
      var squaredDistance: Double
      var state: [Double]
      var covariance: [Double]
    }
    struct Clustering: Decodable {
      var radius: Double
      var minimumPoints: Int
      var points: [[Double]]
      var groups: [Int?]
    }
    var tolerance: Double
    var accelerationDensity: Double
    var positionVariance: Double
    var rateVariance: Double
    var steps: [Step]
    var clusterings: [Clustering]
  }

  @Test("Groups are those of scikit-learn")
  func groups() throws {
    let golden = try RadarTests.golden("tracking", as: Golden.self)
    #expect(golden.clusterings.count == 4)
    for expected in golden.clusterings {
      let clustering = DensityClustering(
        radius: expected.radius, minimumPoints: expected.minimumPoints)
      let groups = clustering.groups(count: expected.points.count) { one, other in
        let (first, second) = (expected.points[one], expected.points[other])
        return zip(first, second).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
      }
      #expect(groups == expected.groups)
    }
  }

  @Test("No points make no groups, and equal points one")
  func degenerate() {
    let clustering = DensityClustering(radius: 0, minimumPoints: 2)
    #expect(clustering.groups(count: 0) { _, _ in 0 } == [])
    #expect(clustering.groups(count: 1) { _, _ in 0 } == [nil])
    #expect(clustering.groups(count: 3) { _, _ in 0 } == [0, 0, 0])
  }

  @Test("The filter's states, variances and distances are those of FilterPy")
  func filter() throws {
    let golden = try RadarTests.golden("tracking", as: Golden.self)
    #expect(golden.steps.count == 30)
    var filter = ConstantVelocityFilter(
      position: 0.5, positionVariance: 0.04, rate: 0, rateVariance: 1,
      accelerationDensity: golden.accelerationDensity)
    for step in golden.steps {
      filter.predict(after: step.interval)
      let distance = filter.squaredDistance(
        position: (step.candidate[0], golden.positionVariance),
        rate: (step.candidate[1], golden.rateVariance))
      #expect(abs(distance - step.squaredDistance) < golden.tolerance * max(1, distance))
      if let measured = step.measured {
        filter.update(position: measured[0], variance: golden.positionVariance)
        filter.update(rate: measured[1], variance: golden.rateVariance)
      }
      let found = [
        filter.position, filter.rate, filter.positionVariance, filter.covariance,
        filter.rateVariance,
      ]
      for (value, other) in zip(found, step.state + step.covariance) {
        #expect(abs(value - other) < golden.tolerance)
      }
    }
  }

  /// A point cloud of a reflector, with a stray detection far away from it.
  private func cloud(at time: Double, range: Double, velocity: Double, isSeen: Bool = true)
    -> PointCloud
  {
    let stray = Detection(
      range: 2.5 - 0.3 * time, velocity: -1.5, azimuth: 1.2, signalToNoiseRatio: 12)
    let hand = Detection(
      range: range, velocity: velocity, azimuth: 0.1, signalToNoiseRatio: 20)
    return PointCloud(time: time, detections: isSeen ? [hand, stray] : [stray])
  }

  @Test("A track begins after three sightings, bridges a gap, and ends after a long one")
  func life() throws {
    var tracker = HandTracker()
    var tracks: [HandTrack?] = []
    for index in 0..<60 {
      let time = 0.04 * Double(index)
      let isSeen = index < 20 || (23..<35).contains(index)
      tracks.append(
        tracker.update(
          with: cloud(at: time, range: 0.8 - 0.3 * time, velocity: -0.3, isSeen: isSeen)))
    }
    #expect(tracks[0] == nil && tracks[1] == nil)
    for index in 2..<35 {
      let track = try #require(tracks[index])
      #expect(track.identifier == 0)
      #expect(abs((track.range ?? 0) - (0.8 - 0.3 * track.time)) < 0.01)
      #expect(abs(track.velocity + 0.3) < 0.05)
      #expect(abs((track.azimuth ?? 0) - 0.1) < 0.01)
    }
    #expect(abs((tracks[21]?.unseen ?? 0) - 0.08) < 1e-9)
    // The patience is 0.4 s; after it what is still there begins a track of its own.
    #expect(tracks[43]?.identifier == 0)
    #expect(tracks[45] == nil)
    #expect(tracks[59]?.identifier ?? 0 > 0)
  }

  @Test("Single false alarms make no track")
  func falseAlarms() {
    var tracker = HandTracker()
    var generator = TestGenerator(seed: 5)
    for index in 0..<400 {
      let isAlarm = generator.uniform() < 0.2
      let alarm = Detection(
        range: 4 * generator.uniform(), velocity: 8 * generator.uniform() - 4,
        azimuth: 2 * generator.uniform() - 1, signalToNoiseRatio: 11)
      let track = tracker.update(
        with: PointCloud(time: 0.04 * Double(index), detections: isAlarm ? [alarm] : []))
      #expect(track == nil)
    }
  }
}

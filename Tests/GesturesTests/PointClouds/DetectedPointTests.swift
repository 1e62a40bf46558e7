import Gestures
import Radar
import Testing

@Suite("Points of our own detections")
struct DetectedPointTests {
  @Test("A detection lies where its range and angles say, and when its cloud was seen")
  func places() throws {
    let ahead = Detection(range: 2, velocity: -1, signalToNoiseRatio: 15)
    let right = Detection(
      range: 2, velocity: 0.5, azimuth: .pi / 2, elevation: 0, signalToNoiseRatio: 12)
    let up = Detection(
      range: 1, velocity: 0, azimuth: 0, elevation: .pi / 6, signalToNoiseRatio: 10)
    let blind = Detection(velocity: 1, signalToNoiseRatio: 20)
    let sequence = PointSequence(
      detectedIn: [
        PointCloud(time: 3, detections: [ahead, blind]),
        PointCloud(time: 3.5, detections: [right, up]),
      ], source: "radar", label: "UP")
    #expect(sequence.points.count == 3 && sequence.start == 3 && sequence.duration == 0.5)
    let expected: [SIMD3<Float>] = [SIMD3(0, 2, 0), SIMD3(2, 0, 0), SIMD3(0, 0.8660254, 0.5)]
    for (point, place) in zip(sequence.points, expected) {
      let difference = point.position - place
      #expect((difference * difference).sum() < 1e-10)
    }
    #expect(sequence.points[0].velocity == -1 && sequence.points[0].intensity == 15)
  }
}

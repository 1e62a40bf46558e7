public import Radar
internal import RealModule

extension RadarPoint {
  /// Creates the point that a radar of ours detected, and `nil` if it does not measure ranges.
  ///
  /// An angle that it does not measure counts as straight ahead.
  ///
  /// - Parameters:
  ///   - detection: What was detected.
  ///   - time: When, in seconds since the sequence began.
  public init?(_ detection: Detection, time: Double) {
    guard let range = detection.range else { return nil }
    let (azimuth, elevation) = (detection.azimuth ?? 0, detection.elevation ?? 0)
    self.init(
      position: SIMD3(
        Float(range * .cos(elevation) * .sin(azimuth)),
        Float(range * .cos(elevation) * .cos(azimuth)), Float(range * .sin(elevation))),
      velocity: Float(detection.velocity), intensity: Float(detection.signalToNoiseRatio),
      time: Float(time))
  }
}

extension PointSequence {
  /// Creates the sequence of what a radar of ours detected during one gesture.
  ///
  /// - Parameters:
  ///   - clouds: The detections of each moment, in order of time.
  ///   - source: Where they come from.
  ///   - label: The name of the gesture, if known.
  ///   - subject: The person who made it, if known.
  public init(
    detectedIn clouds: [PointCloud], source: String, label: String? = nil, subject: String? = nil
  ) {
    let start = clouds.first?.time ?? 0
    let points = clouds.flatMap { cloud in
      cloud.detections.compactMap { RadarPoint($0, time: cloud.time - start) }
    }
    self.init(source: source, start: start, points: points, label: label, subject: subject)
  }
}

import Radar

/// A point cloud and the track through it as a line of JSON.
struct CloudLine: Encodable {
  var recording: String
  var timeS: Double
  var damaged: Double
  var points: [[Double?]]
  var track: Track?

  /// Where the hand is.
  struct Track: Encodable {
    var id: Int
    var rangeM: Double?
    var velocityMps: Double
    var azimuthRad: Double?
    var elevationRad: Double?
    var unseenS: Double
  }

  init(_ cloud: PointCloud, track: HandTrack?, recording: String) {
    self.recording = recording
    timeS = cloud.time
    damaged = cloud.damage
    points = cloud.detections.map { [$0.range, $0.velocity, $0.azimuth, $0.signalToNoiseRatio] }
    self.track = track.map { track in
      Track(
        id: track.identifier, rangeM: track.range, velocityMps: track.velocity,
        azimuthRad: track.azimuth, elevationRad: track.elevation, unseenS: track.unseen)
    }
  }

  /// Writes `track` even where there is none, so that each line has the same keys.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(recording, forKey: .recording)
    try container.encode(timeS, forKey: .timeS)
    try container.encode(damaged, forKey: .damaged)
    try container.encode(points, forKey: .points)
    try container.encode(track, forKey: .track)
  }

  private enum CodingKeys: CodingKey {
    case recording, timeS, damaged, points, track
  }
}

extension PointCloud {
  /// The cloud for people: a line for the time and the track, and one for each detection.
  func summary(track: HandTrack?) -> String {
    let hand =
      track.map { track in
        "hand \(place(track.range, track.velocity, track.azimuth))"
          + (track.unseen > 0 ? "  unseen for \(track.unseen.formatted(decimals: 2)) s" : "")
      } ?? "no hand"
    let points = detections.map { detection in
      "    \(place(detection.range, detection.velocity, detection.azimuth))  "
        + "\(detection.signalToNoiseRatio.formatted(decimals: 1)) dB"
    }
    return (["\(time.formatted(decimals: 3)) s  \(hand)"] + points).joined(separator: "\n")
  }

  private func place(_ range: Double?, _ velocity: Double, _ azimuth: Double?) -> String {
    let speed = (velocity < 0 ? "" : "+") + velocity.formatted(decimals: 3)
    return [
      range.map { "\($0.formatted(decimals: 3)) m" }, "\(speed) m/s",
      azimuth.map { "\(($0 * 180 / .pi).formatted(decimals: 1))°" },
    ].compactMap { $0 }.joined(separator: "  ")
  }
}

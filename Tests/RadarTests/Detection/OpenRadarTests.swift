import Foundation
import Radar
import Spectra
import Testing

/// Frames of a 77 GHz board that OpenRadar publishes together with the peaks in them.
private let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().appendingPathComponent("shared/data/golden/openradar")

@Suite("OpenRadar's frames")
struct OpenRadarTests {
  /// The complex numbers of a file of NumPy, whose parts are 16-bit integers read without a sign.
  private func frame(_ name: String, receivers: Int) throws -> Frame {
    let data = try Data(contentsOf: folder.appendingPathComponent(name + ".npy"))
    let start = 10 + Int(data[8]) + 256 * Int(data[9])
    let doubles = unsafe data.dropFirst(start).withUnsafeBytes { bytes in
      (0..<bytes.count / 8).map {
        unsafe bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self)
      }
    }
    var frame = Frame(
      shape: FrameShape(
        chirps: 128, receivers: receivers, samplesPerChirp: 128, sampleKind: .complex))
    try #require(doubles.count == frame.samples.count)
    frame.samples = doubles.map { Float(Int16(truncatingIfNeeded: Int($0))) }
    return frame
  }

  /// Two transmitters take turns; the files hold the chirps of one, or both as virtual receivers.
  private static func waveform(_ shape: FrameShape) -> Waveform {
    Waveform(
      ranging: .beat(bandwidth: 60e12 * 128 / 2.5e6), centerFrequency: 77.4201e9,
      chirpInterval: 2 * 92e-6, frameInterval: 0.05, shape: shape)
  }

  @Test("The published resolutions are ours to their last digit, but for the speed of light")
  func resolutions() throws {
    let waveform = Self.waveform(
      FrameShape(chirps: 128, receivers: 1, samplesPerChirp: 128, sampleKind: .complex))
    // They are published for light of 3e8 metres per second.
    let scale = 3e8 / speedOfLight
    let range = scale * (try #require(waveform.rangeResolution))
    #expect(String(format: "%.9f", range) == "0.048828125")
    #expect(String(format: "%.8f", scale * waveform.velocityResolution) == "0.08226398")
  }

  @Test(
    "The published peaks are the strongest cells off zero velocity",
    .enabled(
      if: FileManager.default.fileExists(atPath: folder.path),
      "../shared/data/golden/openradar is absent"),
    arguments: [
      ("simple_frame_1", 1, [[56, 41]]), ("doppler_example_1", 8, [[71, 60], [54, 60]]),
    ] as [(String, Int, [[Int]])])
  func cells(name: String, receivers: Int, peaks: [[Int]]) throws {
    let frame = try frame(name, receivers: receivers)
    let waveform = Self.waveform(frame.shape)
    var processor = RangeDopplerProcessor(
      waveform: waveform,
      configuration: RangeDopplerConfiguration(
        rangeTaper: Taper(.rectangular), dopplerTaper: Taper(.rectangular), clutterRemoval: .none))
    var map = RangeDopplerMap(waveform: waveform)
    processor.process(frame, into: &map)
    var maxima: [(level: Float, cell: [Int])] = []
    for doppler in 1..<127 where abs(doppler - 64) > 2 {
      for range in 1..<127 {
        let level = map[range, doppler]
        let isPeak = (-1...1).allSatisfy { d in
          (-1...1).allSatisfy { r in map[range + r, doppler + d] <= level }
        }
        if isPeak { maxima.append((level, [doppler, range])) }
      }
    }
    let strongest = maxima.sorted { $0.level > $1.level }.prefix(peaks.count).map(\.cell)
    #expect(strongest == peaks)
  }

  @Test(
    "The published peaks are detected in their cells",
    .enabled(
      if: FileManager.default.fileExists(atPath: folder.path),
      "../shared/data/golden/openradar is absent"),
    arguments: [
      ("simple_frame_1", 1, [(56, 41)]), ("doppler_example_1", 8, [(71, 60), (54, 60)]),
    ] as [(String, Int, [(doppler: Int, range: Int)])])
  func peaks(name: String, receivers: Int, peaks: [(doppler: Int, range: Int)]) throws {
    let frame = try frame(name, receivers: receivers)
    let waveform = Self.waveform(frame.shape)
    var processor = DetectionProcessor(
      waveform: waveform,
      options: DetectionOptions(falseAlarmRate: 1e-6, clutterRemoval: .none))
    var clouds: [PointCloud] = []
    processor.append(frame) { clouds.append($0) }
    let detections = try #require(clouds.first).detections
    for peak in peaks {
      let range = try #require(waveform.range(ofBin: peak.range))
      let velocity = waveform.velocity(ofDopplerBin: peak.doppler)
      // Within a cell; the peak of a spread target moves with the taper, by less than one.
      #expect(
        detections.contains {
          abs(($0.range ?? 0) - range) <= waveform.rangeResolution ?? 0
            && abs($0.velocity - velocity) <= waveform.velocityResolution
        }, "\(name) \(peak): \(detections)")
    }
  }
}

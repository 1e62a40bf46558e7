import Foundation
import Radar
import Recordings
import Simulation
import Testing

/// A recording of a moving hand and two things that stand still, stored in any layout.
///
/// One point alone could be mistaken: at a quarter of the rate of samples, say, its numbers are the
/// same in two orders. Scenes have more than one.
private struct Scene {
  var layout: SampleLayout
  var seed: UInt64

  /// The power of the hand's echo over that of the noise in a sample in decibels, and `nil` for
  /// noise alone.
  var signalToNoiseRatio: Double?

  /// A generator whose numbers are those of SplitMix64.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var bits = state
      bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
      bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
      return bits ^ (bits >> 31)
    }

    mutating func normal() -> Double {
      (-2 * log(1 - Double.random(in: 0..<1, using: &self))).squareRoot()
        * cos(2 * .pi * Double.random(in: 0..<1, using: &self))
    }
  }

  /// Something that reflects, as strong wherever it is.
  private struct Point {
    var range: Double
    var angle: Double
    var velocity: Double
    var amplitude: Double

    func scatterer(at time: Double) -> Scatterer {
      let distance = range + velocity * time
      let direction = SIMD3(sin(angle), 0, cos(angle))
      // The synthesis lets echoes fade with distance and angle: these do not.
      let gain = amplitude * distance * distance / (direction.z * direction.z)
      return Scatterer(position: distance * direction, amplitude: gain)
    }
  }

  private static let chirps = 16
  private static let frames = 8
  private static let samples = 64

  /// Writes the recording, and says where.
  func write(to folder: borrowing TemporaryFolder, stating stated: SampleLayout? = nil) throws
    -> String
  {
    var random = Generator(state: seed &* 0x1234_5678_9ABC_DEF1)
    let isReal = layout.sampleKind == .real
    let samples = Self.samples * (isReal ? 2 : 1)
    let shape = FrameShape(
      chirps: Self.chirps, receivers: layout.receivers, samplesPerChirp: samples,
      sampleKind: layout.sampleKind)
    let waveform = Waveform(
      ranging: .beat(bandwidth: 4e9), centerFrequency: 77e9, chirpInterval: 3e-4,
      frameInterval: 0.01, shape: shape)
    // The hand is at any place up to 0.4 of the axis, the things are anywhere nearer than half.
    let axis = waveform.maximumRange ?? 1
    let noise = 30.0
    let power = signalToNoiseRatio.map { pow(10, $0 / 20) } ?? 0
    var points = (0..<3).map { index in
      Point(
        range: Double.random(
          in: (index == 0 ? 0.06 : 0.05)...(index == 0 ? 0.4 : 0.45), using: &random)
          * axis, angle: Double.random(in: -0.9...0.9, using: &random),
        velocity: index == 0 ? Double.random(in: -1...1, using: &random) : 0,
        amplitude: (isReal ? 2.0.squareRoot() : 1) * noise * power
          * (index == 0 ? 1 : Double.random(in: 0.3...1.5, using: &random)))
    }
    // The tip of a finger is part of the hand.
    var finger = points[0]
    finger.range += 0.05
    finger.amplitude *= 0.5
    points.append(finger)
    let echo = EchoSynthesis(waveform: waveform)
    let encoding = SampleEncoding(
      datatype: Datatype(layout.sampleKind, .i16), order: layout.order,
      axes: layout.interleavesReceivers
        ? [.frame, .chirp, .sample, .receiver] : [.frame, .chirp, .receiver, .sample])
    let path = folder.path + "/a.bin"
    var writer = try RecordingWriter(path: path, waveform: waveform, encoding: encoding)
    for index in 0..<Self.frames {
      var frame = Frame(shape: shape, index: index, time: Double(index) * waveform.frameInterval)
      if power > 0 {
        let scene = points
        echo.fill(&frame) { time in scene.map { $0.scatterer(at: time) } }
      }
      let deviation = noise / (isReal ? 1 : 2.0.squareRoot())
      for sample in frame.samples.indices {
        frame.samples[sample] += Float(deviation * random.normal())
      }
      try writer.write(frame)
    }
    try writer.finish()
    guard let stated else { return path }
    // Another sidecar over the same bytes.
    let sidecar = URL(fileURLWithPath: folder.path + "/a.sigmf-meta")
    var document = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: sidecar)) as? [String: Any])
    var global = try #require(document["global"] as? [String: Any])
    global["core:datatype"] = stated.sampleKind == .real ? "ri16_le" : "ci16_le"
    global["radar:iq_order"] = stated.order.rawValue
    global["radar:receivers"] = stated.receivers
    global["radar:samples_per_chirp"] =
      samples * shape.sampleKind.components * layout.receivers
      / (stated.sampleKind.components * stated.receivers)
    global["radar:axes"] =
      stated.interleavesReceivers
      ? ["frame", "chirp", "sample", "receiver"] : ["frame", "chirp", "receiver", "sample"]
    document["global"] = global
    try JSONSerialization.data(withJSONObject: document).write(to: sidecar)
    return path
  }
}

@Suite("Layout evidence")
struct LayoutDetectionTests {
  /// Every order of I and Q, on boards with two lanes and with four, and real samples.
  private static let layouts: [SampleLayout] = [
    SampleLayout(.complex, order: .iq, interleavesReceivers: false, receivers: 4),
    SampleLayout(.complex, order: .qi, interleavesReceivers: false, receivers: 4),
    SampleLayout(.complex, order: .i0i1q0q1, interleavesReceivers: false, receivers: 4),
    SampleLayout(.complex, order: .q0q1i0i1, interleavesReceivers: false, receivers: 4),
    SampleLayout(.complex, order: .iq, interleavesReceivers: true, receivers: 4),
    SampleLayout(.complex, order: .qi, interleavesReceivers: true, receivers: 4),
    SampleLayout(.complex, order: .i4q4, interleavesReceivers: true, receivers: 4),
    SampleLayout(.complex, order: .q4i4, interleavesReceivers: true, receivers: 4),
    SampleLayout(.real, interleavesReceivers: false, receivers: 4),
    SampleLayout(.real, interleavesReceivers: true, receivers: 4),
    SampleLayout(.complex, order: .iq, interleavesReceivers: false, receivers: 1),
    SampleLayout(.complex, order: .q0q1i0i1, interleavesReceivers: false, receivers: 1),
    SampleLayout(.complex, order: .i0i1q0q1, interleavesReceivers: false, receivers: 2),
    SampleLayout(.real, interleavesReceivers: false, receivers: 1),
    SampleLayout(.real, interleavesReceivers: false, receivers: 2),
  ]

  /// The seeds of each layout: a hundred if the environment asks for them.
  private static let seeds =
    ProcessInfo.processInfo.environment["DETECTION_SEEDS"].flatMap { UInt64($0) } ?? 2

  @Test("A hand at 10 dB tells the layout, whatever the sidecar says", arguments: layouts)
  func found(layout: SampleLayout) throws {
    var right = 0
    for seed in 1...Self.seeds {
      let folder = try TemporaryFolder()
      let scene = Scene(layout: layout, seed: seed, signalToNoiseRatio: 10)
      // The sidecar is one of those that hold as many numbers.
      let others = Self.layouts.filter { $0.receivers == layout.receivers }
      let stated = others[Int(seed) % others.count]
      let path = try scene.write(to: folder, stating: stated)
      let evidence = try LayoutEvidence(of: RecordingMetadata(path: path))
      #expect(evidence.stated == stated)
      if evidence.found == layout {
        right += 1
      } else {
        print("layout", layout, "seed", seed, evidence.sentences)
      }
      if evidence.found == layout {
        #expect(evidence.contradictsSidecar == (evidence.certainty == .sure && stated != layout))
      }
    }
    #expect(Double(right) >= 0.99 * Double(Self.seeds))
  }

  @Test("In noise nothing is claimed", arguments: layouts)
  func noise(layout: SampleLayout) throws {
    for seed in 1...Self.seeds {
      for ratio in [nil, -40.0, -30, -25] {
        let folder = try TemporaryFolder()
        let scene = Scene(layout: layout, seed: 1000 + seed, signalToNoiseRatio: ratio)
        let path = try scene.write(to: folder)
        let evidence = try LayoutEvidence(of: RecordingMetadata(path: path))
        // An answer may be missing, but must not be wrong.
        #expect(evidence.found == nil || evidence.found == layout, "\(evidence.sentences)")
        if ratio ?? -40 <= -40 { #expect(evidence.certainty == .notSure) }
      }
    }
  }

  @Test("A continuous wave has no side")
  func continuousWave() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "a.sigmf-meta",
      global: [
        "core:datatype": "ci16_le", "core:sample_rate": 1000, "radar:waveform": "cw",
        "radar:center_frequency_hz": 24e9,
      ])
    let path = try folder.write("a.sigmf-data", [UInt8](repeating: 1, count: 400))
    let evidence = try LayoutEvidence(of: RecordingMetadata(path: path))
    #expect(evidence.certainty == .notSure && evidence.obstacle != nil)
    #expect(evidence.sentences.count == 1 && !evidence.contradictsSidecar)
  }

  @Test(
    "The capture of a real card speaks for the order of its firmware",
    .enabled(
      if: hasSharedData("golden/dca1000-pcap"), "../shared/data/golden/dca1000-pcap is absent"))
  func realCapture() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "a.sigmf-meta",
      global: smallFields.merging([
        "core:dataset": "a.pcap", "radar:iq_order": "q0q1i0i1", "radar:chirps_per_frame": 16,
        "radar:receivers": 4, "radar:samples_per_chirp": 64, "radar:frame_interval_s": 0.1,
      ]) { $1 })
    let source = sharedData + "/golden/dca1000-pcap/test_one_frame.pcap"
    let path = try folder.write(
      "a.pcap", [UInt8](Data(contentsOf: URL(fileURLWithPath: source))))
    let evidence = try LayoutEvidence(of: RecordingMetadata(path: path))
    print(evidence.sentences)
    #expect(!evidence.contradictsSidecar)
    #expect(evidence.found == evidence.stated)
  }
}

import Foundation
import Testing

@Suite("The command info")
struct InfoTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: folder.path(name)))
    return folder.path(name)
  }

  @Test("Says where each fact comes from: sidecar, header, command line or custom")
  func origins() throws {
    _ = try Command.run(
      "simulate", "--output", folder.url.path, "--waveform", "fmcw", "--count", "1", "--gestures",
      "push")
    let path = folder.path("fmcw60-0001.bin")
    let sidecar = folder.path("fmcw60-0001.sigmf-meta")
    let facts = try #require(try Command.run("info", path, "--format", "json").objects().first)
    let origins = try #require(facts["origins"] as? [String: String])
    #expect(origins["waveform"] == "radar:waveform in \(sidecar)")
    #expect(origins["gestures"] == "annotations in \(sidecar)")
    #expect(facts["checksum"] as? String == "right")
    // Whatever is printed and not derived has an origin.
    for key in [
      "center_frequency_hz", "bandwidth_hz", "chirps_per_frame", "receivers", "samples_per_chirp",
      "datatype", "axes", "sample_bits", "chirp_interval_s", "frame_interval_s", "transmitters",
      "receiver_positions_m",
    ] { #expect(origins[key]?.isEmpty == false, "\(key)") }
    let text = try Command.run("info", path)
    #expect(text.status == 0 && text.output.contains("[radar:bandwidth_hz in \(sidecar)]"))

    let audio = folder.path("cw.wav")
    _ = try Command.run(
      "simulate", "--output", folder.url.path, "--waveform", "cw24", "--count", "1", "--gestures",
      "push")
    _ = try Command.run("convert", folder.path("cw24-0001.bin"), audio)
    try FileManager.default.removeItem(atPath: folder.path("cw.sigmf-meta"))
    let heard = try #require(
      try Command.run("info", audio, "--carrier", "24.125e9", "--format", "json").objects().first)
    let sources = try #require(heard["origins"] as? [String: String])
    #expect(sources["center_frequency_hz"] == "the command line")
    #expect(sources["datatype"] == audio && sources["chirp_interval_s"] == audio)
    #expect(sources["chirps_per_frame"] == "about 16 ms, as a continuous wave has no frames")
  }

  @Test("Derives the axes of a TI capture from its profile, and names the commands")
  func profile() throws {
    _ = try write(
      "a.cfg",
      Array(
        """
        channelCfg 5 3 0
        adcCfg 2 1
        adcbufCfg -1 0 1 1 1
        profileCfg 0 77 30 6 62 0 0 60 1 16 2500 0 0 30
        chirpCfg 0 0 0 0 0 0 0 1
        chirpCfg 1 1 0 0 0 0 0 2
        frameCfg 0 1 4 0 50 1 0
        """.utf8))
    let path = try write("a.bin", [UInt8](repeating: 1, count: 3 * 1024))
    let info = try Command.run("info", path, "--format", "json")
    let facts = try #require(try info.objects().first)
    #expect(facts["format"] as? String == "TI DCA1000" && facts["frames"] as? Int == 3)
    #expect(facts["iq_order"] as? String == "q0q1i0i1" && facts["transmitters"] as? Int == 2)
    let resolution = try #require(facts["range_resolution_m"] as? Double)
    #expect(abs(resolution - 299_792_458 * 2.5e6 / (2 * 60e12 * 16)) < 1e-9)
    let origins = try #require(facts["origins"] as? [String: String])
    #expect(origins["iq_order"] == "adcbufCfg in \(folder.path("a.cfg"))")
    #expect(origins["center_frequency_hz"]?.contains("not the start of the ramp") == true)
    let cut = try Command.run("info", try write("a.bin", [UInt8](repeating: 1, count: 3000)))
    #expect(cut.status == 1)
    #expect(
      cut.errors.contains(
        "after 2 whole frames, at byte 2048, there are 952 bytes left of the 1024"))
  }

  /// A capture of one receiver and a target, with complex samples in pairs, Q first.
  private func capture(stating order: String) throws -> String {
    var stored: [UInt8] = []
    var random: UInt64 = 7
    func noise() -> Double {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(random >> 40) / Double(1 << 24) - 0.5
    }
    for frame in 0..<8 {
      for chirp in 0..<16 {
        let numbers = (0..<64).map { sample in
          let tones = [(9.3, 0.4), (17.8, 0.0)].map { bin, velocity in
            2 * Double.pi * (bin * Double(sample) / 64 + velocity * Double(chirp + 16 * frame))
          }
          return (
            tones.reduce(0) { $0 + 800 * cos($1) } + 300 * noise(),
            tones.reduce(0) { $0 + 800 * sin($1) } + 300 * noise()
          )
        }
        for pair in stride(from: 0, to: 64, by: 2) {
          for value in [numbers[pair].1, numbers[pair + 1].1, numbers[pair].0, numbers[pair + 1].0]
          {
            let bits = UInt16(bitPattern: Int16(value))
            stored += [UInt8(bits & 255), UInt8(bits >> 8)]
          }
        }
      }
    }
    let document: [String: Any] = [
      "global": [
        "core:datatype": "ci16_le", "core:version": "1.2.5", "core:dataset": "a.bin",
        "radar:waveform": "fmcw", "radar:center_frequency_hz": 77e9, "radar:bandwidth_hz": 4e9,
        "radar:chirp_interval_s": 3e-4, "radar:frame_interval_s": 0.01,
        "radar:samples_per_chirp": 64, "radar:chirps_per_frame": 16, "radar:receivers": 1,
        "radar:iq_order": order,
      ]
    ]
    _ = try write(
      "a.sigmf-meta", [UInt8](try JSONSerialization.data(withJSONObject: document)))
    return try write("a.bin", stored)
  }

  @Test("Detects the layout of samples, says how sure it is, and warns where the sidecar errs")
  func detect() throws {
    let wrong = try capture(stating: "iq")
    let result = try Command.run("info", wrong, "--detect", "--format", "json")
    #expect(result.status == 0)
    #expect(
      result.errors.contains("warning: ") && result.errors.contains("says that samples are"))
    let layout = try #require(try result.objects().first?["layout"] as? [String: Any])
    #expect(layout["certainty"] as? String == "sure")
    #expect(layout["found_iq_order"] as? String == "q0q1i0i1")
    #expect(layout["contradicts_sidecar"] as? Bool == true)
    #expect((layout["evidence"] as? [String])?.isEmpty == false)
    let text = try Command.run("info", wrong, "--detect")
    #expect(text.output.contains("samples say"))
    // Every command that reads warns, once and on standard error, and goes on.
    for command in [["render", wrong, "--output", folder.path("a.npy")], ["detect", wrong]] {
      let warned = try Command.run(command)
      #expect(warned.status == 0)
      #expect(warned.errors.components(separatedBy: "warning: ").count == 2)
    }

    let right = try capture(stating: "q0q1i0i1")
    let agreed = try Command.run("info", right, "--detect", "--format", "json")
    #expect(agreed.status == 0 && agreed.errors.isEmpty)
    let same = try #require(try agreed.objects().first?["layout"] as? [String: Any])
    #expect(same["contradicts_sidecar"] as? Bool == false)
    #expect(try Command.run("info", right, "--format", "json").objects().first?["layout"] == nil)
  }
}

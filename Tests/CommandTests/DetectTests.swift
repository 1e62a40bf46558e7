import Foundation
import Testing

@Suite("The command detect")
struct DetectTests {
  private let folder: TemporaryFolder
  private let recording: String

  init() throws {
    folder = try TemporaryFolder()
    let made = try Command.run(
      "simulate", "--output", folder.url.path, "--waveform", "fmcw", "--count", "1",
      "--gestures", "push", "--seed", "4")
    #expect(made.status == 0)
    recording = folder.path("fmcw60-0001.bin")
  }

  @Test("Every frame is a line with the same keys, and the hand that pushes approaches")
  func lines() throws {
    let info = try Command.run("info", recording, "--format", "json")
    let frames = try #require(try info.objects().first?["frames"] as? Int)
    let result = try Command.run("detect", recording, "--format", "json")
    #expect(result.status == 0 && result.errors.isEmpty)
    let lines = try result.objects()
    #expect(lines.count == frames)
    var velocities: [Double] = []
    var times: [Double] = []
    for line in lines {
      #expect(Set(line.keys) == ["recording", "time_s", "damaged", "points", "track"])
      times.append(try #require(line["time_s"] as? Double))
      for point in try #require(line["points"] as? [[Any]]) {
        #expect(point.count == 4)
        #expect(point.allSatisfy { $0 is Double })
      }
      guard let track = line["track"] as? [String: Any] else { continue }
      for key in ["id", "range_m", "velocity_mps", "azimuth_rad", "elevation_rad", "unseen_s"] {
        #expect(track[key] != nil, "\(key)")
      }
      velocities.append(try #require(track["velocity_mps"] as? Double))
    }
    #expect(times == times.sorted())
    // A push is a fifth of a metre in half a second.
    #expect(velocities.min() ?? 0 < -0.3)
  }

  @Test("What a radar cannot tell is null, and people get units")
  func unknown() throws {
    _ = try Command.run(
      "simulate", "--output", folder.url.path, "--waveform", "cw", "--count", "1", "--gestures",
      "wave", "--prefix", "one")
    let lines = try Command.run("detect", folder.path("one.bin"), "--format", "json").objects()
    let points = lines.flatMap { $0["points"] as? [[Any]] ?? [] }
    #expect(!points.isEmpty)
    for point in points {
      #expect(point[0] is NSNull && point[1] is Double && point[2] is NSNull && point[3] is Double)
    }
    let text = try Command.run("detect", recording)
    #expect(text.status == 0)
    for unit in [" m  ", " m/s", "°", " dB", "hand "] { #expect(text.output.contains(unit)) }
  }

  @Test("A lower rate of false alarms detects less, and every detector runs")
  func options() throws {
    func count(_ arguments: [String]) throws -> Int {
      let result = try Command.run(["detect", recording, "--format", "json"] + arguments)
      #expect(result.status == 0)
      return try result.objects().map { ($0["points"] as? [Any])?.count ?? 0 }.reduce(0, +)
    }
    for detector in ["ca", "go", "so", "os"] {
      let many = try count(["--detector", detector, "--false-alarm-rate", "1e-2", "--all-cells"])
      let few = try count([
        "--detector", detector, "--false-alarm-rate", "1e-6", "--all-cells", "--range-cells", "1,6",
        "--doppler-cells", "0,0",
      ])
      #expect(many > few && few > 0, "\(detector)")
    }
  }

  @Test("Wrong arguments exit with 64, a bad recording with 1")
  func refusals() throws {
    #expect(try Command.run("detect").status == 64)
    for arguments in [
      ["--false-alarm-rate", "0"], ["--false-alarm-rate", "1"], ["--detector", "xx"],
      ["--range-cells", "2"], ["--range-cells", "-1,4"], ["--rank", "0"],
      ["--doppler-cells", "9223372036854775807,1"],
    ] {
      #expect(try Command.run(["detect", recording] + arguments).status == 64, "\(arguments)")
    }
    let missing = try Command.run("detect", folder.path("none.bin"))
    #expect(missing.status == 1 && missing.output.isEmpty)
    #expect(missing.errors.hasPrefix("error: ") && missing.errors.contains("none.bin"))
  }
}

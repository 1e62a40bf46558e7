import Foundation
import Testing

@Suite("Live")
struct LiveTests {
  private let folder: TemporaryFolder
  private let recording: String
  private let sidecar: String
  private let events: [NSDictionary]

  init() throws {
    folder = try TemporaryFolder()
    _ = try Command.run(
      "simulate", "--output", folder.url.path, "--waveform", "cw24", "--count", "1", "--seed",
      "4242", "--gestures", "push", "wave")
    recording = folder.path("cw24-0001.bin")
    sidecar = folder.path("cw24-0001.sigmf-meta")
    events = Self.events(try Command.run(recording, "--format", "json"))
  }

  /// The events that were printed, without the name of their source.
  private static func events(_ result: Command.Result) -> [NSDictionary] {
    ((try? result.objects()) ?? []).map { object in
      var object = object
      object["recording"] = nil
      return object as NSDictionary
    }
  }

  @Test("A pipe has the events of the file")
  func pipe() throws {
    #expect(events.count == 2)
    let piped = try RunningCommand("-", "--config", sidecar, "--format", "json")
    let samples = try Data(contentsOf: URL(fileURLWithPath: recording))
    // Pieces that are no whole number of frames, nor of samples.
    for start in stride(from: 0, to: samples.count, by: 10_007) {
      piped.input.write(samples[start..<min(start + 10_007, samples.count)])
    }
    let result = try piped.finish()
    #expect(result.status == 0 && result.errors.isEmpty)
    #expect(Self.events(result) == events)
    let nothing = try Command.run("-")
    #expect(
      nothing.status == 1 && nothing.errors == "error: standard input is empty: it has 0 bytes\n")
  }

  @Test("A pipe that says nothing more is left by Ctrl-C, with what was in it and a summary")
  func interruptedPipe() throws {
    let piped = try RunningCommand("-", "--config", sidecar, "--format", "json")
    piped.input.write(try Data(contentsOf: URL(fileURLWithPath: recording)))
    // The end of the last gesture must have been judged, also where others use the machine.
    Thread.sleep(forTimeInterval: 3)
    piped.interrupt()
    let result = try piped.wait()
    #expect(result.status == 0 && result.errors.contains("frames, all whole"))
    #expect(Self.events(result) == events)
  }

  @Test("A replay over loopback has the events of the file, and Ctrl-C ends with a summary")
  func loopback() throws {
    let live = try RunningCommand(
      "live", "--dca1000", "127.0.0.1:0", "--config", sidecar, "--buffer", "1000", "--format",
      "json")
    let line = try live.firstErrorLine()
    let address = try #require(line.split(separator: " ").last)
    let sent = try Command.run(
      "replay", recording, "--to", String(address), "--speed", "10", "--duplicate",
      "0.1", "--seed", "3", "--format", "json")
    #expect(sent.status == 0)
    let object = try #require(try sent.objects().first)
    #expect(object["lost"] as? Int == 0 && object["duplicated"] as? Int ?? 0 > 0)
    Thread.sleep(forTimeInterval: 1)
    live.interrupt()
    let result = try live.wait()
    #expect(result.status == 0)
    #expect(Self.events(result) == events)
    let frames = try #require(object["frames"] as? Int)
    #expect(result.errors.contains("\(frames) frames, all whole; "))
    #expect(result.errors.contains(" duplicates"))
  }

  @Test("What was lost is said")
  func loss() throws {
    let live = try RunningCommand("live", "--dca1000", "127.0.0.1:0", "--config", sidecar)
    let address = try #require(try live.firstErrorLine().split(separator: " ").last)
    let sent = try Command.run(
      "replay", recording, "--to", String(address), "--speed", "10", "--loss", "0.1", "--reorder",
      "0.1", "--seed", "3")
    #expect(sent.status == 0)
    Thread.sleep(forTimeInterval: 1)
    live.interrupt()
    let result = try live.wait()
    #expect(result.status == 0 && result.errors.contains("bytes lost"))
    #expect(result.output.contains("% of chirps lost)"))
  }

  @Test("A file of packets says what was lost, in words and in JSON")
  func packets() throws {
    let object = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: sidecar)))
    var document = try #require(object as? [String: Any])
    var global = try #require(document["global"] as? [String: Any])
    global["core:sha512"] = nil
    global["core:dataset"] = "hand_Raw_0.bin"
    document["global"] = global
    try JSONSerialization.data(withJSONObject: document)
      .write(to: URL(fileURLWithPath: folder.path("hand_Raw_0.sigmf-meta")))
    let samples = [UInt8](try Data(contentsOf: URL(fileURLWithPath: recording)))
    var records = Data()
    var lost = 0
    for (index, start) in stride(from: 0, to: samples.count, by: 1024).enumerated() {
      // One of ten is lost, and one comes twice.
      let payload = samples[start..<min(start + 1024, samples.count)]
      if index % 10 == 5 {
        lost += payload.count
        continue
      }
      func number(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      }
      let record = number(index + 1, 4) + number(payload.count, 4) + number(start, 6) + payload
      records += record
      if index == 20 { records += record }
    }
    let path = folder.path("hand_Raw_0.bin")
    try records.write(to: URL(fileURLWithPath: path))

    let info = try Command.run("info", path, "--format", "json")
    let facts = try #require(try info.objects().first)
    let packets = try #require(facts["packets"] as? [String: Int])
    #expect(packets["duplicates"] == 1 && packets["late"] == 0 && packets["reordered"] == 0)
    #expect(lost > 5000 && packets["lost_bytes"] == lost)
    #expect(facts["lost_chirps"] as? Int ?? 0 > 0)

    let judged = try Command.run(path)
    #expect(judged.status == 0 && judged.errors.contains("\(lost) bytes lost, 1 duplicates"))
    #expect(judged.output.contains("% of chirps lost)"))
    let lines = try Command.run(path, "--format", "json").objects()
    #expect(!lines.isEmpty && lines.allSatisfy { $0["damaged"] as? Double ?? 0 > 0 })
  }

  @Test("What cannot be listened to or sent is refused in a sentence")
  func refusals() throws {
    #expect(try Command.run("live", "--config", sidecar).status == 64)
    #expect(try Command.run("live", "--dca1000", "nonsense", "--config", sidecar).status == 64)
    #expect(try Command.run("live", "--dca1000").status == 64)
    let elsewhere = try Command.run("live", "--dca1000", "192.0.2.1:4098", "--config", sidecar)
    #expect(
      elsewhere.status == 1 && elsewhere.errors.hasPrefix("error: cannot listen on 192.0.2.1"))
    let nothing = try Command.run(
      "live", "--dca1000", "127.0.0.1:0", "--config", folder.path("x.cfg"))
    #expect(nothing.status == 1 && nothing.errors.contains("x.cfg"))
    for options in [["--loss", "2"], ["--loss", "x"], ["--speed", "0"], ["--repeat", "0"]] {
      let result = try Command.run(["replay", recording, "--to", "127.0.0.1:9"] + options)
      #expect(result.status == 64)
    }
    #expect(try Command.run("replay", recording).status == 64)
    #expect(try Command.run("replay", recording, "--to", "127.0.0.1").status == 64)
  }
}

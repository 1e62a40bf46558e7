import Foundation
import Testing

@Suite("The command")
struct MainJobTests {
  @Test("Gestures of a recording are printed for people and for programs")
  func classify() throws {
    let folder = try TemporaryFolder()
    let made = try Command.run(
      "simulate", "--output", folder.url.path, "--waveform", "cw", "--count", "1", "--seed", "77",
      "--gestures", "push", "wave", "--format", "json")
    let recording = try #require(try made.objects().first?["recording"] as? String)
    let marked = try #require(try made.objects().first?["gestures"] as? [String])

    let lines = try Command.run(recording, "--format", "json")
    #expect(lines.status == 0 && lines.errors.isEmpty)
    let objects = try lines.objects()
    #expect(objects.compactMap { $0["label"] as? String } == marked)
    for object in objects {
      #expect(
        Set(object.keys) == [
          "recording", "start_s", "end_s", "label", "confidence", "probabilities", "conformal_set",
          "damaged",
        ])
      let probabilities = try #require(object["probabilities"] as? [String: Double])
      #expect(abs(probabilities.values.reduce(0, +) - 1) < 1e-6)
      let set = try #require(object["conformal_set"] as? [String])
      #expect(Set(set).isSubset(of: probabilities.keys))
    }

    let text = try Command.run(recording)
    #expect(text.status == 0)
    for label in marked { #expect(text.output.contains(label)) }
  }

  @Test("What was kept back since it did not come out of rest is counted")
  func restless() throws {
    let folder = try TemporaryFolder()
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    // The shipped model, to which everything has been moving for too long.
    var file = try Data(
      contentsOf: root.appendingPathComponent("Sources/CModels/models/cw.safetensors"))
    let limit = Data(#"\"motion\":{\"duration\":0,\"level\":0"#.utf8)
    let start = try #require(file.firstRange(of: Data(#"\"motion\":{"#.utf8))).lowerBound
    let end = try #require(file[start...].firstIndex(of: UInt8(ascii: "}")))
    // A file begins with the length of its header, least byte first.
    let length =
      file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) } + limit.count - (end - start)
    file.replaceSubrange(start..<end, with: limit)
    for byte in 0..<8 { file[byte] = UInt8(length >> (8 * byte) & 255) }
    try file.write(to: URL(fileURLWithPath: folder.path("restless.safetensors")))

    let recording = root.appendingPathComponent("recordings/cw24-wave.bin").path
    let told = try Command.run(recording)
    #expect(told.errors.isEmpty)
    let gestures = told.output.split(separator: "\n").count
    let kept = try Command.run(recording, "--model", folder.path("restless.safetensors"))
    #expect(gestures > 0 && kept.status == 0 && kept.output.isEmpty)
    let times = gestures == 1 ? "once" : "\(gestures) times"
    #expect(kept.errors.contains("\(times) something looked like a gesture"))
    #expect(kept.errors.contains("more than 0.0 s without a rest"))
  }

  @Test("What is known about a recording is printed")
  func info() throws {
    let folder = try TemporaryFolder()
    _ = try Command.run(
      "simulate", "--output", folder.url.path, "--waveform", "pulsed", "--count", "1")
    let info = try Command.run("info", folder.path("pulsed60-0001.bin"), "--format", "json")
    #expect(info.status == 0)
    let facts = try #require(try info.objects().first)
    #expect(facts["waveform"] as? String == "pulsed")
    #expect(facts["samples_per_chirp"] as? Int == 6)
    #expect(facts["center_frequency_hz"] as? Double == 60.5e9)
    #expect((facts["gestures"] as? [String: Int])?.count == 9)
  }

  @Test("A model is learned, judges, and is the same for the same seed")
  func train() throws {
    let folder = try TemporaryFolder()
    let data = folder.path("data")
    _ = try Command.run(
      "simulate", "--output", data, "--waveform", "pulsed", "--count", "5", "--gestures", "push",
      "pull", "--seed", "3")
    var models: [Data] = []
    for threads in ["1", "2"] {
      let model = folder.path("m\(threads).safetensors")
      let trained = try Command.run(
        "train", data, "--output", model, "--seed", "1", "--epochs", "2", "--threads", threads,
        "--format", "json")
      #expect(trained.status == 0)
      let lines = try trained.objects()
      #expect(lines.count == 3 && lines.last?["model"] as? String == model)
      models.append(try Data(contentsOf: URL(fileURLWithPath: model)))
    }
    #expect(models[0] == models[1])

    let judged = try Command.run(
      "evaluate", data, "--model", folder.path("m1.safetensors"), "--format", "json")
    #expect(judged.status == 0)
    let object = try #require(try judged.objects().first)
    for key in [
      "accuracy", "macro_f1", "ece", "nll", "confusion", "labels", "per_class", "events",
      "recordings", "gestures", "seconds",
    ] { #expect(object[key] != nil, "\(key)") }
    let events = try #require(object["events"] as? [String: Any])
    #expect(
      Set(events.keys).isSuperset(of: ["precision", "recall", "f1", "false_alarms_per_hour"]))
    #expect(object["gestures"] as? Int == 10)

    let folds = try Command.run(
      "evaluate", data, "--leave-out", "subject", "--epochs", "1", "--format", "json")
    let turns = try #require(try folds.objects().first?["folds"] as? [[String: Any]])
    #expect(turns.count == 5)
  }

  @Test("Help teaches, and there is a version")
  func help() throws {
    let help = try Command.run("--help")
    #expect(help.status == 0)
    for word in ["classify", "info", "train", "evaluate", "simulate"] {
      #expect(help.output.contains(word))
    }
    #expect(try Command.run("--version").status == 0)
  }
}

import Foundation
import Testing

@Suite("Commands on codes, points and distributions", .serialized)
struct CodeCommandTests {
  private let folder: TemporaryFolder
  private let data: String

  init() throws {
    folder = try TemporaryFolder()
    data = folder.path("data")
    let made = try Command.run(
      "simulate", "--output", data, "--waveform", "pulsed", "--count", "5", "--gestures", "push",
      "wave", "--seed", "3")
    #expect(made.status == 0)
  }

  private func recording(_ number: Int) -> String { "\(data)/pulsed60-000\(number).bin" }

  @Test("Examples are enrolled, named, stored and found again")
  func codes() throws {
    let model = folder.path("codes.safetensors")
    let gallery = folder.path("mine.codes")
    let archive = folder.path("all.codes")
    let trained = try Command.run(
      "train", data, "--output", model, "--codes", "32", "--epochs", "3", "--format", "json")
    #expect(trained.status == 0, "\(trained.errors)")
    #expect(try trained.objects().last?["bits"] as? Int == 32)

    for label in ["push", "wave"] {
      let enrolled = try Command.run(
        "enroll", label, recording(1), recording(2), "--gallery", gallery, "--model", model,
        "--format", "json")
      #expect(enrolled.status == 0, "\(enrolled.errors)")
      #expect(try enrolled.objects().first?["examples"] as? Int == 2)
    }
    // Every example is its own nearest.
    let named = try Command.run(
      recording(1), "--gallery", gallery, "--model", model, "--within", "32", "--format", "json")
    #expect(named.status == 0, "\(named.errors)")
    for object in try named.objects() {
      #expect(["push", "wave"].contains(object["label"] as? String))
      #expect((object["probabilities"] as? [String: Double])?.count == 2)
    }
    let refused = try Command.run(
      "enroll", "zigzag", recording(1), "--gallery", gallery,
      "--model", model)
    #expect(refused.status == 1 && refused.errors.contains("zigzag"))

    let stored = try Command.run(
      "search", "--add", recording(1), recording(2), recording(3), "--archive", archive,
      "--model", model, "--format", "json")
    #expect(try stored.objects().compactMap { $0["total"] as? Int } == [2, 4, 6])
    let found = try Command.run(
      "search", recording(2), "--archive", archive, "--model", model, "--limit", "2", "--format",
      "json")
    let first = try found.objects().filter { $0["rank"] as? Int == 1 }
    #expect(first.count == 2 && first.allSatisfy { $0["distance"] as? Int == 0 })
    // Codes of another model mean nothing here.
    let other = try Command.run("search", recording(2), "--archive", archive)
    #expect(other.status == 1 && other.errors.hasPrefix("error: "))
    let missing = try Command.run(
      "search", recording(2), "--archive", folder.path("none"), "--model", model)
    #expect(missing.status == 1)

    let judged = try Command.run("evaluate", data, "--model", model, "--format", "json")
    #expect(try judged.objects().first?["gestures"] as? Int == 10)
    let folds = try Command.run(
      "evaluate", data, "--folds", "2", "--codes", "32", "--epochs", "1", "--format", "json")
    #expect((try folds.objects().first?["folds"] as? [Any])?.count == 2)
  }

  @Test("What the command line says of samples is heard by commands on codes, too")
  func hints() throws {
    let waves = folder.path("waves")
    let made = try Command.run(
      "simulate", "--output", waves, "--waveform", "cw24", "--count", "1", "--gestures", "push")
    #expect(made.status == 0)
    let audio = folder.path("audio.wav")
    #expect(try Command.run("convert", waves + "/cw24-0001.bin", audio).status == 0)
    try FileManager.default.removeItem(atPath: folder.path("audio.sigmf-meta"))
    let gallery = folder.path("waves.codes")
    let enrolled = try Command.run(
      "enroll", "push", audio, "--gallery", gallery, "--carrier", "24.125e9")
    #expect(enrolled.status == 0, "\(enrolled.errors)")
    let named = try Command.run(audio, "--gallery", gallery, "--carrier", "24.125e9")
    #expect(named.status == 0 && named.output.contains("push"), "\(named.errors)")
  }

  @Test("A distribution over networks is learned, judged, and says how sure it is")
  func bayes() throws {
    let model = folder.path("bayes.safetensors")
    let trained = try Command.run(
      "train", data, "--output", model, "--bayes", "laplace", "--epochs", "3", "--format", "json")
    #expect(trained.status == 0, "\(trained.errors)")
    let judged = try Command.run("evaluate", data, "--model", model, "--format", "json")
    let object = try #require(try judged.objects().first)
    for key in ["accuracy", "ece", "nll", "uncertainty", "epistemic"] {
      #expect(object[key] is Double || object[key] is Int, "\(key)")
    }
    let named = try Command.run(recording(1), "--model", model, "--format", "json")
    #expect(named.status == 0, "\(named.errors)")
    for object in try named.objects() {
      let total = try #require(object["uncertainty"] as? Double)
      #expect(total >= 0 && total <= 0.6932)
    }
  }

  @Test("Gestures are learned from points and named")
  func points() throws {
    let points = try pointClouds(in: folder)
    let model = folder.path("points.safetensors")
    let trained = try Command.run(
      "train", points, "--network", "point-graph", "--output", model, "--epochs", "3")
    #expect(trained.status == 0, "\(trained.errors)")
    let named = try Command.run("\(points)/1_x_UP.csv", "--model", model, "--format", "json")
    #expect(try named.objects().count == 2)
    let judged = try Command.run(
      "evaluate", points, "--network", "point-graph", "--leave-out", "subject", "--groups", "2",
      "--epochs", "2", "--format", "json")
    #expect(judged.status == 0, "\(judged.errors)")
    #expect(try judged.objects().first?["gestures"] as? Int == 16)
    // Twenty epochs of four networks are the default, and sixty are sixty.
    for (options, epochs) in [([], 80), (["--epochs", "60"], 240)] {
      let training = try RunningCommand(
        ["train", points, "--network", "point-graph", "--output", model, "--format", "json"]
          + options)
      let line = try training.firstLine()
      training.kill()
      #expect(line.contains("\"epochs\":\(epochs)"), "\(line)")
    }
    #expect(
      try Command.run("evaluate", points, "--network", "point-graph", "--folds", "2").status == 64)
  }
}

import Foundation
import Testing

@Suite("The study")
struct StudyTests {
  private func study(_ more: String...) throws -> Command.Result {
    try Command.run(
      ["study", "--waveform", "cw", "--people", "2", "--gestures", "push", "pull"] + more)
  }

  @Test("Prints a point for every value, the same for the same seed, and draws the curve")
  func points() throws {
    let folder = try TemporaryFolder()
    let plot = folder.path("noise.svg")
    let first = try study(
      "--vary", "snr", "--values", "-40,10", "--format", "json", "--output", plot)
    #expect(first.status == 0 && first.errors.isEmpty)
    let points = try first.objects()
    #expect(points.map { $0["value"] as? Double } == [-40, 10])
    for point in points {
      #expect(point["varied"] as? String == "snr" && point["people"] as? Int == 2)
      #expect(point["snr_db"] as? Double == point["value"] as? Double)
      let accuracy = try #require(point["accuracy"] as? Double)
      let interval = try #require(point["accuracy_interval"] as? [Double])
      #expect(interval.count == 2 && interval[0] <= accuracy && accuracy <= interval[1])
      let counts = try #require(point["gestures_per_person"] as? [Int])
      let right = try #require(point["right_per_person"] as? [Int])
      #expect(counts == [2, 2])
      #expect(abs(Double(right.reduce(0, +)) / 4 - accuracy) < 1e-9)
      let evaluation = try #require(point["evaluation"] as? [String: Any])
      #expect(evaluation["accuracy"] as? Double == accuracy && evaluation["confusion"] != nil)
    }
    let accuracies = points.compactMap { $0["accuracy"] as? Double }
    #expect(accuracies[0] <= 0.5 && accuracies[1] > 0.5)
    let svg = try String(contentsOfFile: plot, encoding: .utf8)
    #expect(svg.contains("signal-to-noise ratio (dB)") && svg.contains("<polyline"))

    // Whoever is asked for one value only gets the same people.
    let again = try study("--vary", "snr", "--values", "10", "--format", "json")
    #expect(again.output == first.output.split(separator: "\n").last.map { $0 + "\n" })
  }

  @Test("Judges as evaluate does by recordings of the same people")
  func sameAsEvaluate() throws {
    let folder = try TemporaryFolder()
    let scene = ["--waveform", "cw", "--seed", "31", "--gestures", "push", "pull"]
    let loss = ["--frame-loss", "0.2", "--loss-length", "2"]
    let data = folder.path("data")
    #expect(
      try Command.run(["simulate", "--output", data, "--count", "2"] + scene + loss).status == 0)
    // What was lost is known to whoever reads the file.
    let info = try Command.run("info", data + "/cw5.8-0001.bin", "--format", "json").objects()
    #expect((info.first?["lost_chirps"] as? Int ?? 0) > 100)
    let judged = try #require(
      try Command.run("evaluate", data, "--format", "json").objects().first)
    let point = try #require(
      try Command.run(
        ["study", "--vary", "frame-loss", "--values", "0.2", "--people", "2", "--loss-length", "2"]
          + scene + ["--format", "json"]
      ).objects().first)
    let evaluation = try #require(point["evaluation"] as? NSDictionary)
    #expect(evaluation["confusion"] as? NSArray == judged["confusion"] as? NSArray)
    let losses = try [evaluation["nll"], judged["nll"]].map { try #require($0 as? Double) }
    // A file knows when a gesture starts to a sample only.
    #expect(abs(losses[0] - losses[1]) < 0.002)
  }

  @Test("A model is judged by kinds of gestures too that it has never learned")
  func unknownKinds() throws {
    let folder = try TemporaryFolder()
    let data = folder.path("data")
    func simulate(_ gestures: String...) throws {
      _ = try Command.run(
        ["simulate", "--output", data, "--waveform", "cw5.8", "--count", "4", "--gestures"]
          + gestures)
    }
    try simulate("push", "pull", "circle")
    let judged = try Command.run("evaluate", data, "--format", "json")
    #expect(judged.status == 0)
    #expect(
      judged.errors.contains("never learned by the model, and counted as unknown: circle (4)"))
    let object = try #require(try judged.objects().first)
    #expect(object["gestures"] as? Int == 8)
    let rejection = try #require(object["rejection"] as? [String: Any])
    #expect(rejection["unknown_gestures"] as? Int == 4)
    #expect(rejection["auroc"] is Double || rejection["auroc"] is Int)

    // As one gesture or another, which is how distributions over networks are judged.
    let only = try Command.run("evaluate", data, "--gestures-only", "--format", "json")
    let figures = try #require(try only.objects().first)
    #expect(figures["gestures"] as? Int == 8)
    #expect(figures["learner"] as? String == "one network" && figures["auroc"] != nil)
    let error = try #require(figures["nll_standard_error"] as? Double)
    #expect(error >= 0)
    #expect(try Command.run("evaluate", data, "--gestures-only", "--folds", "2").status == 64)

    try FileManager.default.removeItem(atPath: data)
    try simulate("circle")
    let refused = try Command.run("evaluate", data)
    #expect(refused.status == 1 && refused.errors.contains("circle"))
  }

  @Test("Judges two models by the same people, each as it would alone")
  func against() throws {
    let folder = try TemporaryFolder()
    let data = folder.path("data")
    let model = folder.path("quick.safetensors")
    _ = try Command.run(
      "simulate", "--output", data, "--waveform", "cw", "--count", "3", "--gestures", "push",
      "pull", "--vary-scenes")
    #expect(
      try Command.run("train", data, "--output", model, "--epochs", "1", "--quiet").status == 0)
    let plot = folder.path("both.png")
    let both = try study(
      "--vary", "scale", "--values", "1", "--against", model, "--format", "json", "--output", plot
    ).objects()
    #expect(both.map { $0["model"] as? String } == ["the shipped model", model])
    let alone = try study("--vary", "scale", "--values", "1", "--model", model, "--format", "json")
    let object = try #require(try alone.objects().first)
    #expect(object as NSDictionary == both[1] as NSDictionary)
    let file = try Data(contentsOf: URL(fileURLWithPath: plot))
    #expect(file.prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))
    let table = try study("--vary", "scale", "--values", "1", "--against", model)
    #expect(table.output.contains("the shipped model  ") && table.output.contains("quick"))
  }

  @Test("Prints a table for people")
  func table() throws {
    let made = try study("--vary", "distance", "--values", "0.4")
    #expect(made.status == 0)
    for text in ["distance (m)", "95 % interval", "cw5.8, 2 people", "0.40 "] {
      #expect(made.output.contains(text), "\(text)")
    }
  }

  @Test("Refuses values that cannot be, and gestures that the model does not know")
  func refusals() throws {
    for arguments in [
      ["--vary", "distance", "--values", "0"], ["--vary", "scale", "--values", "-1"],
      ["--vary", "frame-loss", "--values", "1"], ["--vary", "luck"],
      ["--vary", "frame-loss", "--values", "0.9", "--loss-length", "2"],
      ["--vary", "snr", "--people", "0"], ["--vary", "snr", "--values", "1,,2"],
      ["--vary", "snr", "--output", "curve.gif"],
    ] { #expect(try Command.run(["study"] + arguments).status == 64, "\(arguments)") }
    let unknown = try Command.run(
      "study", "--vary", "snr", "--waveform", "cw", "--gestures", "circle")
    #expect(unknown.status == 1)
    #expect(unknown.errors.contains("circle") && unknown.errors.contains("double_tap"))
  }
}

import Foundation
import Testing

@Suite("Bad input")
struct BadInputTests {
  private let folder: TemporaryFolder

  /// A good recording, to be spoilt.
  private let recording: String
  private let sidecar: String

  init() throws {
    folder = try TemporaryFolder()
    let made = try Command.run(
      "simulate", "--output", folder.url.path, "--waveform", "pulsed", "--count", "1",
      "--gestures", "push")
    #expect(made.status == 0)
    recording = folder.path("pulsed60-0001.bin")
    sidecar = folder.path("pulsed60-0001.sigmf-meta")
  }

  /// Expects one sentence that holds each of `facts`, exit status 1, and no result.
  private func expectRefusal(_ result: Command.Result, _ facts: String...) {
    #expect(result.status == 1)
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix("error: "))
    #expect(result.errors.split(separator: "\n").count == 1)
    for fact in facts { #expect(result.errors.contains(fact), "\(result.errors)") }
  }

  private func data() throws -> Data { try Data(contentsOf: URL(fileURLWithPath: recording)) }

  private func write(_ data: Data, to path: String) throws {
    try data.write(to: URL(fileURLWithPath: path))
  }

  private func editSidecar(_ edit: (inout [String: Any]) -> Void) throws {
    let url = URL(fileURLWithPath: sidecar)
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    var document = try #require(object as? [String: Any])
    var global = try #require(document["global"] as? [String: Any])
    edit(&global)
    document["global"] = global
    try JSONSerialization.data(withJSONObject: document).write(to: url)
  }

  private func editCaptures(_ captures: [[String: Any]]) throws {
    let url = URL(fileURLWithPath: sidecar)
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    var document = try #require(object as? [String: Any])
    document["captures"] = captures
    try JSONSerialization.data(withJSONObject: document).write(to: url)
  }

  @Test("A file cut inside a frame is refused with both numbers")
  func cut() throws {
    let whole = try data()
    try write(whole.dropLast(100), to: recording)
    // A frame of 16 sweeps of 6 complex 16-bit samples has 384 bytes.
    expectRefusal(try Command.run(recording), "284", "384")
    // Of several recordings, the one that is wrong is named.
    expectRefusal(try Command.run(recording, recording), "pulsed60-0001.bin: the recording ends")
  }

  @Test("A recording without a sidecar is refused with the names that were looked for")
  func missingSidecar() throws {
    try FileManager.default.removeItem(atPath: sidecar)
    expectRefusal(try Command.run(recording), "pulsed60-0001.sigmf-meta", ".cfg")
  }

  @Test("A sidecar for another shape is refused with both numbers")
  func otherShape() throws {
    try editSidecar { $0["radar:samples_per_chirp"] = 7 }
    expectRefusal(try Command.run(recording), "448")
    try editSidecar { $0["radar:samples_per_chirp"] = -7 }
    expectRefusal(try Command.run(recording), "-7", "radar:samples_per_chirp")
    try editSidecar { $0["radar:samples_per_chirp"] = nil }
    expectRefusal(try Command.run(recording), "radar:samples_per_chirp")
  }

  @Test("A radar that cannot tell the range gates that are asked for is refused with both numbers")
  func rangeGates() throws {
    let model = folder.path("model.safetensors")
    let many = try Command.run(
      "train", folder.url.path, "--output", model, "--range-gates", "8", "--network", "streaming")
    expectRefusal(many, "6 range bins", "8 range gates")
    let one = try Command.run("train", folder.url.path, "--output", model, "--range-gates", "1")
    #expect(one.status == 64 && one.errors.contains("from 2 to 64"))
    let other = try Command.run(
      "evaluate", folder.url.path, "--folds", "2", "--range-gates", "4", "--bayes", "dropout")
    #expect(other.status == 64 && other.errors.contains("--range-gates"))
  }

  @Test("An empty file, a folder and a missing file are refused")
  func nothing() throws {
    try write(Data(), to: recording)
    expectRefusal(try Command.run(recording), "pulsed60-0001.bin")
    expectRefusal(try Command.run(folder.url.path), folder.url.path)
    expectRefusal(try Command.run(folder.path("none.bin")), "none.bin")
  }

  @Test("A text file renamed .bin is refused, with a sidecar or without")
  func text() throws {
    try write(Data("this is not a recording\n".utf8), to: folder.path("text.bin"))
    expectRefusal(try Command.run(folder.path("text.bin")), "text.sigmf-meta")
    let count = try data().count / 16
    try write(Data(String(repeating: "not a recording\n", count: count).utf8), to: recording)
    expectRefusal(try Command.run(recording), "SHA-512")
  }

  @Test("Samples that are not those of the sidecar are refused")
  func wrongChecksum() throws {
    var samples = try data()
    samples[1000] ^= 1
    try write(samples, to: recording)
    for command in ["classify", "info"] {
      expectRefusal(try Command.run(command, recording), "SHA-512")
    }
  }

  @Test("A damaged, foreign or missing model is refused")
  func models() throws {
    let model = folder.path("model.safetensors")
    try write(Data("no model at all".utf8), to: model)
    expectRefusal(try Command.run(recording, "--model", model), "safetensors")
    expectRefusal(try Command.run(recording, "--model", folder.path("none")), "none")
    // A file of tensors, but not of ours.
    try write(Data([2, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8)), to: model)
    expectRefusal(try Command.run(recording, "--model", model), "model")
  }

  @Test("What is no file is not replaced by one, nor is what a link means")
  func outputs() throws {
    let pipe = folder.path("pipe")
    let made = unsafe mkfifo(pipe, 0o600)
    #expect(made == 0)
    let link = folder.path("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: pipe)
    for output in [
      pipe, link, folder.url.path, folder.path("none/model"), folder.path("none") + "/",
      recording + "/model",
    ] {
      expectRefusal(
        try Command.run("train", folder.url.path, "--output", output, "--epochs", "1"),
        "\(output) cannot be written")
    }
    let attributes = try FileManager.default.attributesOfItem(atPath: pipe)
    #expect(attributes[.type] as? FileAttributeType != .typeRegular)

    // Until it is complete a model has another name, which may be a link.
    let (model, mine) = (folder.path("model"), folder.path("mine.txt"))
    try write(Data("mine".utf8), to: mine)
    try FileManager.default.createSymbolicLink(
      atPath: model + ".partial", withDestinationPath: mine)
    let trained = try Command.run(
      "train", folder.url.path, "--output", model, "--epochs", "1", "--format", "json")
    #expect(trained.status == 0, "\(trained.errors)")
    // Nothing was held out of the one gesture, and programs count on the key.
    #expect(try trained.objects().last?["accuracy"] is NSNull)
    #expect(try String(contentsOfFile: mine, encoding: .utf8) == "mine")
    #expect(!FileManager.default.fileExists(atPath: model + ".partial"))
  }

  @Test("A study whose picture nobody could write does not begin")
  func studies() throws {
    let path = folder.path("none/distance.svg")
    expectRefusal(
      try Command.run("study", "--vary", "distance", "--people", "1", "--output", path), path)
  }

  @Test("Samples keep their sidecar")
  func orphans() throws {
    expectRefusal(
      try Command.run("convert", recording, folder.path("pulsed60-0001.npy")),
      "pulsed60-0001.sigmf-meta", "pulsed60-0001.bin")
    #expect(try Command.run(recording).status == 0)
    #expect(try Command.run("convert", recording, folder.path("other.npy")).status == 0)
  }

  @Test("A sidecar that names two carriers is refused with both")
  func twoCarriers() throws {
    try editCaptures([["core:sample_start": 0, "core:frequency": 24e9]])
    expectRefusal(try Command.run(recording), "radar:center_frequency_hz", "24000000000")
    // The baseband is no carrier, and the tolerance is wide enough for where a chirp begins.
    for frequency in [0, 58e9] {
      try editCaptures([["core:sample_start": 0, "core:frequency": frequency]])
      #expect(try Command.run(recording).status == 0)
    }
  }

  @Test("Numbers that nobody means, and options that would be ignored, are refused")
  func options() throws {
    let most = "\(Int.max)"
    let folder = folder.url.path
    for arguments in [
      ["train", folder, "--output", "m", "--epochs", most],
      ["train", folder, "--output", "m", "--pretrain", most],
      ["train", folder, "--output", "m", "--codes", "64", "--bayes", "dropout"],
      ["evaluate", folder, "--bayes", "dropout"], ["evaluate", folder, "--epochs", "3"],
      ["replay", recording, "--to", "127.0.0.1:9", "--repeat", most],
      ["live", "--dca1000", "--config", sidecar, "--buffer", most],
      ["search", recording, "--archive", "a", "--limit", most],
      [recording, "--gallery", "g", "--within=-1"],
      ["convert", recording, self.folder.path("array.h5")],
    ] {
      let result = try Command.run(arguments)
      #expect(result.status == 64 && result.output.isEmpty, "\(arguments)")
    }
  }

  @Test("A gesture that a recording does not have cannot be enrolled")
  func noSuchGesture() throws {
    expectRefusal(
      try Command.run("enroll", "zigzag", recording, "--gallery", folder.path("g")), "zigzag",
      "only as push")
  }

  @Test("A model for another waveform is refused with both")
  func otherWaveform() throws {
    try editCaptures([["core:sample_start": 0]])
    try editSidecar { $0["radar:center_frequency_hz"] = 1e9 }
    expectRefusal(try Command.run(recording), "pulsed at 1.0 GHz", "pulsed at 60.5 GHz")
  }

  @Test("A data set without labels is refused")
  func noLabels() throws {
    let url = URL(fileURLWithPath: sidecar)
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    var document = try #require(object as? [String: Any])
    document["annotations"] = [Any]()
    try JSONSerialization.data(withJSONObject: document).write(to: url)
    let model = folder.path("m.safetensors")
    expectRefusal(
      try Command.run("train", folder.url.path, "--output", model), "label")
    #expect(!FileManager.default.fileExists(atPath: model))
    expectRefusal(try Command.run("evaluate", folder.url.path, "--folds", "2"), "label")
  }

  @Test("An output that cannot be written is refused before the work begins")
  func unwritable() throws {
    let nowhere = folder.path("no/such/folder/m.safetensors")
    expectRefusal(
      try Command.run("train", folder.url.path, "--output", nowhere), nowhere)
    expectRefusal(try Command.run("simulate", "--output", recording), recording)
  }

  @Test("Results that the system does not take end the command with one sentence")
  func fullOutput() throws {
    for arguments in [["info", recording], ["info", recording, "--format", "json"]] {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments =
        ["-c", "exec \"$0\" \"$@\" > /dev/full", try Command.executable.path] + arguments
      process.standardInput = FileHandle.nullDevice
      let errors = Pipe()
      process.standardError = errors
      try process.run()
      let sentence = String(
        decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 1)
      #expect(sentence == "error: cannot write to standard output: no space left on device\n")
    }
  }

  @Test("Wrong arguments exit with 64")
  func arguments() throws {
    #expect(try Command.run().status == 64)
    #expect(try Command.run("--no-such-option", recording).status == 64)
    #expect(try Command.run("train", folder.url.path).status == 64)
    #expect(
      try Command.run("evaluate", folder.url.path, "--folds", "1").status == 64)
    #expect(try Command.run("simulate", "--output", "x", "--waveform", "sonar").status == 64)
  }
}

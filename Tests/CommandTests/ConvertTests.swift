import Foundation
import Testing

@Suite("The command convert")
struct ConvertTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Makes a recording with gestures, and returns its path.
  private func recording(_ waveform: String, _ name: String) throws -> String {
    _ = try Command.run(
      "simulate", "--output", folder.url.path, "--waveform", waveform, "--count", "1", "--seed",
      "4242", "--gestures", "push", "wave")
    return folder.path(name)
  }

  private func facts(_ path: String) throws -> [String: Any] {
    let info = try Command.run("info", path, "--format", "json")
    #expect(info.status == 0, "\(info.errors)")
    return try #require(try info.objects().first)
  }

  /// What must be the same whatever the form, and the gestures that are found.
  private func essence(_ path: String) throws -> NSDictionary {
    let facts = try facts(path)
    let same = [
      "waveform", "center_frequency_hz", "bandwidth_hz", "chirps_per_frame", "receivers",
      "samples_per_chirp", "sample_kind", "chirp_interval_s", "frame_interval_s", "frames",
      "duration_s", "lost_chirps", "gestures", "session", "subject", "description",
      "receiver_positions_m",
    ]
    let judged = try Command.run(path, "--format", "json")
    #expect(judged.status == 0)
    var events = try judged.objects()
    for index in events.indices { events[index]["recording"] = nil }
    #expect(events.count == 2)
    return facts.filter { same.contains($0.key) }.merging(["events": events]) { $1 }
      as NSDictionary
  }

  private func data(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path))
  }

  /// Converts `path` through `names` one after another and back, and compares each with the first.
  private func goRound(_ path: String, _ names: [String]) throws {
    let expected = try essence(path)
    var last = path
    for name in names + ["back.bin"] {
      let next = folder.path(name) + (name.hasSuffix("/") ? "/" : "")
      let converted = try Command.run("convert", last, next, "--format", "json")
      #expect(converted.status == 0, "\(converted.errors)")
      let summary = try #require(try converted.objects().first)
      #expect(summary["gestures"] as? [String] == ["push", "wave"])
      #expect(summary["lost_chirps"] as? Int == 0 && summary["changed_numbers"] as? Int == 0)
      #expect(try essence(next) == expected, "\(name)")
      last = next
    }
    #expect(try data(last) == data(path))
  }

  @Test("Goes through every form of a continuous wave and back, bit for bit, labels included")
  func continuousWave() throws {
    try goRound(
      recording("cw24", "cw24-0001.bin"),
      [
        "a.sigmf", "a.npy", "b.npz", "c.wav", "d.sigmf-data", "e.pcap", "f.pcapng", "g_Raw_0.bin",
      ])
  }

  @Test("Goes through every form of real chirps and back, bit for bit, labels included")
  func realChirps() throws {
    let path = try recording("fmcw60", "fmcw60-0001.bin")
    try goRound(
      path,
      ["a.npz", "b.sigmf", "c.pcapng", "d.npy", "e_Raw_0.bin", "f.pcap", "g.sigmf-data"])
    // A folder of Infineon's has its own order of axes.
    let fusion = folder.path("fusion") + "/"
    #expect(try Command.run("convert", path, fusion).status == 0)
    #expect(try essence(fusion) == essence(path))
    let back = folder.path("unfolded.bin")
    let axes = ["--to-axes", "frame", "chirp", "receiver", "sample"]
    #expect(try Command.run(["convert", fusion, back] + axes).status == 0)
    #expect(try data(back) == data(path))
  }

  @Test("Stores samples as it is told, and says what it did")
  func encodings() throws {
    let path = try recording("cw24", "cw24-0001.bin")
    let wide = folder.path("wide.sigmf")
    let converted = try Command.run(
      "convert", path, wide, "--to-datatype", "cf32_be", "--to-iq-order", "qi")
    #expect(converted.status == 0)
    #expect(converted.output.contains("frames of cf32_be, 2 gestures"))
    let facts = try facts(wide)
    #expect(facts["datatype"] as? String == "cf32_be" && facts["iq_order"] as? String == "qi")
    let back = folder.path("back.bin")
    #expect(
      try Command.run(
        "convert", wide, back, "--to-datatype", "ci16_le", "--to-iq-order", "iq"
      ).status == 0)
    #expect(try data(back) == data(path))
    let narrow = try Command.run(
      "convert", path, folder.path("x.bin"), "--to-datatype", "cf64_le")
    #expect(narrow.status == 0)
    let kept = try Command.run("convert", folder.path("x.bin"), folder.path("y.npy"))
    #expect(kept.status == 0 && kept.errors.contains("samples of cf64_le keep 24 significant bits"))
    let bytes = try Command.run(
      "convert", path, folder.path("w.bin"), "--to-datatype", "ci8", "--format", "json")
    #expect(bytes.errors.contains("numbers do not fit ci8, and became the nearest that does"))
    #expect(try bytes.objects().first?["changed_numbers"] as? Int ?? 0 > 0)
    let software = try Command.run("convert", path, folder.path("z.cfile"))
    #expect(software.status == 0 && software.output.contains("frames of cf32_le"))
  }

  @Test("Ctrl-C ends a conversion, and leaves nothing unfinished behind")
  func interrupted() throws {
    let recording = try recording("cw24", "cw24-0001.bin")
    let names = { [folder] in
      try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
    }
    let before = try names()
    let samples = try Data(contentsOf: URL(fileURLWithPath: recording))
    let sidecar = recording.replacingOccurrences(of: ".bin", with: ".sigmf-meta")
    let command = try RunningCommand([
      "convert", "-", folder.path("other.npy"), "--config", sidecar,
    ])
    try command.input.write(contentsOf: samples.prefix(samples.count / 2))
    // The rest never comes.
    for _ in 0..<3000 where try names().count == before.count { usleep(10_000) }
    #expect(try names().count == before.count + 1)
    command.interrupt()
    #expect(try command.wait().diedOfSignal)
    #expect(try names() == before)
  }

  @Test("Reads a pipe, also of an archive, which needs no sidecar")
  func pipes() throws {
    let path = try recording("cw24", "cw24-0001.bin")
    for name in ["a.sigmf", "b.npz", "c.wav", "d.pcap"] {
      #expect(try Command.run("convert", path, folder.path(name)).status == 0)
      let sidecar =
        name == "a.sigmf" ? [] : ["--config", folder.path(name.prefix(1) + ".sigmf-meta")]
      let piped = try RunningCommand(["convert", "-", folder.path("back.bin")] + sidecar)
      let bytes = try data(folder.path(name))
      // The command closes its end when it ends.
      DispatchQueue.global().async { [input = piped.input] in
        try? input.write(contentsOf: bytes)
        try? input.close()
      }
      let result = try piped.wait()
      #expect(result.status == 0 && result.output.contains("2 gestures"), "\(result.errors)")
      #expect(try data(folder.path("back.bin")) == data(path), "\(name)")
    }
  }

  @Test("What is known of a pipe is what is known of the file, but for its checksum")
  func pipedFacts() throws {
    let path = try recording("fmcw60", "fmcw60-0001.bin")
    let sidecar = folder.path("fmcw60-0001.sigmf-meta")
    let piped = try RunningCommand("info", "-", "--config", sidecar, "--format", "json")
    piped.input.write(try data(path))
    let result = try piped.finish()
    #expect(result.status == 0, "\(result.errors)")
    var found = try #require(try result.objects().first)
    var expected = try facts(path)
    #expect(
      found["checksum"] as? String == "unchecked" && expected["checksum"] as? String == "right")
    var origins = try #require(found["origins"] as? [String: String])
    #expect(origins.removeValue(forKey: "duration_s") == "the frames that were read")
    found["origins"] = origins
    for key in ["checksum", "recording", "files"] {
      found[key] = nil
      expected[key] = nil
    }
    #expect(found as NSDictionary == expected as NSDictionary)
    #expect(try Command.run("info", "-", "--detect", "--config", sidecar).status == 64)
  }

  @Test("Refuses what a form cannot hold or a folder does not take, and leaves nothing behind")
  func refusals() throws {
    let path = try recording("fmcw60", "fmcw60-0001.bin")
    let before = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
    for (name, sentence) in [
      ("a.wav", "the waveform is fmcw, not cw: audio has no frames"),
      ("a.cfile", "not real as the samples of the radar are"),
      ("nowhere/a.bin", "no such file or directory"),
    ] {
      let result = try Command.run("convert", path, folder.path(name))
      #expect(result.status == 1 && result.output.isEmpty)
      #expect(result.errors.hasPrefix("error: ") && result.errors.contains(sentence), "\(result)")
    }
    #expect(
      try Command.run("convert", path, folder.path("a.npy"), "--to-datatype", "ri24_le").status == 1
    )
    #expect(try Command.run("convert", path).status == 64)
    #expect(try Command.run("convert", path, "x.bin", "--to-datatype", "q8").status == 64)
    let after = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
    #expect(after == before)
  }
}

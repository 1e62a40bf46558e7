import DopplerGestures
import Foundation
import Testing

@Suite("Rendering a recording")
struct RenderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A recording of a simulated hand.
  private func recording(_ waveform: String, gestures: [String] = ["push"]) throws -> String {
    let arguments = ["simulate", "--output", folder.url.path, "--waveform", waveform, "--count"]
    let made = try Command.run(
      arguments + ["1", "--prefix", "hand", "--seed", "5", "--gestures"] + gestures)
    #expect(made.status == 0, "\(made.errors)")
    return folder.path("hand.bin")
  }

  private func render(_ arguments: String...) throws -> Command.Result {
    try Command.run(["render"] + arguments)
  }

  /// A NumPy array of 32-bit floats.
  private func array(_ path: String) throws -> (shape: [Int], elements: [Float]) {
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(bytes.prefix(8) == [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0])
    let start = 10 + Int(bytes[8]) + 256 * Int(bytes[9])
    #expect(start.isMultiple(of: 64))
    let header = String(decoding: bytes[10..<start], as: UTF8.self)
    #expect(header.contains("'descr': '<f4'") && header.contains("'fortran_order': False"))
    let shape = try #require(header.split(separator: "(").last?.split(separator: ")").first)
    let elements = stride(from: start, to: bytes.count, by: 4).map { place in
      Float(
        bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) })
    }
    return (
      shape.split(separator: ",").compactMap { Int($0.filter { $0 != " " }) }, elements
    )
  }

  @Test("As an array holds the very numbers of the library")
  func arrays() throws {
    let path = try recording("fmcw")
    var reader = try RecordingReader(path: path)
    let waveform = reader.metadata.waveform
    var processor = RangeDopplerProcessor(
      waveform: waveform, rangeTaper: Taper(.kaiser(beta: 6)),
      dopplerTaper: Taper(.kaiser(beta: 6)), clutterRemoval: .mean)
    var map = RangeDopplerMap(waveform: waveform)
    var spectrograms = SpectrogramProcessor(
      waveform: waveform, window: 16, hop: 8, taper: Taper(.hamming, isSymmetric: true))
    var spectrogram = spectrograms.empty
    var frame = Frame(shape: waveform.shape)
    var levels: [Float] = []
    while try reader.read(into: &frame) {
      processor.process(frame, into: &map)
      levels += map.levels
      spectrograms.append(frame, to: &spectrogram)
    }
    let frames = levels.count / map.levels.count

    let maps = folder.path("maps.npy")
    let rendered = try render(
      path, "--output", maps, "--taper", "kaiser:6", "--remove-mean", "--view", "range-doppler")
    #expect(rendered.status == 0 && rendered.output.isEmpty && rendered.errors.isEmpty)
    let cube = try array(maps)
    #expect(cube.shape == [frames, waveform.rangeBins, waveform.dopplerBins])
    #expect(cube.elements.map(\.bitPattern) == levels.map(\.bitPattern))

    let spectra = folder.path("spectra.npy")
    #expect(
      try render(
        path, "-o", spectra, "--view", "spectrogram", "--taper", "hamming-symmetric", "--window",
        "16", "--hop", "8"
      ).status == 0)
    let rows = try array(spectra)
    #expect(rows.shape == [spectrogram.times.count, 16])
    #expect(rows.elements.map(\.bitPattern) == spectrogram.levels.map(\.bitPattern))
  }

  @Test("As a picture has every view, on every kind of radar that measures it")
  func pictures() throws {
    for (waveform, views) in [
      ("fmcw77", ["range-doppler", "spectrogram", "range-time", "angle-time"]),
      ("cw24", ["spectrogram", "angle-time"]), ("pulsed", ["range-doppler", "range-time"]),
    ] {
      let path = try recording(waveform)
      for view in views {
        let picture = folder.path("\(view).png")
        let made = try render(path, "--output", picture, "--view", view, "--remove-mean")
        #expect(made.status == 0, "\(waveform) \(view): \(made.errors)")
        let data = try Data(contentsOf: URL(fileURLWithPath: picture))
        #expect(Array(data.prefix(8)) == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
        // The width and the height are the first numbers of the header.
        #expect(Array(data[16..<24]) == [0, 0, 4, 176, 0, 0, 2, 208])
      }
      for view in views {
        let drawing = folder.path("\(view).svg")
        #expect(try render(path, "--output", drawing, "--view", view).status == 0)
        let text = try String(contentsOfFile: drawing, encoding: .utf8)
        #expect(text.hasPrefix("<svg") && text.contains("hand.bin"))
        let numbers = folder.path("\(view).npy")
        #expect(try render(path, "--output", numbers, "--view", view).status == 0)
        let values = try array(numbers)
        #expect(values.shape.count == (view == "range-doppler" ? 3 : 2))
        #expect(values.elements.count == values.shape.reduce(1, *))
        #expect(values.elements.allSatisfy(\.isFinite) && Set(values.elements).count > 1)
      }
      let drawing = folder.path("usual.svg")
      #expect(try render(path, "--output", drawing).status == 0)
      let text = try String(contentsOfFile: drawing, encoding: .utf8)
      #expect(text.hasPrefix("<svg") && text.contains("hand.bin"))
    }
  }

  @Test("Is refused with one sentence, and leaves no file behind")
  func refusals() throws {
    let path = try recording("cw")
    let picture = folder.path("x.png")
    for (arguments, status, fact) in [
      (["--view", "range-doppler"], 1, "range-doppler"), (["--receiver", "1"], 1, "receiver 1"),
      (["--view", "angle-time"], 1, "not 1"), (["--window", "65536"], 1, "65536 chirps"),
      (["--window", "7"], 64, "even"), (["--taper", "triangle"], 64, "triangle"),
      (["--hop", "0"], 64, "--hop"), (["--dynamic-range", "0"], 64, "--dynamic-range"),
      (["--frame", "2"], 64, "--frame"), (["--view", "range-time", "--hop", "2"], 64, "--hop"),
    ] as [([String], Int32, String)] {
      let result = try Command.run(["render", path, "--output", picture] + arguments)
      #expect(result.status == status, "\(arguments): \(result.errors)")
      #expect(result.output.isEmpty && result.errors.contains(fact), "\(result.errors)")
    }
    for name in ["x", "x.jpeg", "no/such/folder/x.png"] {
      #expect(try render(path, "--output", folder.path(name)).status != 0)
    }
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    #expect(Set(left) == ["hand.bin", "hand.sigmf-meta"])
  }

  @Test(
    "As a page steps through frames, reads out what is under the pointer, and marks gestures",
    .enabled(if: Browser.path != nil, "Chromium is not installed"))
  func page() throws {
    let path = try recording("fmcw", gestures: ["push", "swipe_left"])
    let page = folder.path("hand.html")
    let made = try render(path, "--output", page, "--remove-mean", "--view", "range-doppler")
    #expect(made.status == 0, "\(made.errors)")
    let events = try Command.run(path, "--format", "json").objects()
    #expect(!events.isEmpty)

    let still = try Browser.open(page)
    #expect(still.complaints.isEmpty, "\(still.complaints)")
    #expect(still.text.contains("data-ready=\"true\""))
    let strongest = try still.text(of: "readout")
    let sentence = try Regex(
      "^strongest: range [\\d.]+ m, velocity −?[\\d.]+ m/s, −?[\\d.]+ dB, frame \\d+ at")
    #expect(strongest.contains(sentence), "\(strongest)")
    let predicted = try still.text(of: "predicted")
    for event in events {
      let label = try #require(event["label"] as? String)
      let start = try #require(event["start_s"] as? Double)
      #expect(predicted.contains(label) && predicted.contains(String(format: "%.2f–", start)))
    }
    let marked = try still.text(of: "marked")
    #expect(marked.contains("push") && marked.contains("swipe_left"))
    #expect(try still.text(of: "detections").contains(" m/s"))

    // To the first frame, three steps on, and the pointer to the middle of the map.
    let moved = try Browser.open(
      page,
      script: """
        const press = (key, more) =>
          document.dispatchEvent(new KeyboardEvent("keydown", { key, ...more }));
        press("Home");
        for (let index = 0; index < 3; index += 1) press("ArrowRight");
        press("ArrowRight", { shiftKey: true });
        press("ArrowLeft");
        const map = element("first"), box = map.getBoundingClientRect(), place = framePanel.place;
        map.dispatchEvent(new PointerEvent("pointermove", {
          clientX: box.left + place.x + 1, clientY: box.top + place.y + place.height - 1 }));
        """)
    #expect(moved.complaints.isEmpty, "\(moved.complaints)")
    #expect(moved.text.contains("data-selected=\"12\""))
    let waveform = SimulatedRadar.fmcw60.waveform
    let fastest = String(format: "%.2f", waveform.maximumVelocity)
    let readout = try moved.text(of: "readout")
    #expect(readout.hasPrefix("range 0.000 m, velocity −\(fastest) m/s"), "\(readout)")
    #expect(readout.contains("frame 12 at 0.48"))
  }

  @Test(
    "As a page over time shows the view and a profile, also where no model fits",
    .enabled(if: Browser.path != nil, "Chromium is not installed"))
  func timePages() throws {
    for (waveform, view) in [
      ("cw24", "spectrogram"), ("fmcw", "range-time"), ("fmcw", "angle-time"),
    ] {
      let path = try recording(waveform)
      let page = folder.path("\(view).html")
      #expect(try render(path, "--output", page, "--remove-mean", "--view", view).status == 0)
      let shown = try Browser.open(
        page,
        script: """
          const strip = element("first"), box = strip.getBoundingClientRect();
          const place = stripPanel.place;
          strip.dispatchEvent(new PointerEvent("pointermove", {
            clientX: box.left + place.x + place.width / 2, clientY: box.top + place.y + 1 }));
          document.dispatchEvent(new KeyboardEvent("keydown", { key: "End" }));
          """)
      #expect(shown.complaints.isEmpty, "\(shown.complaints)")
      let axis = try #require(
        ["spectrogram": "velocity", "range-time": "range", "angle-time": "angle 90.0°"][view])
      #expect(try shown.text(of: "readout").contains("s, \(axis)"))
      let confidence = try Regex("\\d\\s%")
      #expect(try shown.text(of: "predicted").contains(confidence))
    }
  }
}

@Suite("The page of an evaluation", .enabled(if: Browser.path != nil, "Chromium is not installed"))
struct EvaluationPageTests {
  @Test("Shows what the command prints, diagrams included")
  func report() throws {
    let folder = try TemporaryFolder()
    let data = folder.path("data <i>")
    _ = try Command.run(
      "simulate", "--output", data, "--waveform", "pulsed", "--count", "5", "--gestures", "push",
      "pull", "--seed", "3")
    let page = folder.path("report.html")
    let judged = try Command.run(
      "evaluate", data, "--leave-out", "subject", "--epochs", "2", "--report", page, "--format",
      "json")
    #expect(judged.status == 0, "\(judged.errors)")
    let object = try #require(try judged.objects().first)
    let accuracy = try #require(object["accuracy"] as? Double)

    let shown = try Browser.open(page)
    #expect(shown.complaints.isEmpty, "\(shown.complaints)")
    #expect(shown.text.contains("data-ready=\"true\""))
    #expect(try shown.text(of: "title").contains("data <i>"))
    #expect(try shown.text(of: "notes").contains("5 subjects, each left out"))
    let summary = try shown.text(of: "summary")
    #expect(summary.contains(String(format: "%.1f %%", 100 * accuracy)))
    #expect(try shown.text(of: "confusion-table").contains("push"))
    #expect(try shown.text(of: "classes-table").contains("precision"))
    // One point and one row for each fold.
    #expect(shown.text.components(separatedBy: "class=\"fold\"").count == 6)
    let bins = (object["reliability"] as? [[String: Any]] ?? []).filter {
      ($0["count"] as? Int ?? 0) > 0
    }
    #expect(shown.text.components(separatedBy: "class=\"bin\"").count == 1 + bins.count)
  }

  @Test("An output that cannot be written is refused before the work begins")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    let nowhere = folder.path("no/such/folder/report.html")
    let refused = try Command.run("evaluate", folder.path("none"), "--report", nowhere)
    #expect(refused.status == 1 && refused.errors.contains(nowhere))
  }
}

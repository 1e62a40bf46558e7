import ArgumentParser
import Gestures
import Pictures
import Radar
import Recordings

struct Render: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a picture, an array or a page to step through out of a recording.",
    discussion: """
      The ending of the file says what it becomes: .png and .svg are pictures, .npy an array of \
      32-bit floats in dB exactly as the library computed them (range-doppler: [frame, range bin, \
      Doppler bin]; the other views: [time, bin]), .html a page that needs nothing else, with the \
      gestures that the model finds. Recordings of any length are rendered in constant memory.

        radar-classify render recordings/fmcw60-swipes.bin --output swipes.html
        radar-classify render recordings/cw24-wave.bin --output wave.png --remove-mean
      """)

  @Argument(help: "The recording.", completion: .file())
  var recording: String

  @Option(name: .shortAndLong, help: "The file to write: .png, .svg, .npy or .html.")
  var output: String

  @OptionGroup var view: ViewOptions

  @Option(help: "The frame that a picture of range-doppler shows, from 0 (default: the strongest).")
  var frame: Int?

  @Option(help: "The decibels from the darkest colour to the brightest.")
  var dynamicRange: Float = 50

  @OptionGroup var model: ModelOptions
  @OptionGroup var source: SourceOptions
  @OptionGroup var console: OutputOptions

  /// What a file becomes.
  private enum Kind: String, CaseIterable {
    case png, svg, npy, html
  }

  private var kind: Kind? {
    output.split(separator: ".").last.flatMap { Kind(rawValue: $0.lowercased()) }
  }

  mutating func validate() throws {
    guard kind != nil, output.contains(".") else {
      throw ValidationError("--output must end with .png, .svg, .npy or .html.")
    }
    guard dynamicRange >= 1, dynamicRange <= 300 else {
      throw ValidationError("--dynamic-range must be from 1 to 300.")
    }
    guard frame ?? 0 >= 0 else { throw ValidationError("--frame is counted from 0.") }
    if frame != nil, kind == .npy || kind == .html {
      throw ValidationError("--frame picks the frame of a .png or .svg picture.")
    }
  }

  mutating func run() throws {
    let interruption = Interruption.discardingUnfinishedFiles()
    defer { withExtendedLifetime(interruption) {} }
    var reader = try source.open(recording)
    let metadata = reader.metadata
    let settings = view.settings(for: metadata.waveform)
    if frame != nil, settings.view != .rangeDoppler {
      throw ValidationError("--frame goes with --view range-doppler.")
    }
    var processor = try ViewProcessor(waveform: metadata.waveform, settings: settings)
    let bar = ProgressBar(total: metadata.frameCount, options: console)
    switch kind {
    case .npy:
      var writer = try NumPyWriter(path: output, axes: processor.shape)
      try read(&reader, bar: bar) { frame in
        try processor.append(frame) { try writer.append($0.levels) }
      }
      try writer.finish()
    case .html:
      var file = try OutputFile(path: output)
      let page = try page(&reader, &processor, bar: bar)
      try file.write(page[...])
      try file.commit()
    case .png, .svg, nil:
      var file = try OutputFile(path: output)
      var builder = PictureBuilder(for: processor, frame: frame)
      try read(&reader, bar: bar) { frame in processor.append(frame) { builder.append($0) } }
      let lane = Picture.Lane(title: "marked", spans: metadata.annotations.spans)
      let picture = try builder.picture(
        title: name(of: recording), dynamicRange: dynamicRange,
        lanes: lane.spans.isEmpty ? [] : [lane])
      try file.write((kind == .svg ? Array(picture.svg().utf8) : picture.png())[...])
      try file.commit()
    }
  }

  /// Calls `body` with every frame.
  private func read(
    _ reader: inout RecordingReader, bar: ProgressBar, each body: (Frame) throws -> Void
  ) throws {
    var bar = bar
    var frame = Frame(shape: reader.metadata.waveform.shape)
    var count = 0
    while try reader.read(into: &frame) {
      try body(frame)
      count += 1
      bar.show(count, recording)
    }
    bar.clear()
  }

  /// The page of the recording, with the gestures that the model finds if one fits.
  private func page(
    _ reader: inout RecordingReader, _ processor: inout ViewProcessor, bar: ProgressBar
  ) throws -> [UInt8] {
    let metadata = reader.metadata
    var notes: [String] = []
    var stream: GestureStream?
    do {
      let model = try model.load(for: metadata.waveform, of: recording)
      stream = try GestureClassifier(model: model).stream(of: metadata.waveform, named: recording)
    } catch  where model.model == nil {
      notes.append("no shipped model fits this waveform")
    }
    var builder = PageBuilder(for: processor)
    // Only a page of frames has a place for what was detected in them.
    var detector: DetectionProcessor?
    if processor.settings.view == .rangeDoppler {
      detector = DetectionProcessor(waveform: metadata.waveform)
    }
    var events: [GestureEvent] = []
    try read(&reader, bar: bar) { frame in
      var detections: [Detection] = []
      detector?.append(frame) { detections += $0.detections }
      processor.append(frame) { builder.append($0, detections: detections) }
      events += stream?.append(frame) ?? []
    }
    events += stream?.finish() ?? []
    let predicted = events.map {
      PageBuilder.Event(
        span: .init(label: $0.label, start: $0.start, end: $0.end),
        confidence: $0.prediction.confidence)
    }
    return try builder.page(
      title: name(of: recording), dynamicRange: dynamicRange, marked: metadata.annotations.spans,
      predicted: stream == nil ? nil : predicted, notes: notes)
  }
}

extension [Annotation] {
  /// The gestures as a picture shows them.
  fileprivate var spans: [Picture.Span] {
    filter { $0.label != RecordingMetadata.backgroundLabel }
      .map { .init(label: $0.label, start: $0.start, end: $0.end) }
  }
}

/// The name of the file at `path`, without its folder.
private func name(of path: String) -> String {
  path.split(separator: "/").last.map(String.init) ?? path
}

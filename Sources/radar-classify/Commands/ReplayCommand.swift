import ArgumentParser
import Autodiff
import LiveSources
import Radar
import Recordings

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Send a recording as a DCA1000 would have.",
    discussion: """
      The samples go out as UDP datagrams in real time or faster. For tests, a part of them can be \
      lost, overtaken or doubled on purpose.

        radar-classify replay recordings/fmcw60-swipes.bin --to 127.0.0.1:4098 --loss 0.01
      """)

  @Argument(help: "The recording.", completion: .file())
  var recording: String

  @Option(help: ArgumentHelp("Where to send it.", valueName: "host:port"))
  var to: Endpoint

  @Option(help: "How much faster than real time, 1 being real time and inf as fast as possible.")
  var speed = 1.0

  @Option(name: .customLong("repeat"), help: "How often to send the recording.")
  var rounds = 1

  @Option(help: "The share of datagrams that are lost, from 0 to 1.")
  var loss = 0.0

  @Option(help: "The share of datagrams that others overtake, from 0 to 1.")
  var reorder = 0.0

  @Option(help: "The share of datagrams that are sent twice, from 0 to 1.")
  var duplicate = 0.0

  @Option(help: "Where chance begins: the same seed has the same faults.")
  var seed: UInt64 = 0

  @OptionGroup var source: SourceOptions
  @OptionGroup var output: OutputOptions

  mutating func validate() throws {
    for (name, share) in [("loss", loss), ("reorder", reorder), ("duplicate", duplicate)] {
      guard (0...1).contains(share) else {
        throw ValidationError("--\(name) must be from 0 to 1.")
      }
    }
    guard speed > 0 else { throw ValidationError("--speed must be above 0.") }
    guard (1...1_000_000).contains(rounds) else {
      throw ValidationError("--repeat must be from 1 to 1000000.")
    }
    guard to.port > 0 else { throw ValidationError("--to needs a port.") }
  }

  mutating func run() throws {
    var reader = try source.open(recording)
    let metadata = reader.metadata
    guard rounds == 1 || !source.isStream(recording) else {
      throw ValidationError("Standard input cannot be repeated.")
    }
    var replay = try Replay(
      metadata.waveform, encoding: metadata.datagramEncoding, to: to.address, port: to.port,
      speed: speed,
      network: BadNetwork(
        faults: .init(loss: loss, reordering: reorder, duplication: duplicate),
        using: SeededGenerator(seed: seed)))
    var bar = ProgressBar(total: metadata.frameCount.map { rounds * $0 }, options: output)
    var frame = Frame(shape: metadata.waveform.shape)
    let start = ContinuousClock.now
    for round in 0..<rounds {
      if round > 0 { reader = try RecordingReader(metadata) }
      while try reader.read(into: &frame) {
        try replay.send(frame)
        bar.show(replay.frames, recording)
      }
    }
    try replay.finish()
    bar.clear()
    let duration = ContinuousClock.now - start
    try report(Sent(replay, recording: recording, seconds: duration / .seconds(1)))
  }

  private func report(_ sent: Sent) throws {
    guard !output.isJSON else { return try Console.print(json: sent) }
    Console.print(
      "\(sent.recording): \(sent.frames) frames in \(sent.seconds.formatted(decimals: 2)) s,"
        + " \(sent.datagrams) datagrams (\(sent.lost) lost on purpose, \(sent.delayed) delayed,"
        + " \(sent.duplicated) doubled)")
  }

  /// What was sent.
  private struct Sent: Encodable {
    var recording: String
    var frames: Int
    var datagrams: Int
    var lost: Int
    var delayed: Int
    var duplicated: Int
    var seconds: Double

    init(_ replay: borrowing Replay<SeededGenerator>, recording: String, seconds: Double) {
      self.recording = recording
      frames = replay.frames
      datagrams = replay.datagrams
      lost = replay.network.lost
      delayed = replay.network.delayed
      duplicated = replay.network.duplicated
      self.seconds = seconds
    }
  }
}

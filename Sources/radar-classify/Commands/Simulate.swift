public import ArgumentParser
import Foundation
import Radar
import Recordings
public import Simulation

struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write labelled recordings of simulated hands.",
    discussion: """
      Every recording shows a new person who makes each of the gestures once, in random order. The \
      samples are raw ADC counts in SigMF with the radar extension; the gestures are annotated.

        radar-classify simulate --output hands --waveform cw --gestures push pull tap --count 3
      """)

  @Option(name: .shortAndLong, help: "The folder to write to.", completion: .directory)
  var output: String

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "The gestures of each recording; all of them without it.", valueName: "gesture"))
  var gestures: [SimulatedGesture] = SimulatedGesture.allCases

  @Option(
    help: """
      Instead of gestures with names, make this many invented ones, ten in each recording, in turn: \
      what codes are learned from.
      """)
  var invented = 0

  @Option(help: "The number of the first invented gesture.")
  var inventedFrom = 0

  @Option(help: "The number of recordings.")
  var count = 10

  @Option(help: "Where chance begins: the same seed gives the same recordings.")
  var seed: UInt64 = 0

  @Flag(
    help: """
      Put every person into a scene of their own: half to twice the distance, 10 dB more or less \
      noise, 0.6 to 1.5 times the scale, and up to two fifths of the frames lost.
      """)
  var varyScenes = false

  @Option(help: "How the files are called: before a number, unless there is only one.")
  var prefix: String?

  @OptionGroup var scene: SceneArguments
  @OptionGroup var console: OutputOptions

  mutating func validate() throws {
    guard count > 0 else { throw ValidationError("--count must be at least 1.") }
    guard invented >= 0, inventedFrom >= 0, inventedFrom < 1 << 40, invented < 1 << 40 else {
      throw ValidationError("--invented and --invented-from must be at least 0.")
    }
  }

  mutating func run() throws {
    let interruption = Interruption.discardingUnfinishedFiles()
    defer { withExtendedLifetime(interruption) {} }
    do {
      try FileManager.default.createDirectory(
        atPath: output, withIntermediateDirectories: true)
    } catch {
      throw RecordingError.unwritable(path: output, reason: "the folder cannot be made")
    }
    var set = SimulatedDataSet(
      radar: scene.radar, gestures: gestures, options: scene.options, seed: seed)
    set.variesScenes = varyScenes
    set.invented = inventedFrom..<inventedFrom + invented
    var bar = ProgressBar(total: count, options: console)
    for index in 0..<count {
      let written = try write(index, of: set)
      bar.clear()
      if console.isJSON {
        try Console.print(json: written)
      } else {
        Console.print(
          "\(written.recording)  \(written.durationS.formatted(decimals: 2)) s  "
            + written.gestures.joined(separator: " "))
      }
      bar.show(index + 1, "")
    }
    bar.clear()
  }

  private func write(
    _ index: Int, of set: SimulatedDataSet
  ) throws -> Written {
    var simulator = set[index]
    let radar = set.radar
    let number = prefix != nil && count == 1 ? "" : String(format: "-%04d", index + 1)
    let name = (prefix ?? radar.rawValue) + number
    let path = URL(fileURLWithPath: output).appendingPathComponent(name + ".bin").relativePath
    let encoding: SampleEncoding? =
      radar == .fmcw60 ? SampleEncoding(datatype: Datatype(.real, .u16), significantBits: 12) : nil
    var writer = try RecordingWriter(
      path: path, waveform: radar.waveform, encoding: encoding, session: "simulated-\(seed)",
      subject: "person-\(seed)-\(index + 1)",
      summary: "simulated hand, \(radar.rawValue), seed \(seed), number \(index + 1)")
    var frame = Frame(shape: radar.waveform.shape)
    while simulator.next(into: &frame) { try writer.write(frame) }
    try writer.finish(annotations: simulator.annotations)
    return Written(
      recording: path,
      durationS: Double(simulator.frameCount) * radar.waveform.frameInterval,
      gestures: simulator.annotations.map(\.label))
  }

  private struct Written: Encodable {
    var recording: String
    var durationS: Double
    var gestures: [String]
  }
}

extension SimulatedGesture: ExpressibleByArgument {}

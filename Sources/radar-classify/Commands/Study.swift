import ArgumentParser
import Foundation
import Gestures
import Pictures
import Radar
import Recordings
import Simulation

struct Study: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say how a model fares when the scene changes: distance, scale, noise, lost frames.",
    discussion: """
      Simulated people, the same ones at every value, make the gestures of the model. One thing \
      about the scene is varied, and the rest stays as it is. The interval is over people, since the \
      gestures of one person resemble each other.

        radar-classify study --vary distance --waveform cw --output distance.svg
        radar-classify study --vary snr --values -10,0,10,20
        radar-classify study --vary frame-loss --loss-length 5 --model mine.safetensors

      The echo of a hand falls with the fourth power of its distance while the noise stays, so \
      whoever varies the distance varies the signal-to-noise ratio too.
      """)

  @Option(help: "What is varied: distance, scale, snr or frame-loss.")
  var vary: VariedQuantity

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Its values: metres, a factor, decibels or a share; a usual range without it.",
      valueName: "value,value…"))
  var values = VariedValues(numbers: [])

  @Option(help: "The number of people at each value.")
  var people = 40

  @Option(
    help: "Where chance begins: not where it began for the people that the model learned from.")
  var seed: UInt64 = 1_000_000

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "The gestures that people make; without it, all that the model knows.", valueName: "gesture"))
  var gestures: [SimulatedGesture] = []

  @Option(
    name: .shortAndLong, help: "Also draw the curve: .svg or .png.",
    completion: .file(extensions: ["svg", "png"]))
  var output: String?

  @Option(
    help: "Another model, to be judged by the same people.",
    completion: .file(extensions: ["safetensors"]))
  var against: String?

  @OptionGroup var model: ModelOptions
  @OptionGroup var scene: SceneArguments
  @OptionGroup var console: OutputOptions

  mutating func validate() throws {
    guard (1...100_000).contains(people) else {
      throw ValidationError("--people must be from 1 to 100000.")
    }
    if let output, !output.hasSuffix(".svg"), !output.hasSuffix(".png") {
      throw ValidationError("--output must end with .svg or .png.")
    }
    if values.numbers.isEmpty { values.numbers = vary.usualValues(for: scene.radar) }
    for value in values.numbers { _ = try vary.setting(value, in: scene) }
  }

  mutating func run() throws {
    let radar = scene.radar
    var models = [try model.load(for: radar.waveform, of: radar.rawValue)]
    if let against { models.append(try GestureModel(path: against)) }
    let known = models[0].gestureLabels.filter { label in
      models.allSatisfy { $0.gestureLabels.contains(label) }
    }
    if let unknown = gestures.first(where: { !known.contains($0.rawValue) }) {
      throw GestureError.unknownLabel(unknown.rawValue, known: known)
    }
    let made = gestures.isEmpty ? known.compactMap(SimulatedGesture.init(rawValue:)) : gestures
    guard !made.isEmpty else {
      throw ValidationError(
        "None of the gestures of the model can be simulated: \(known.joined(separator: ", ")).")
    }
    if let output { try OutputFile.requireRoom(for: output) }
    let names = [model.model ?? "the shipped model"] + (against.map { [$0] } ?? [])
    let summary = StudySummary(study: self, radar: radar, gestures: made, models: names)
    if !console.isJSON { for line in summary.head { Console.print(line) } }
    var curves = models.map { _ in [RobustnessPoint]() }
    var bar = ProgressBar(total: values.numbers.count * models.count * people, options: console)
    var judged = 0
    for value in values.numbers {
      let arguments = try vary.setting(value, in: scene)
      let set = SimulatedDataSet(
        radar: radar, gestures: made, options: arguments.options, seed: seed)
      for (index, model) in models.enumerated() {
        let point = try judge(model, at: value, by: set) { count in
          judged += count
          bar.show(judged, "\(vary.rawValue) \(value)")
        }
        bar.clear()
        curves[index].append(point)
        if console.isJSON {
          try Console.print(json: summary.object(of: point, model: index, in: arguments))
        } else {
          Console.print(summary.line(of: point, model: index))
        }
      }
    }
    if let output { try draw(summary.chart(of: curves), to: output) }
  }

  /// How the model does by the people of a data set, of whom no more are kept in memory than are
  /// judged at a time.
  private func judge(
    _ model: GestureModel, at value: Double, by set: SimulatedDataSet, progress: (Int) -> Void
  ) throws -> RobustnessPoint {
    var point = RobustnessPoint(value: value, model: model)
    for start in stride(from: 0, to: people, by: 16) {
      let part = start..<min(start + 16, people)
      try point.judge(part.map { LabelledRecording(set[$0], name: "person \($0 + 1)") })
      progress(part.count)
    }
    return point
  }

  private func draw(_ chart: Chart, to path: String) throws {
    var file = try OutputFile(path: path)
    try file.write((path.hasSuffix(".png") ? chart.png() : Array(chart.svg().utf8))[...])
    try file.commit()
  }
}

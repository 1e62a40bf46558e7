import Foundation
import Radar
import Simulation
import Testing

/// Draws the figures of the articles on maps, clutter, quadrature and micro-Doppler with our own code.
///
///     FIGURES=Sources/Radar/Radar.docc/Resources swift test --filter FigureTests
@Suite(
  "Figures",
  .enabled(
    if: ProcessInfo.processInfo.environment["FIGURES"] != nil, "FIGURES names no folder to draw in")
)
struct FigureTests {
  private let width = 640.0
  private let height = 240.0

  private func write(_ name: String, _ parts: [String]) throws {
    let folder = try #require(ProcessInfo.processInfo.environment["FIGURES"])
    let svg = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(width)) \(Int(height))" \
      font-family="sans-serif" font-size="12" fill="#777">
      \(parts.joined(separator: "\n"))
      </svg>

      """
    try svg.write(
      to: URL(filePath: folder).appending(path: "\(name).svg"), atomically: true, encoding: .utf8)
  }

  private func path(_ points: [(x: Double, y: Double)], color: String) -> String {
    let steps = points.map { String(format: "%.1f %.1f", $0.x, $0.y) }.joined(separator: "L")
    return "<path d=\"M\(steps)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"2\"/>"
  }

  private func text(_ text: String, _ x: Double, _ y: Double, color: String = "#777") -> String {
    "<text x=\"\(Int(x))\" y=\"\(Int(y))\" fill=\"\(color)\">\(text)</text>"
  }

  @Test("Clutter removal")
  func clutterGain() throws {
    let methods: [(ClutterRemoval, String)] = [
      (.twoPulse, "#3b7dd8"), (.threePulse, "#d8573b"), (.background(rate: 0.1), "#3ba55c"),
    ]
    var parts = [
      text("0", 42, 224), text("half a turn a chirp", 500, 224), text("amplitude, 0 to 4", 50, 16),
    ]
    for (index, (removal, color)) in methods.enumerated() {
      let points = (0...200).map { step in
        let turns = Double(step) / 400
        return (40 + 580 * turns * 2, 206 - 46 * removal.gain(turns: turns))
      }
      parts.append(path(points, color: color))
      parts.append(text(removal.rawValue, 200, 30 + 16 * Double(index), color: color))
    }
    try write("clutter-gain", parts)
  }

  @Test("Range–Doppler maps")
  func rangeDoppler() throws {
    let waveform = SimulatedRadar.fmcw60.waveform
    var frame = Frame(shape: waveform.shape)
    EchoSynthesis(waveform: waveform).fill(&frame) { time in
      // A wall, and a hand whose palm and arm approach at different velocities.
      [
        Scatterer(position: SIMD3(0, 0, 1.0), amplitude: 300),
        Scatterer(position: SIMD3(0, 0, 0.4 - 1.5 * time), amplitude: 100),
        Scatterer(position: SIMD3(0, 0, 0.6 - 0.6 * time), amplitude: 60),
      ]
    }
    var generator = TestGenerator(seed: 4)
    for index in frame.samples.indices { frame.samples[index] += Float(6 * generator.normals().0) }
    var parts: [String] = []
    for (side, removal) in [ClutterRemoval.none, .mean].enumerated() {
      var processor = RangeDopplerProcessor(
        waveform: waveform,
        configuration: RangeDopplerConfiguration(clutterRemoval: removal))
      var map = processor.emptyMap
      processor.process(frame, into: &map)
      let left = 10 + 320 * Double(side)
      let strongest = map.levels.max() ?? 0
      let rows = min(map.rangeBins, 32)
      let (wide, high) = (300 / Double(map.dopplerBins), 190 / Double(rows))
      for row in 0..<rows {
        for bin in 0..<map.dopplerBins where map[row, bin] > strongest - 40 {
          let opacity = Double(1 + (map[row, bin] - strongest) / 40)
          parts.append(
            String(
              format: "<path d=\"M%.1f %.1fh%.1fv-%.1fh-%.1f\" fill=\"#3b7dd8\" opacity=\"%.2f\"/>",
              left + wide * Double(bin), 216 - high * Double(row), wide, high, wide,
              max(opacity, 0.05)))
        }
      }
      parts += [
        text(removal == .mean ? "mean removed" : "as received", left, 16),
        text("velocity, 0 in the middle", left + 80, 234),
      ]
    }
    parts.append(text("range, from 0 upwards", 480, 16))
    try write("range-doppler", parts)
  }

  @Test("Quadrature repair")
  func quadrature() throws {
    let errors = QuadratureImbalance(
      inPhaseOffset: 25, quadratureOffset: -15, gain: 1.3, phase: 0.4)
    var samples = (0...100).flatMap { index -> [Float] in
      let angle = 2 * Double.pi * Double(index) / 100
      return [
        Float(errors.inPhaseOffset + 70 * cos(angle)),
        Float(errors.quadratureOffset + 70 * errors.gain * sin(angle + errors.phase)),
      ]
    }
    func circle(around x: Double, color: String) -> String {
      path(
        (0...100).map { (x + Double(samples[2 * $0]), 124 - Double(samples[2 * $0 + 1])) },
        color: color)
    }
    var parts = [circle(around: 170, color: "#d8573b")]
    let fit = QuadratureImbalance(fitting: samples.span)
    let fitted = try #require(fit)
    var span = samples.mutableSpan
    fitted.repair(&span)
    parts.append(circle(around: 470, color: "#3b7dd8"))
    for x in [170.0, 470] {
      parts.append("<path d=\"M\(x - 130) 124h260M\(x) 14v220\" stroke=\"#888\" opacity=\"0.4\"/>")
    }
    parts += [text("as received", 60, 20), text("repaired", 360, 20)]
    try write("quadrature-repair", parts)
  }

  @Test("Micro-Doppler")
  func microDoppler() throws {
    let waveform = Waveform(
      ranging: .none, centerFrequency: 24e9, chirpInterval: 1e-3, frameInterval: 0.016,
      shape: FrameShape(chirps: 16, receivers: 1, samplesPerChirp: 1, sampleKind: .complex))
    var parts: [String] = []
    for (side, reassigns) in [false, true].enumerated() {
      var processor = MicroDopplerProcessor(
        waveform: waveform,
        configuration: MicroDopplerConfiguration(
          gate: .fixed(0..<1), window: 64, hop: 16, removesMean: false, reassigns: reassigns))
      var rows = processor.empty
      for index in 0..<64 {
        var frame = Frame(shape: waveform.shape, index: index, time: Double(index) * 0.016)
        for chirp in 0..<16 {
          let time = frame.time + Double(chirp) * 1e-3
          let angle = 4 * Double.pi / waveform.wavelength * 0.15 * sin(2 * .pi * 1.5 * time)
          frame.samples[2 * chirp] = Float(100 * cos(angle))
          frame.samples[2 * chirp + 1] = Float(100 * sin(angle))
        }
        processor.append(frame, to: &rows)
      }
      processor.finish(&rows)
      let left = 10 + 320 * Double(side)
      let strongest = rows.levels.max() ?? 0
      for row in rows.times.indices {
        for bin in 0..<64 where rows[row, bin] > strongest - 25 {
          let opacity = Double(1 + (rows[row, bin] - strongest) / 25)
          let x = left + 300 * Double(row) / Double(rows.times.count)
          parts.append(
            String(
              format: "<path d=\"M%.1f %.1fh5v3.2h-5\" fill=\"#3b7dd8\" opacity=\"%.1f\"/>", x,
              225 - 3.2 * Double(bin), max(opacity, 0.1)))
        }
      }
      parts.append(text(reassigns ? "reassigned" : "plain", left, 16))
    }
    try write("micro-doppler", parts)
  }
}

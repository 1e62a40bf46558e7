import Foundation
import Spectra
import Testing

/// Draws the figures of the articles on transforms with our own code.
///
///     SPECTRA_FIGURES=Sources/Spectra/Spectra.docc/Resources swift test --filter SpectraTests
@Suite(
  "Figures of spectra",
  .enabled(
    if: ProcessInfo.processInfo.environment["SPECTRA_FIGURES"] != nil,
    "SPECTRA_FIGURES names no folder to draw in")
)
struct FigureTests {
  private func write(_ name: String, _ parts: [String]) throws {
    let folder = try #require(ProcessInfo.processInfo.environment["SPECTRA_FIGURES"])
    let svg = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 240" font-family="sans-serif" \
      font-size="12" fill="#777">
      \(parts.joined(separator: "\n"))
      </svg>

      """
    try svg.write(
      to: URL(filePath: folder).appending(path: "\(name).svg"), atomically: true, encoding: .utf8)
  }

  private func text(_ text: String, _ x: Int, _ y: Int, color: String = "#777") -> String {
    "<text x=\"\(x)\" y=\"\(y)\" fill=\"\(color)\">\(text)</text>"
  }

  @Test("A frequency that rises, and one that comes and goes")
  func shortTime() throws {
    let count = 2048
    let signal = (0..<count).flatMap { index -> [Float] in
      let time = Double(index) / Double(count)
      let rising = 2 * Double.pi * Double(count) * (-0.4 * time + 0.4 * time * time)
      let steady = 2 * Double.pi * 0.25 * Double(index)
      let share = cos(4 * .pi * time) > 0 ? 0.5 : 0
      return [Float(cos(rising) + share * cos(steady)), Float(sin(rising) + share * sin(steady))]
    }
    var transform = ShortTimeTransform(window: 64, hop: 32)
    var levels: [Float] = []
    let validity = [Bool](repeating: true, count: count)
    transform.append(signal.span, validity: validity.span, levels: &levels) { _ in }
    let rows = levels.count / 64
    let strongest = levels.max() ?? 0
    var parts = [text("frequency, 0 in the middle", 10, 14), text("time", 600, 236)]
    for row in 0..<rows {
      for bin in 0..<64 where levels[row * 64 + bin] > strongest - 30 {
        let opacity = Double(1 + (levels[row * 64 + bin] - strongest) / 30)
        parts.append(
          String(
            format: "<path d=\"M%.1f %.1fh10v3.2h-10\" fill=\"#3b7dd8\" opacity=\"%.2f\"/>",
            10 + 620 * Double(row) / Double(rows), 222 - 3.2 * Double(bin), max(opacity, 0.05)))
      }
    }
    try write("short-time", parts)
  }

  @Test("How far tapers leak")
  func tapers() throws {
    let (count, length) = (64, 2048)
    let colors = ["#888", "#3b7dd8", "#d8573b", "#3ba55c"]
    var parts = [text("0 dB", 4, 24), text("−100 dB", 4, 220), text("bins, 0 to 16", 540, 236)]
    for (index, taper) in [
      Taper(.rectangular), Taper(.hann), Taper(.blackman), Taper(.kaiser(beta: 8)),
    ].enumerated() {
      let plan = FourierPlan([.init(length: length, inputStride: 1, outputStride: 1)])
      let weights = taper.weights(count: count)
      let padded: [Float] = (0..<length).flatMap { index -> [Float] in
        [index < count ? weights[index] : 0, 0]
      }
      var samples = AlignedBuffer<Float>(padded)
      var spectrum = AlignedBuffer<Float>(repeating: 0, count: 2 * length)
      plan.transform(&samples, into: &spectrum)
      let powers = (0..<16 * length / count).map { bin in
        spectrum.span[2 * bin] * spectrum.span[2 * bin]
          + spectrum.span[2 * bin + 1] * spectrum.span[2 * bin + 1]
      }
      let steps = powers.enumerated().map { bin, power in
        let level = max(Double(decibels(power: power / powers[0], floor: 1e-10)), -100)
        return String(format: "%.1f %.1f", 50 + 580 * Double(bin) / 512, 20 - 2 * level)
      }.joined(separator: "L")
      parts.append("<path d=\"M\(steps)\" fill=\"none\" stroke=\"\(colors[index])\"/>")
      parts.append(text("\(taper)", 500, 20 + 16 * index, color: colors[index]))
    }
    try write("tapers", parts)
  }
}

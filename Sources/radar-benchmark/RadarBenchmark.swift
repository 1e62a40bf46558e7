import ArgumentParser
import Foundation

@main
struct RadarBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "radar-benchmark",
    abstract: "Measure how fast the package is on this machine.",
    discussion: """
      Every measurement is repeated for about a second after a warm-up; the median and the tenth \
      and ninetieth percentiles are printed in microseconds. Compare figures of one run only, on a \
      machine that does nothing else.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Option(help: "Measure only what matches this regular expression: bench, or bench:workload.")
  var filter = ""

  @Option(help: "How results are printed: text for people, json for programs (one object a line).")
  var format = Format.text

  mutating func run() throws {
    let pattern = try Regex(filter)
    let benches =
      rangeDopplerBenches() + spectrogramBenches() + decodingBenches() + networkBenches()
      + kernelBenches() + retrievalBenches() + gestureBenches() + [pointGraphBench()]
    for bench in benches where "\(bench.name):\(bench.workload)".contains(pattern) {
      let measurement = bench.measure()
      switch format {
      case .json:
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(measurement), as: UTF8.self))
      case .text:
        let times = [measurement.median_us, measurement.p10, measurement.p90]
          .map { String(format: "%10.1f", $0) }.joined()
        let name = "\(bench.name) \(bench.workload)"
        let rate = measurement.extra.gflops.map { String(format: "%8.1f GFLOP/s", $0) } ?? ""
        print(
          "\(name) ×\(measurement.threads)".padding(toLength: 32, withPad: " ", startingAt: 0)
            + times + " µs" + rate)
      }
    }
  }
}

import Foundation

/// One measurement as its line of JSON.
struct Measurement: Encodable {
  struct Extra: Encodable {
    var peak_rss_mb: Double
    var n: Int
    var p99: Double
    var gflops: Double?
    var real_time: Double?
  }

  var bench: String
  var impl = "doppler-gestures"
  var workload: String
  var threads: Int
  var median_us: Double
  var p10: Double
  var p90: Double
  var extra: Extra
}

/// Something whose time can be measured.
struct Bench {
  var name: String
  var workload: String
  var threads = 1

  /// The floating-point operations of one run, if they are worth counting.
  var operations: Double?

  /// How long what is worked on took to record, in seconds, if it is worth comparing.
  var recorded: Double?

  /// The pieces of work in a call: times are those of one.
  var divisor = 1.0

  /// Prepares the work, and hands out what is to be timed.
  var prepare: () -> () -> Void

  /// Runs the work for about a second, after a tenth of one to warm up.
  func measure() -> Measurement {
    let work = prepare()
    let clock = ContinuousClock()
    let warm = clock.now + .milliseconds(100)
    repeat { work() } while clock.now < warm
    var times: [Double] = []
    let end = clock.now + .seconds(1)
    repeat {
      let time = clock.measure { work() }
      times.append(
        (Double(time.components.attoseconds) / 1e12 + Double(time.components.seconds) * 1e6)
          / divisor)
    } while clock.now < end || times.count < 5
    times.sort()
    let median = times[times.count / 2]
    return Measurement(
      bench: name, workload: workload, threads: threads, median_us: median,
      p10: times[times.count / 10], p90: times[times.count * 9 / 10],
      extra: .init(
        peak_rss_mb: peakMemory(), n: times.count, p99: times[times.count * 99 / 100],
        gflops: operations.map { $0 / median / 1e3 }, real_time: recorded.map { $0 * 1e6 / median })
    )
  }
}

/// The most memory this process has had resident, in megabytes.
private func peakMemory() -> Double {
  var usage = rusage()
  #if canImport(Glibc)
    guard unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
    return Double(usage.ru_maxrss) / 1024
  #else
    guard unsafe getrusage(RUSAGE_SELF, &usage) == 0 else { return 0 }
    return Double(usage.ru_maxrss) / 1_048_576
  #endif
}

/// Numbers that look random, the same on every run, between −`scale` and `scale`.
func noise(_ count: Int, scale: Float) -> [Float] {
  var state: UInt32 = 1
  return (0..<count).map { _ in
    state = state &* 1_664_525 &+ 1_013_904_223
    return (Float(state >> 8) / Float(1 << 23) - 1) * scale
  }
}

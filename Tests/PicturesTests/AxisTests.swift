import Pictures
import Testing

@Suite("An axis")
struct AxisTests {
  @Test("Its ticks are round, evenly spaced, within it, and neither too many nor too few")
  func laws() throws {
    for lower in [-1234.5, -7.3, -0.02, 0, 0.3, 99.9, 1e6] {
      for length in [1e-3, 0.4, 1, 3.7, 60, 86_400, 4e7] {
        for limit in 2...15 {
          let upper = lower + length
          let ticks = PictureAxis.ticks(from: lower, to: upper, atMost: limit)
          #expect(ticks.count <= limit)
          // The next closer step is at most two and a half times as close.
          #expect(Double(ticks.count) >= (Double(limit) / 2.5 - 1.5).rounded(.down))
          for tick in ticks {
            #expect(tick.value >= lower - 1e-6 * length && tick.value <= upper + 1e-6 * length)
            let written = try #require(Double(tick.label.replacing("−", with: "-")))
            #expect(abs(written - tick.value) <= 1e-9 * max(abs(tick.value), length))
          }
          for (a, b) in zip(ticks.dropFirst(), ticks.dropFirst(2)) {
            let step = ticks[1].value - ticks[0].value
            #expect(abs(b.value - a.value - step) <= 1e-9 * max(abs(b.value), length))
          }
          #expect(Set(ticks.map(\.label)).count == ticks.count)
        }
      }
    }
  }

  @Test("Its ticks are written as people write them")
  func labels() {
    func labels(_ lower: Double, _ upper: Double, _ limit: Int) -> [String] {
      PictureAxis.ticks(from: lower, to: upper, atMost: limit).map(\.label)
    }
    #expect(labels(-1, 1, 5) == ["−1.0", "−0.5", "0.0", "0.5", "1.0"])
    #expect(labels(0, 10, 6) == ["0", "2", "4", "6", "8", "10"])
    #expect(labels(0, 10, 5) == ["0.0", "2.5", "5.0", "7.5", "10.0"])
    #expect(labels(-0.05, 0.05, 3) == ["−0.05", "0.00", "0.05"])
    #expect(labels(0, 4500, 5) == ["0", "1000", "2000", "3000", "4000"])
    #expect(labels(-57, -3, 4) == ["−40", "−20"])
  }

  @Test("Its cells fill it")
  func cells() {
    let axis = PictureAxis(title: "range (m)", unit: "m", count: 4, first: 0.5, step: 0.25)
    #expect(axis.lower == 0.375 && axis.upper == 1.375)
    #expect(axis.value(at: 3) == 1.25)
    #expect(axis.share(of: axis.lower) == 0 && axis.share(of: axis.upper) == 1)
  }
}

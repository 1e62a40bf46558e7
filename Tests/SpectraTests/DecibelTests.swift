import RealModule
import Spectra
import Testing

@Suite("Decibels")
struct DecibelTests {
  @Test("Levels made sixteen at a time are within 3e-5 dB of exact ones")
  func accuracy() {
    var powers: [Float] = []
    var bits = Float.leastNormalMagnitude.bitPattern
    while bits < Float.infinity.bitPattern {
      powers.append(Float(bitPattern: bits))
      bits += 19_937
    }
    var levels = powers
    var span = levels.mutableSpan
    convertToDecibels(&span, floor: .leastNormalMagnitude)
    var worst = 0.0
    for (power, level) in zip(powers, levels) {
      worst = max(worst, abs(Double(level) - 10 * Double.log10(Double(power))))
    }
    #expect(powers.count > 100_000)
    #expect(worst < 3e-5)
  }

  @Test("Silence, and what is no number, has the level of the floor")
  func silence() {
    var powers: [Float] = [0, -1, .nan, 1e-30, 1, 100]
    var span = powers.mutableSpan
    convertToDecibels(&span)
    #expect(zip(powers, [-200, -200, -200, -200, 0, 20]).allSatisfy { abs($0 - $1) < 1e-4 })
  }
}

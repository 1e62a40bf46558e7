import Pictures
import RealModule
import Testing

@Suite("The colour map")
struct ColorMapTests {
  /// The lightness of a colour as people see it, from 0 to 100 (CIE 1976).
  private func lightness(_ color: PixelColor) -> Double {
    func linear(_ component: UInt8) -> Double {
      let share = Double(component) / 255
      return share <= 0.04045 ? share / 12.92 : .pow((share + 0.055) / 1.055, 2.4)
    }
    let luminance =
      0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue)
    return luminance > 0.008856 ? 116 * .root(luminance, 3) - 16 : 903.3 * luminance
  }

  @Test("Is perceptually even: equal steps of the level are equal steps of lightness")
  func even() {
    let steps = (0...20).map { lightness(ColorMap.viridis.color(at: Float($0) / 20)) }
    #expect(steps[20] - steps[0] > 70)
    for (index, value) in steps.enumerated() {
      let line = steps[0] + (steps[20] - steps[0]) * Double(index) / 20
      #expect(abs(value - line) < 2, "\(index)")
    }
    #expect(zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test("Ends at its ends, and shows what is no number as blank")
  func ends() {
    let map = ColorMap.viridis
    #expect(map.color(at: -.infinity) == map.colors.first)
    #expect(map.color(at: 7) == map.colors.last)
    #expect(map.color(at: .nan) == map.blank)
    #expect(!map.colors.contains(map.blank))
  }
}

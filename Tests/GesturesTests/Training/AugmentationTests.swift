import Autodiff
import Gestures
import Radar
import RealModule
import Testing

@Suite("Augmentation")
struct AugmentationTests {
  private func grid(_ quantities: [FeatureGrid.Quantity]) -> FeatureGrid {
    FeatureGrid(
      timeStep: 0.02, steps: 8, maximumVelocity: 2, velocityBins: 4, quantities: quantities,
      floorLevel: 0, levelScale: 20)
  }

  /// A window with one echo in every step, in the velocity bin `bin`.
  private func window(
    _ grid: FeatureGrid, bin: Int, level: Float, place: Float
  ) -> [Float] {
    var window = [Float](repeating: 0, count: grid.steps * grid.featuresPerStep)
    for step in 0..<grid.steps {
      let cell = step * grid.featuresPerStep + bin * grid.channels
      window[cell] = level
      for channel in 1..<grid.channels { window[cell + channel] = place }
    }
    return window
  }

  @Test("Two echoes of equal power make one of three decibels more")
  func equalEchoes() {
    let grid = grid([.power, .range])
    var mixed = window(grid, bin: 1, level: 2, place: 0.3)
    Augmentation.add(
      echoesOf: window(grid, bin: 1, level: 2, place: 0.7), to: &mixed, grid: grid)
    let gain = (mixed[grid.channels] - 2) * Float(grid.levelScale)
    #expect(abs(gain - 10 * .log10(2)) < 1e-3)
    #expect(mixed[grid.channels + 1] == 0.3)
  }

  @Test("Echoes at other velocities stand beside each other, and silence adds nothing")
  func distinctEchoes() {
    let grid = grid([.power, .range])
    let hand = window(grid, bin: 1, level: 2, place: 0.3)
    let other = window(grid, bin: 3, level: 1, place: 0.7)
    var mixed = hand
    Augmentation.add(echoesOf: other, to: &mixed, grid: grid)
    for index in mixed.indices { #expect(abs(mixed[index] - hand[index] - other[index]) < 1e-5) }
    var alone = hand
    Augmentation.add(echoesOf: hand.map { _ in 0 }, to: &alone, grid: grid)
    #expect(alone == hand)
  }

  @Test("The stronger echo tells the place, and hides one of a hundredth of its power")
  func strongerEcho() {
    let grid = grid([.power, .range])
    var mixed = window(grid, bin: 1, level: 1, place: 0.3)
    let strong = window(grid, bin: 1, level: 2, place: 0.7)
    Augmentation.add(echoesOf: strong, to: &mixed, grid: grid)
    #expect(mixed[grid.channels + 1] == 0.7)
    #expect(abs(mixed[grid.channels] - 2) * Float(grid.levelScale) < 10 * .log10(1.01))
  }

  @Test("A receiver that falls silent takes one direction with it, and its share of the power")
  func silentReceiver() {
    let grid = grid([.power, .range, .horizontal, .vertical])
    let whole = window(grid, bin: 2, level: 2, place: 0.5)
    let cell = 2 * grid.channels
    var lost: Set<Int> = []
    for seed in 0..<20 {
      var generator = SeededGenerator(seed: UInt64(seed))
      var window = whole
      Augmentation.loseReceiver(of: &window, grid: grid, using: &generator)
      #expect(window[cell + 1] == 0.5)
      let silent = [2, 3].filter { window[cell + $0] == 0 }
      #expect(silent.count == 1)
      lost.formUnion(silent)
      // Two of three receivers are left.
      let fall = (2 - window[cell]) * Float(grid.levelScale)
      #expect(abs(fall - 10 * .log10(1.5)) < 1e-3)
    }
    #expect(lost == [2, 3])
  }

  @Test("A radar of one receiver has none to lose")
  func onlyReceiver() {
    let grid = grid([.power, .range])
    let whole = window(grid, bin: 2, level: 2, place: 0.5)
    var generator = SeededGenerator(seed: 1)
    var window = whole
    Augmentation.loseReceiver(of: &window, grid: grid, using: &generator)
    #expect(window == whole)
  }
}

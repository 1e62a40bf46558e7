import Radar
import RealModule
import Spectra
import Testing

@Suite("Quadrature imbalance")
struct QuadratureTests {
  /// What a receiver with errors sees of an echo that turns by `turns` over `count` samples.
  private func samples(
    _ imbalance: QuadratureImbalance, turns: Double, count: Int, noise: Double = 0
  ) -> [Float] {
    var state: UInt64 = 1
    func random() -> Double {
      // The sum of uniform numbers, which is near enough to a normal one.
      (0..<12).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 33) / Double(1 << 31)
      }.reduce(-6, +)
    }
    return (0..<count).flatMap { index -> [Float] in
      let angle = 2 * Double.pi * turns * Double(index) / Double(count)
      let inPhase = imbalance.inPhaseOffset + 500 * .cos(angle) + noise * random()
      let quadrature =
        imbalance.quadratureOffset + 500 * imbalance.gain * .sin(angle + imbalance.phase)
        + noise * random()
      return [Float(inPhase), Float(quadrature)]
    }
  }

  /// The power at the frequency of the echo over that at its mirror image, in decibels.
  private func imageRejection(_ samples: [Float], turns: Int) -> Double {
    func power(_ frequency: Int) -> Double {
      var sum = SIMD2<Double>.zero
      for index in 0..<samples.count / 2 {
        let angle = -2 * Double.pi * Double(frequency * index) / Double(samples.count / 2)
        let value = SIMD2(Double(samples[2 * index]), Double(samples[2 * index + 1]))
        sum += SIMD2(
          value.x * .cos(angle) - value.y * .sin(angle),
          value.x * .sin(angle) + value.y * .cos(angle))
      }
      return (sum * sum).sum()
    }
    return 10 * .log10(power(turns) / power(-turns))
  }

  private let imbalance = QuadratureImbalance(
    inPhaseOffset: 120, quadratureOffset: -75, gain: 1.1, phase: 10 * .pi / 180)

  @Test("Ten percent and ten degrees are repaired to an image below −40 dB, noise and all")
  func rejection() throws {
    var samples = samples(imbalance, turns: 37, count: 2048, noise: 5)
    #expect(imageRejection(samples, turns: 37) < 21)
    let fit = QuadratureImbalance(fitting: samples.span)
    let fitted = try #require(fit)
    var span = samples.mutableSpan
    fitted.repair(&span)
    #expect(imageRejection(samples, turns: 37) > 45)
    let mean = samples.reduce(0, +) / Float(samples.count)
    #expect(abs(mean) < 1)
  }

  @Test("Half a turn without noise tells all errors", arguments: [0.5, 0.7, 1, 3.3])
  func errors(turns: Double) throws {
    let samples = samples(imbalance, turns: turns, count: 400)
    let fit = QuadratureImbalance(fitting: samples.span)
    let fitted = try #require(fit)
    #expect(abs(fitted.inPhaseOffset - 120) < 0.05)
    #expect(abs(fitted.quadratureOffset + 75) < 0.05)
    #expect(abs(fitted.gain - 1.1) < 1e-4)
    #expect(abs(fitted.phase - 10 * .pi / 180) < 1e-4)
  }

  @Test("A frame is repaired where it was received")
  func frame() {
    let shape = FrameShape(chirps: 2, receivers: 1, samplesPerChirp: 8, sampleKind: .complex)
    var frame = Frame(shape: shape)
    let ideal = samples(QuadratureImbalance(), turns: 1, count: 8)
    frame.samples = samples(imbalance, turns: 1, count: 8) + [Float](repeating: 0, count: 16)
    frame.validity[1] = false
    imbalance.repair(&frame)
    #expect(zip(frame.samples, ideal).allSatisfy { abs($0 - $1) < 1e-2 })
    #expect(frame.samples[16...].allSatisfy { $0 == 0 })
  }

  @Test("What is no ellipse has no fit")
  func noEllipse() {
    let line = (0..<20).flatMap { [Float($0), 2 * Float($0)] }
    let constant = [Float](repeating: 3, count: 40)
    let undefined = [Float](repeating: .nan, count: 40)
    let few: [Float] = [1, 0, 0, 1, -1, 0, 0, -1, 1, 1]
    for samples in [line, constant, undefined, few] {
      let fit = QuadratureImbalance(fitting: samples.span)
      #expect(fit == nil)
    }
  }
}

import Autodiff
import RealModule
import Testing

@Suite("Fourier transform")
struct FourierTests {
  /// The sum that defines the transform of interleaved parts.
  private func definition(_ parts: [Double], sign: Double) -> [Double] {
    let length = parts.count / 2
    return (0..<length).flatMap { bin in
      (0..<length).reduce(into: [0.0, 0]) { sum, sample in
        let angle = sign * 2 * Double.pi * Double(bin * sample % length) / Double(length)
        let (x, y) = (parts[2 * sample], parts[2 * sample + 1])
        sum[0] += x * .cos(angle) - y * .sin(angle)
        sum[1] += x * .sin(angle) + y * .cos(angle)
      }
    }
  }

  @Test(
    "Any length follows the definition, forward and backward",
    arguments: [1, 2, 3, 4, 5, 7, 8, 12, 16, 17, 30, 64, 97, 100])
  func lengths(length: Int) {
    var generator = SeededGenerator(seed: UInt64(length))
    let signal = ComplexTensor(parts: generator.tensor([length, 2]))
    for (direction, sign) in [(FourierDirection.forward, -1.0), (.backward, 1)] {
      let spectrum = signal.fourierTransformed(direction)
      let expected = definition(signal.parts.elements, sign: sign)
      for (a, b) in zip(spectrum.parts.elements, expected) { #expect(abs(a - b) < 1e-12) }
    }
    let real = signal.real.fourierTransformed()
    let whole = ComplexTensor(real: signal.real).fourierTransformed()
    #expect(real.shape == [length / 2 + 1])
    for (a, b) in zip(real.parts.elements, whole.parts.elements) { #expect(abs(a - b) < 1e-12) }
    let back = real.realSignal(length: length) / Double(length)
    for (a, b) in zip(back.elements, signal.real.elements) { #expect(abs(a - b) < 1e-13) }
  }

  @Test("Single precision keeps its digits")
  func singlePrecision() {
    var generator = SeededGenerator(seed: 1)
    let signal = generator.tensor([2, 100, 2])
    let single = ComplexTensor(
      parts: Tensor(signal.elements.map(Float.init), shape: signal.shape))
    let pairs = zip(
      single.fourierTransformed().parts.elements,
      ComplexTensor(parts: signal).fourierTransformed().parts.elements)
    for (a, b) in pairs { #expect(abs(Double(a) - b) < 3e-6) }
  }

  @Test("The power is kept, as Parseval has it")
  func parseval() {
    var generator = SeededGenerator(seed: 2)
    let signal = ComplexTensor(parts: generator.tensor([3, 15, 2]))
    let power = signal.squaredMagnitude().sum(over: [1]) * 15
    let bins = signal.fourierTransformed().squaredMagnitude().sum(over: [1])
    for (a, b) in zip(power.elements, bins.elements) { #expect(abs(a - b) < 1e-10) }
  }

  @Test("Transforms along any axis have the derivatives of differences", arguments: 2...9)
  func derivatives(length: Int) {
    var generator = SeededGenerator(seed: UInt64(length))
    for axis in 0..<2 {
      let shape = axis == 0 ? [length, 2] : [2, length]
      expectDerivatives(of: "complex transform", at: [generator.tensor(shape + [2])]) {
        ComplexTensor(parts: $0[0]).fourierTransformed(along: axis).parts
      }
      expectDerivatives(of: "real transform", at: [generator.tensor(shape)]) {
        $0[0].fourierTransformed(along: axis).parts
      }
      var half = shape
      half[axis] = length / 2 + 1
      expectDerivatives(of: "real backward transform", at: [generator.tensor(half + [2])]) {
        ComplexTensor(parts: $0[0]).realSignal(length: length, along: axis)
      }
    }
  }

  @Test("Complex arithmetic, magnitude and decibels have the derivatives of differences")
  func arithmetic() {
    var generator = SeededGenerator(seed: 5)
    let (a, b) = (generator.tensor([2, 3, 2]), generator.tensor([3, 2]))
    expectDerivatives(of: "product", at: [a, b]) {
      (ComplexTensor(parts: $0[0]) * ComplexTensor(parts: $0[1]).conjugated).parts
    }
    expectDerivatives(of: "sum and difference", at: [a, b]) {
      let (a, b) = (ComplexTensor(parts: $0[0]), ComplexTensor(parts: $0[1]))
      return (a + b * Tensor([1.0, 2, 3]) - a * a).parts
    }
    expectDerivatives(of: "magnitude", at: [a]) { ComplexTensor(parts: $0[0]).magnitude() }
    expectDerivatives(of: "decibels", at: [a]) {
      ComplexTensor(parts: $0[0]).decibels(floor: -200)
    }
    let large = ComplexTensor(parts: Tensor([Float(3e30), 4e30], shape: [1, 2])).magnitude()
    #expect(abs(large.elements[0] / 5e30 - 1) < 1e-6)
  }

  @Test("A gradient flows from a range–Doppler map in decibels back to the samples and the taper")
  func frontEnd() {
    var generator = SeededGenerator(seed: 9)
    let samples = generator.tensor([4, 6, 2])
    let taper = generator.tensor([6])
    expectDerivatives(of: "front end", at: [samples, taper]) { inputs in
      let profiles = (ComplexTensor(parts: inputs[0]) * (inputs[1] + 2)).fourierTransformed()
      let moving = profiles - ComplexTensor(parts: profiles.parts.mean(over: [0], keepsAxes: true))
      let map = moving.fourierTransformed(along: 0).decibels(floor: -60)
      // The clutter filter empties zero Doppler, which rests on the floor.
      return map.sliced(1..<4, along: 0)
    }
  }
}

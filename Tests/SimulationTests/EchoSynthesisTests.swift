import Foundation
import Radar
import Simulation
import Testing

@Suite("Echo synthesis")
struct EchoSynthesisTests {
  /// The first frame of scatterers that stand still.
  private func frame(_ radar: SimulatedRadar, _ scatterers: Scatterer...) -> Frame {
    var frame = Frame(shape: radar.waveform.shape)
    EchoSynthesis(waveform: radar.waveform).fill(&frame) { _ in scatterers }
    return frame
  }

  /// One complex sample.
  private func sample(
    _ frame: Frame, chirp: Int = 0, receiver: Int = 0, sample: Int = 0
  ) -> (real: Double, imaginary: Double) {
    let shape = frame.shape
    let place = 2 * ((chirp * shape.receivers + receiver) * shape.samplesPerChirp + sample)
    return (Double(frame.samples[place]), Double(frame.samples[place + 1]))
  }

  private func phase(_ value: (real: Double, imaginary: Double)) -> Double {
    atan2(value.imaginary, value.real)
  }

  /// The difference of two angles, between −π and π.
  private func difference(_ a: Double, _ b: Double) -> Double {
    (a - b).remainder(dividingBy: 2 * .pi)
  }

  @Test("The phase grows by 4π over a wavelength of range", arguments: [SimulatedRadar.cw5, .cw24])
  func carrierPhase(radar: SimulatedRadar) {
    let wavelength = radar.waveform.wavelength
    let near = frame(radar, Scatterer(position: SIMD3(0, 0, 0.5), amplitude: 100))
    let far = frame(
      radar, Scatterer(position: SIMD3(0, 0, 0.5 + wavelength / 8), amplitude: 100))
    #expect(abs(difference(phase(sample(far)), phase(sample(near))) - .pi / 2) < 1e-3)
  }

  @Test("The beat of a chirp has the frequency of its range", arguments: [3.0, 7.5, 20])
  func beat(bins: Double) {
    let radar = SimulatedRadar.fmcw77
    let range = bins * (radar.waveform.rangeResolution ?? 0)
    let echo = frame(radar, Scatterer(position: SIMD3(0, 0, range), amplitude: 1000))
    for index in 1..<64 {
      let step = difference(
        phase(sample(echo, sample: index)), phase(sample(echo, sample: index - 1)))
      #expect(abs(difference(step, 2 * .pi * bins / 64)) < 1e-3)
    }
  }

  @Test("A receiver sees a path that is shorter by its place times the direction")
  func directions() {
    let radar = SimulatedRadar.fmcw77
    let position = SIMD3(0.2, 0.1, 0.6)
    let echo = frame(radar, Scatterer(position: position, amplitude: 1000))
    let range = (position * position).sum().squareRoot()
    // Half a wavelength to the right: a phase of −π times the direction cosine.
    let expected = -Double.pi * position.x / range
    for receiver in 1..<4 {
      let step = difference(
        phase(sample(echo, receiver: receiver)), phase(sample(echo, receiver: receiver - 1)))
      #expect(abs(difference(step, expected)) < 1e-3)
    }
  }

  @Test("Power falls by 12 dB when the distance doubles")
  func distance() {
    func level(_ range: Double) -> Double {
      let value = sample(
        frame(.cw5, Scatterer(position: SIMD3(0, 0, range), amplitude: 100)))
      return 10 * log10(value.real * value.real + value.imaginary * value.imaginary)
    }
    #expect(abs(level(0.4) - level(0.8) - 12.04) < 0.01)
  }

  @Test("A pulse is strongest where the sensor samples the range of the scatterer")
  func pulse() {
    let echo = frame(.pulsed60, Scatterer(position: SIMD3(0, 0, 0.14), amplitude: 10))
    let levels = (0..<6).map { index -> Double in
      let value = sample(echo, sample: index)
      return value.real * value.real + value.imaginary * value.imaginary
    }
    #expect(levels.firstIndex(of: levels.max() ?? 0) == 3)
  }

  @Test("Real samples are the real part of complex ones")
  func realSamples() {
    var complex = SimulatedRadar.fmcw60.waveform
    complex.shape.sampleKind = .complex
    let scatterer = Scatterer(position: SIMD3(0.1, 0, 0.5), amplitude: 500)
    var whole = Frame(shape: complex.shape)
    EchoSynthesis(waveform: complex).fill(&whole) { _ in [scatterer] }
    let half = frame(.fmcw60, scatterer)
    for index in half.samples.indices { #expect(half.samples[index] == whole.samples[2 * index]) }
  }
}

import ComplexModule
import Radar
import RealModule
import Simulation
import Testing

@Suite("The accuracy of angles")
struct AngleAccuracyTests {
  /// The root of the mean squared error of the sines over `trials`.
  private func deviation(
    _ bound: AngleGolden.Bound, method: AngleMethod, trials: Int
  ) -> Double {
    let array = AntennaArray(positions: bound.positions.map { SIMD2($0, 0) }, wavelength: 1)
    let estimator = AngleEstimator(array: array, count: 61)
    var generator = TestGenerator(seed: 77)
    var sum = 0.0
    for _ in 0..<trials {
      var covariance = SpatialCovariance(channels: array.count)
      for _ in 0..<bound.snapshots {
        covariance.add(
          snapshot(
            array, sines: bound.sines, amplitude: bound.power.squareRoot(), using: &generator))
      }
      let found = estimator.azimuths(of: covariance, by: method, count: bound.sines.count)
        .map { Double.sin($0) }.sorted()
      guard found.count == bound.sines.count else { return .infinity }
      for (sine, truth) in zip(found, bound.sines) { sum += (sine - truth) * (sine - truth) }
    }
    return (sum / Double(trials * bound.sines.count)).squareRoot()
  }

  private func bound(_ name: String) throws -> AngleGolden.Bound {
    let golden = try RadarTests.golden("angles", as: AngleGolden.self)
    return try #require(golden.bounds.first { $0.name == name })
  }

  @Test(
    "One echo at 20 dB: every method is within 1.15 of the Cramér–Rao bound",
    arguments: [AngleMethod.bartlett, .capon(loading: 0.1), .music(sources: 1)])
  func one(method: AngleMethod) throws {
    let bound = try bound("one")
    let factor = deviation(bound, method: method, trials: 400) / bound.deviation
    // 400 trials measure a deviation to 3.5 %; less than the bound would be a wrong bound.
    #expect(factor > 0.88 && factor < 1.15, "\(method): \(factor)")
  }

  @Test("Two echoes at 20 dB: MUSIC is within 1.2 of the Cramér–Rao bound")
  func pair() throws {
    let bound = try bound("pair")
    let factor = deviation(bound, method: .music(sources: 2), trials: 120) / bound.deviation
    #expect(factor > 0.85 && factor < 1.2, "\(factor)")
  }

  @Test("Two antennas: the phase is within 1.15 of the Cramér–Rao bound")
  func twoAntennas() throws {
    let bound = try bound("two antennas")
    let array = AntennaArray(positions: bound.positions.map { SIMD2($0, 0) }, wavelength: 1)
    var generator = TestGenerator(seed: 3)
    var sum = 0.0
    for _ in 0..<2000 {
      let values = snapshot(
        array, sines: bound.sines, amplitude: bound.power.squareRoot(), using: &generator)
      let found = azimuth(
        phaseDifference: (values[1] * values[0].conjugate).phase, spacing: 0.5, wavelength: 1)
      let error = try Double.sin(#require(found)) - bound.sines[0]
      sum += error * error
    }
    let factor = (sum / 2000).squareRoot() / bound.deviation
    #expect(factor > 0.9 && factor < 1.15, "\(factor)")
  }

  @Test(
    "A scatterer stands at its range and angle in the range–angle map",
    arguments: [AngleMethod.bartlett, .capon(loading: 0.01), .music(sources: 1)])
  func map(method: AngleMethod) {
    let waveform = SimulatedRadar.fmcw77.waveform
    let azimuth = -0.4
    let range = 0.8
    var frame = Frame(shape: waveform.shape)
    EchoSynthesis(waveform: waveform).fill(&frame) { time in
      let distance = range + 1.2 * time
      return [
        Scatterer(
          position: SIMD3(distance * .sin(azimuth), 0, distance * .cos(azimuth)), amplitude: 300)
      ]
    }
    var generator = TestGenerator(seed: 1)
    for index in frame.samples.indices { frame.samples[index] += Float(generator.normals().0) }
    var processor = RangeAngleProcessor(waveform: waveform, method: method)
    var map = processor.empty
    processor.process(frame, into: &map)
    if case .music = method {
      // Pseudo-power knows direction, not strength: look along the range bin of the echo.
      let row = Int((range / (waveform.rangeResolution ?? 1)).rounded())
      let column = map.azimuths.indices.max { map[row, $0] < map[row, $1] } ?? 0
      #expect(abs(map.azimuths[column] - azimuth) < 0.03)
    } else {
      #expect(abs((waveform.range(ofBin: map.peak.rangeBin) ?? 0) - range) <= 0.05)
      #expect(abs(map.azimuths[map.peak.azimuth] - azimuth) < 0.03)
    }
  }
}

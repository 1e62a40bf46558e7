import Radar
import Simulation
import Testing

@Suite("A point target")
struct PointTargetTests {
  private func frame(_ radar: SimulatedRadar, position: SIMD3<Double>, velocity: Double) -> Frame {
    var frame = Frame(shape: radar.waveform.shape)
    let direction = position / (position * position).sum().squareRoot()
    EchoSynthesis(waveform: radar.waveform).fill(&frame) { time in
      [Scatterer(position: position + velocity * time * direction, amplitude: 200)]
    }
    return frame
  }

  @Test(
    "is found at its range and velocity, sign included",
    arguments: [SimulatedRadar.fmcw60, .fmcw77, .pulsed60],
    [(0.13, -0.5), (0.16, 0.45), (0.9, -1.2), (0.6, 0.8)])
  func rangeAndVelocity(radar: SimulatedRadar, place: (range: Double, velocity: Double)) throws {
    let waveform = radar.waveform
    guard place.range < (waveform.maximumRange ?? 0) else { return }
    guard abs(place.velocity) < waveform.maximumVelocity else { return }
    var processor = RangeDopplerProcessor(waveform: waveform)
    var map = RangeDopplerMap(waveform: waveform)
    processor.process(
      frame(radar, position: SIMD3(0, 0, place.range), velocity: place.velocity), into: &map)
    let range = try #require(waveform.range(ofBin: map.peak.rangeBin))
    let velocity = waveform.velocity(ofDopplerBin: map.peak.dopplerBin)
    #expect(abs(range - place.range) <= (waveform.rangeResolution ?? 0))
    #expect(abs(velocity - place.velocity) <= waveform.velocityResolution)
  }

  @Test(
    "has its velocity, range and direction in the motion spectrum",
    arguments: [SIMD3(0.2, 0, 0.5), SIMD3(-0.15, 0.1, 0.6), SIMD3(0, -0.2, 0.7)])
  func motionSpectrum(position: SIMD3<Double>) throws {
    for radar in [SimulatedRadar.fmcw60, .fmcw77] {
      var processor = MotionSpectrumProcessor(waveform: radar.waveform)
      let velocities = processor.velocities
      let quantities = processor.quantities
      var spectra: [MotionSpectrum] = []
      processor.append(frame(radar, position: position, velocity: 1)) { spectra.append($0) }
      let values = try #require(spectra.first).values
      let peak = try #require(velocities.indices.max { values[$0] < values[$1] })
      #expect(abs(velocities[peak] - 1) <= radar.waveform.velocityResolution)
      let range = (position * position).sum().squareRoot()
      for (row, quantity) in quantities.enumerated() {
        let value = Double(values[row * velocities.count + peak])
        switch quantity {
        case .power: #expect(value > 0)
        case .range: #expect(abs(value - range) < 0.04)
        case .horizontal: #expect(abs(value - position.x / range) < 0.02)
        case .vertical: #expect(abs(value - position.y / range) < 0.02)
        }
      }
      #expect(quantities.contains(.vertical) == (radar == .fmcw60))
    }
  }
}

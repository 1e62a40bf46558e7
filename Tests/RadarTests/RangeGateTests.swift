import Radar
import Simulation
import Testing

@Suite("Range gates")
struct RangeGateTests {
  private func frame(_ radar: SimulatedRadar, ranges: [Double], velocity: Double = 0.8) -> Frame {
    var frame = Frame(shape: radar.waveform.shape)
    EchoSynthesis(waveform: radar.waveform).fill(&frame) { time in
      ranges.map {
        Scatterer(position: SIMD3(0, 0, $0 + velocity * time), amplitude: 200 * $0 * $0)
      }
    }
    return frame
  }

  private func spectrum(
    of frame: Frame, waveform: Waveform, gates: RangeGates?
  ) throws -> MotionSpectrum {
    var processor = MotionSpectrumProcessor(waveform: waveform, gates: gates)
    var spectra: [MotionSpectrum] = []
    processor.append(frame) { spectra.append($0) }
    return try #require(spectra.first)
  }

  /// The power in each gate, over all velocities.
  private func powers(_ spectrum: MotionSpectrum, _ gates: RangeGates) -> [Float] {
    let bins = spectrum.gatePowers.count / gates.count
    return (0..<gates.count).map { gate in
      spectrum.gatePowers[gate * bins..<(gate + 1) * bins].reduce(0, +)
    }
  }

  @Test(
    "A scatterer is in the gate that holds its range, and beside it there is only leakage",
    arguments: [SimulatedRadar.fmcw60, .fmcw77], [0, 1, 3, 5, 6])
  func place(radar: SimulatedRadar, gate: Int) throws {
    // Four bins to a gate: the main lobe of an echo in the middle stays within it.
    let width = 4 * (radar.waveform.rangeResolution ?? 0)
    let gates = RangeGates(start: 0.1, end: 0.1 + 7 * width, count: 7)
    let range = 0.1 + (Double(gate) + 0.5) * width
    #expect(gates.gate(ofRange: range) == gate)
    // In the middle of the frame it is there.
    let half = Double(radar.waveform.shape.chirps) * radar.waveform.chirpInterval / 2
    let velocity = 0.8
    let frame = frame(radar, ranges: [range - velocity * half], velocity: velocity)
    let spectrum = try spectrum(of: frame, waveform: radar.waveform, gates: gates)
    let powers = powers(spectrum, gates)
    for other in 0..<7 where other != gate {
      #expect(powers[other] < powers[gate] * (abs(other - gate) == 1 ? 0.02 : 1e-3))
    }
    // And at its velocity.
    let bins = radar.waveform.dopplerBins
    let row = spectrum.gatePowers[gate * bins..<(gate + 1) * bins]
    let peak = try #require(row.indices.max { row[$0] < row[$1] }) - gate * bins
    let found = radar.waveform.velocity(ofDopplerBin: peak)
    #expect(abs(found - velocity) <= radar.waveform.velocityResolution)
  }

  @Test("Two echoes of one velocity have one mean range, and a gate each")
  func twoEchoes() throws {
    let radar = SimulatedRadar.fmcw60
    let gates = RangeGates(start: 0.1, end: 0.9, count: 4)
    let frame = frame(radar, ranges: [0.2, 0.8])
    let spectrum = try spectrum(of: frame, waveform: radar.waveform, gates: gates)
    let powers = powers(spectrum, gates)
    #expect(min(powers[0], powers[3]) > 20 * max(powers[1], powers[2]))
    let bins = radar.waveform.dopplerBins
    let peak = try #require((0..<bins).max { spectrum.values[$0] < spectrum.values[$1] })
    #expect(
      gates.gate(ofRange: Double(spectrum.values[bins + peak])).map { (1...2).contains($0) } == true
    )
  }

  @Test("What lies in front of the first gate and behind the last one is in none")
  func outside() throws {
    let radar = SimulatedRadar.fmcw60
    let gates = RangeGates(start: 0.4, end: 0.7, count: 3)
    let inside = try spectrum(
      of: frame(radar, ranges: [0.55]), waveform: radar.waveform, gates: gates)
    for range in [0.2, 0.9] {
      let outside = try spectrum(
        of: frame(radar, ranges: [range]), waveform: radar.waveform, gates: gates)
      #expect(outside.gatePowers.reduce(0, +) < 1e-3 * inside.gatePowers.reduce(0, +))
    }
    #expect(gates.gate(ofRange: 0.39) == nil && gates.gate(ofRange: 0.7) == nil)
    #expect(gates.gate(ofRange: 0.4) == 0 && gates.gate(ofRange: 0.699_999) == 2)
  }

  @Test(
    "Gates over the whole axis add up to the power, however their borders fall between bins",
    arguments: [SimulatedRadar.fmcw60, .fmcw77, .pulsed60], [1, 3, 6])
  func sum(radar: SimulatedRadar, count: Int) throws {
    let waveform = radar.waveform
    let half = (waveform.rangeResolution ?? 0) / 2
    let first = try #require(waveform.range(ofBin: 0))
    let last = try #require(waveform.range(ofBin: waveform.rangeBins - 1))
    let gates = RangeGates(start: first - half, end: last + half, count: count)
    var frame = frame(radar, ranges: [0.11, 0.16, 0.6])
    for index in frame.samples.indices {
      frame.samples[index] += Float((index * 7919) % 101) / 10 - 5
    }
    let spectrum = try spectrum(of: frame, waveform: waveform, gates: gates)
    let bins = waveform.dopplerBins
    for bin in 0..<bins {
      let sum = (0..<count).reduce(Float(0)) { $0 + spectrum.gatePowers[$1 * bins + bin] }
      #expect(abs(sum - spectrum.values[bin]) <= 1e-4 * spectrum.values[bin] + 1e-6)
    }
    #expect(waveform.rangeBins(within: gates) == waveform.rangeBins)
  }

  @Test("Who does not ask for gates gets none, and the same quantities")
  func without() throws {
    for radar in [SimulatedRadar.fmcw60, .pulsed60] {
      let gates = RangeGates(start: 0.05, end: 0.2, count: 4)
      let frame = frame(radar, ranges: [0.12])
      let without = try spectrum(of: frame, waveform: radar.waveform, gates: nil)
      let with = try spectrum(of: frame, waveform: radar.waveform, gates: gates)
      #expect(without.gatePowers.isEmpty)
      #expect(with.values == without.values)
      #expect(with.gatePowers.count == 4 * radar.waveform.dopplerBins)
    }
  }

  @Test("Of a frame that is lost nothing is in any gate")
  func lostFrame() throws {
    let waveform = SimulatedRadar.fmcw60.waveform
    var frame = frame(.fmcw60, ranges: [0.5])
    frame.validity = frame.validity.map { _ in false }
    let gates = RangeGates(start: 0, end: 1, count: 5)
    let spectrum = try spectrum(of: frame, waveform: waveform, gates: gates)
    #expect(spectrum.gatePowers == [Float](repeating: 0, count: 5 * waveform.dopplerBins))
  }

  @Test("Gates need a width, and a radar with a range axis")
  func exits() async {
    #expect(SimulatedRadar.cw24.waveform.rangeBins(within: .init(start: 0, end: 1, count: 8)) == 0)
    await #expect(processExitsWith: .failure) { _ = RangeGates(start: 1, end: 1, count: 4) }
    await #expect(processExitsWith: .failure) { _ = RangeGates(start: 0, end: 1, count: 65) }
    await #expect(processExitsWith: .failure) {
      _ = MotionSpectrumProcessor(
        waveform: SimulatedRadar.cw24.waveform, gates: RangeGates(start: 0, end: 1, count: 4))
    }
  }
}

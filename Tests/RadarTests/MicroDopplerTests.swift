import Radar
import RealModule
import Testing

@Suite("Micro-Doppler")
struct MicroDopplerTests {
  private struct Golden: Decodable {
    var toleranceDecibels: Float
    var chirps: Int
    var window: Int
    var hop: Int
    var interval: Double
    var wavelength: Double
    var share: Double
    var starts: [Double]
    var validity: [[Bool]]
    var samples: [[Float]]
    var levels: [[Float]]
    var profiles: [[Double]]
    var diagram: [[Float]]
  }

  private func waveform(
    chirps: Int, samples: Int = 1, interval: Double = 1e-3, frameInterval: Double,
    wavelength: Double = 0.0125
  ) -> Waveform {
    Waveform(
      ranging: samples == 1 ? .none : .beat(bandwidth: 4e9),
      centerFrequency: speedOfLight / wavelength, chirpInterval: interval,
      frameInterval: frameInterval,
      shape: FrameShape(
        chirps: chirps, receivers: 1, samplesPerChirp: samples, sampleKind: .complex))
  }

  /// The frames of an echo with a range in metres, and an amplitude, at each time.
  private func frames(
    _ waveform: Waveform, count: Int, still: Double? = nil,
    range: (Double) -> Double, amplitude: (Double) -> Double = { _ in 100 }
  ) -> [Frame] {
    let samples = waveform.shape.samplesPerChirp
    return (0..<count).map { index in
      var frame = Frame(
        shape: waveform.shape, index: index, time: Double(index) * waveform.frameInterval)
      for chirp in 0..<waveform.shape.chirps {
        let time = frame.time + Double(chirp) * waveform.chirpInterval
        var echoes = [(range(time), amplitude(time))]
        if let still { echoes.append((still, 2000)) }
        for (range, amplitude) in echoes {
          for sample in 0..<samples {
            let beat =
              range / (waveform.rangeResolution ?? 1) * Double(sample) / Double(samples)
            let angle = 2 * Double.pi * (beat + 2 * range / waveform.wavelength)
            let place = 2 * (chirp * samples + sample)
            frame.samples[place] += Float(amplitude * .cos(angle))
            frame.samples[place + 1] += Float(amplitude * .sin(angle))
          }
        }
      }
      return frame
    }
  }

  private func spectrogram(
    _ frames: [Frame], _ waveform: Waveform, _ configuration: MicroDopplerConfiguration
  ) -> (Spectrogram, gates: [Range<Int>]) {
    var processor = MicroDopplerProcessor(waveform: waveform, configuration: configuration)
    var spectrogram = processor.empty
    for frame in frames { processor.append(frame, to: &spectrogram) }
    processor.finish(&spectrogram)
    return (spectrogram, processor.gates)
  }

  @Test("Rows across uneven gaps and lost chirps agree with NumPy's, and so does what they say")
  func golden() throws {
    let golden = try RadarTests.golden("micro_doppler", as: Golden.self)
    let waveform = waveform(
      chirps: golden.chirps, interval: golden.interval, frameInterval: 0.015,
      wavelength: golden.wavelength)
    let frames = golden.starts.indices.map { index in
      var frame = Frame(shape: waveform.shape, index: index, time: golden.starts[index])
      frame.samples = golden.samples[index]
      frame.validity = golden.validity[index]
      return frame
    }
    let (spectrogram, _) = spectrogram(
      frames, waveform,
      MicroDopplerConfiguration(gate: .fixed(0..<1), window: golden.window, hop: golden.hop))
    #expect(spectrogram.times.count == golden.levels.count)
    let strongest = golden.levels.joined().max() ?? 0
    for (row, expected) in golden.levels.enumerated() {
      for (bin, level) in expected.enumerated() where level > strongest - 60 {
        #expect(abs(spectrogram[row, bin] - level) <= golden.toleranceDecibels)
      }
    }
    for (profile, expected) in zip(
      spectrogram.motionProfiles(share: golden.share), golden.profiles)
    {
      #expect(abs(profile.time - expected[0]) < 1e-9)
      #expect(abs(profile.power / expected[1] - 1) < 0.01)
      #expect(abs(profile.envelope.lowerBound - expected[2]) < 1e-6)
      #expect(abs(profile.envelope.upperBound - expected[3]) < 1e-6)
      #expect(abs(profile.centroid - expected[4]) < 0.01)
      #expect(abs(profile.bandwidth - expected[5]) < 0.01)
    }
    let diagram = spectrogram.cadenceDiagram()
    let most = golden.diagram.joined().max() ?? 0
    #expect(diagram.count == golden.diagram.count * golden.window)
    for (value, expected) in zip(diagram, golden.diagram.joined()) {
      #expect(abs(value - expected) < 0.01 * most)
    }
  }

  @Test("Without gaps the rows are those of the plain spectrogram")
  func noGaps() {
    let waveform = waveform(chirps: 16, samples: 32, frameInterval: 0.016)
    let frames = frames(waveform, count: 12) { 0.3 + 0.9 * $0 }
    var plain = SpectrogramProcessor(
      waveform: waveform, gate: 6..<10, window: 40, hop: 12, removesMean: true)
    var expected = plain.empty
    for frame in frames { plain.append(frame, to: &expected) }
    let (rows, _) = spectrogram(
      frames, waveform, MicroDopplerConfiguration(gate: .fixed(6..<10), window: 40, hop: 12))
    #expect(rows.times.count == expected.times.count && rows.velocities == expected.velocities)
    #expect(zip(rows.times, expected.times).allSatisfy { abs($0 - $1) < 1e-9 })
    let strongest = expected.levels.max() ?? 0
    #expect(
      zip(rows.levels, expected.levels).allSatisfy {
        abs($0 - $1) < 0.01 || $1 < strongest - 80
      })
  }

  @Test(
    "A scatterer keeps its velocity and level across gaps, sign included",
    arguments: [-1.7, -0.6, 0.45, 2.2])
  func velocityAcrossGaps(velocity: Double) throws {
    let waveform = waveform(chirps: 24, samples: 16, frameInterval: 0.0313)
    let frames = frames(waveform, count: 12) { 0.15 + velocity * 0.1 * ($0 - 0.2) }
    let slow = velocity * 0.1
    let (rows, _) = spectrogram(
      frames, waveform,
      MicroDopplerConfiguration(gate: .fixed(0..<16), window: 128, hop: 16, removesMean: false))
    #expect(rows.times.count == 16)
    for row in rows.times.indices {
      let peak = try #require((0..<128).max { rows[row, $0] < rows[row, $1] })
      #expect(abs(rows.velocities[peak] - slow) <= rows.velocities[65])
    }
  }

  @Test("The gate follows what moves, not what is strong")
  func followingGate() throws {
    let waveform = waveform(chirps: 16, samples: 64, frameInterval: 0.02)
    let resolution = try #require(waveform.rangeResolution)
    let frames = frames(waveform, count: 60, still: 40 * resolution) { 10 * resolution + 0.5 * $0 }
    let (rows, gates) = spectrogram(
      frames, waveform, MicroDopplerConfiguration(gate: .following(width: 3), window: 32, hop: 20))
    #expect(gates.count == rows.times.count && gates.count > 40)
    for (gate, time) in zip(gates, rows.times) {
      let bin = (10 * resolution + 0.5 * time) / resolution
      #expect(abs(Double(gate.lowerBound + 1) - bin) <= 1.6)
    }
  }

  @Test("Reassigned power is all there, and nearer to where it belongs")
  func reassignment() throws {
    let waveform = waveform(chirps: 16, frameInterval: 0.016)
    // A velocity that grows evenly, from −1 to 1 m/s in half a second.
    let frames = frames(waveform, count: 32) { -$0 + 2 * $0 * $0 }
    var shares: [Double] = []
    var sums: [Double] = []
    for reassigns in [false, true] {
      let (rows, _) = spectrogram(
        frames, waveform,
        MicroDopplerConfiguration(
          gate: .fixed(0..<1), window: 64, hop: 4, removesMean: false, reassigns: reassigns))
      var sum = 0.0
      var near = 0.0
      for (row, time) in rows.times.enumerated() {
        for (bin, velocity) in rows.velocities.enumerated() {
          let power = Double.exp10(Double(rows[row, bin]) / 10)
          sum += power
          if abs(velocity - (4 * time - 1)) <= 0.5 * rows.velocities[33] { near += power }
        }
      }
      sums.append(sum)
      shares.append(near / sum)
    }
    #expect(abs(sums[1] / sums[0] - 1) < 1e-3)
    #expect(shares[0] < 0.6)
    #expect(shares[1] > 0.9)
  }

  @Test("A motion that comes and goes has its cadence", arguments: [1.5, 2.3, 4.1])
  func cadence(frequency: Double) throws {
    let waveform = waveform(chirps: 16, frameInterval: 0.016)
    let frames = frames(
      waveform, count: 400, range: { 0.8 * $0 },
      amplitude: { 100 * (1 + .cos(2 * .pi * frequency * $0)) })
    let (rows, _) = spectrogram(
      frames, waveform,
      MicroDopplerConfiguration(gate: .fixed(0..<1), window: 64, hop: 16, removesMean: false))
    let cadence = try #require(rows.cadence(in: 0.5...8))
    #expect(abs(cadence.frequency - frequency) < 0.05)
    #expect(cadence.strength > 0.5)
    #expect(rows.cadence(in: 20...30)?.strength ?? 0 < 0.1)
  }

  @Test("A pause between frames leaves out rows, and no others")
  func pause() {
    let waveform = waveform(chirps: 32, frameInterval: 0.032)
    var frames = frames(waveform, count: 8) { 0.5 * $0 }
    for index in 4..<8 { frames[index].time += 10 }
    let (rows, _) = spectrogram(
      frames, waveform, MicroDopplerConfiguration(gate: .fixed(0..<1), window: 32, hop: 16))
    #expect(rows.times.allSatisfy { $0 < 0.15 || $0 > 10.1 })
    #expect(rows.times.count >= 14 && rows.times.count <= 18)
  }
}

import Radar
import RealModule
import Testing

@Suite("Spectrogram processor")
struct SpectrogramProcessorTests {
  private func waveform(chirps: Int, samples: Int, interval: Double, gap: Double) -> Waveform {
    Waveform(
      ranging: samples == 1 ? .none : .beat(bandwidth: 4e9), centerFrequency: 24e9,
      chirpInterval: interval, frameInterval: Double(chirps) * interval + gap,
      shape: FrameShape(
        chirps: chirps, receivers: 1, samplesPerChirp: samples, sampleKind: .complex))
  }

  /// The frames of a scatterer at `range` that moves at `velocity`.
  private func frames(_ waveform: Waveform, range: Double, velocity: Double, count: Int) -> [Frame]
  {
    (0..<count).map { index in
      var frame = Frame(
        shape: waveform.shape, index: index, time: Double(index) * waveform.frameInterval)
      let samples = waveform.shape.samplesPerChirp
      for chirp in 0..<waveform.shape.chirps {
        let time = frame.time + Double(chirp) * waveform.chirpInterval
        let carrier = 4 * Double.pi * (range + velocity * time) / waveform.wavelength
        for sample in 0..<samples {
          let beat =
            2 * Double.pi * (range / (waveform.rangeResolution ?? 1)) * Double(sample)
            / Double(samples)
          let place = 2 * (chirp * samples + sample)
          frame.samples[place] = Float(1000 * Double.cos(carrier + beat))
          frame.samples[place + 1] = Float(1000 * Double.sin(carrier + beat))
        }
      }
      return frame
    }
  }

  @Test(
    "A moving scatterer stands at its velocity, sign included", arguments: [-1.5, -0.4, 0.8, 2])
  func velocity(velocity: Double) throws {
    for (chirps, samples, gap) in [(40, 1, 0.0), (64, 16, 0.005)] {
      let waveform = waveform(chirps: chirps, samples: samples, interval: 1e-3, gap: gap)
      var processor = SpectrogramProcessor(waveform: waveform, window: 32, hop: 8)
      var spectrogram = processor.empty
      for frame in frames(waveform, range: 0.3, velocity: velocity, count: 5) {
        processor.append(frame, to: &spectrogram)
      }
      let rows = gap == 0 ? (200 - 32) / 8 + 1 : 5 * 5
      #expect(spectrogram.times.count == rows)
      let width = spectrogram.velocities.count
      for row in 0..<rows {
        let peak = try #require((0..<width).max { spectrogram[row, $0] < spectrogram[row, $1] })
        #expect(
          abs(spectrogram.velocities[peak] - velocity)
            <= spectrogram.velocities[1] - spectrogram.velocities[0])
      }
    }
  }

  @Test("A gate away from the scatterer hears little of it")
  func gate() throws {
    let waveform = waveform(chirps: 64, samples: 32, interval: 1e-3, gap: 0)
    let bin = 8
    let range = try #require(waveform.range(ofBin: bin))
    var levels: [Float] = []
    for gate in [bin..<bin + 1, 20..<21] {
      var processor = SpectrogramProcessor(waveform: waveform, gate: gate, window: 32, hop: 32)
      var spectrogram = processor.empty
      for frame in frames(waveform, range: range, velocity: 0.5, count: 1) {
        processor.append(frame, to: &spectrogram)
      }
      levels.append(spectrogram.levels.max() ?? 0)
    }
    #expect(levels[0] - levels[1] > 60)
  }

  @Test("Rows of a continuous wave do not depend on how it was cut into frames")
  func continuity() {
    var rows: [Spectrogram] = []
    for chirps in [8, 50, 200] {
      let waveform = waveform(chirps: chirps, samples: 1, interval: 1e-3, gap: 0)
      var processor = SpectrogramProcessor(waveform: waveform, window: 32, hop: 6)
      var spectrogram = processor.empty
      for frame in frames(waveform, range: 0.3, velocity: 1, count: 200 / chirps) {
        processor.append(frame, to: &spectrogram)
      }
      rows.append(spectrogram)
    }
    for other in rows.dropFirst() {
      #expect(other.times.count == rows[0].times.count)
      #expect(zip(other.levels, rows[0].levels).allSatisfy { abs($0 - $1) < 0.01 || $0 < 20 })
    }
  }
}

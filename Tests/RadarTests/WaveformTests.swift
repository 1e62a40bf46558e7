import Radar
import Testing

@Suite("Waveform")
struct WaveformTests {
  /// The configuration of OpenRadar's example frames: 2.5 MS/s, 60 MHz/µs, 92 µs a chirp.
  private let automotive = Waveform(
    ranging: .beat(bandwidth: 60e12 * 128 / 2.5e6), centerFrequency: 77.4201e9,
    chirpInterval: 92e-6, frameInterval: 0.1,
    shape: FrameShape(
      chirps: 256, receivers: 4, samplesPerChirp: 128, sampleKind: .complex, transmitters: 2))

  /// The pulsed sensor of the gesture recordings.
  private let pulsed = Waveform(
    ranging: .sampled(start: 0.05, step: 0.03), centerFrequency: 60.5e9, chirpInterval: 1e-3,
    frameInterval: 0.017,
    shape: FrameShape(chirps: 16, receivers: 1, samplesPerChirp: 6, sampleKind: .complex))

  @Test("Resolutions agree with the published ones")
  func published() throws {
    // OpenRadar rounds the speed of light to 3e8, and its bandwidth gives 3.072 GHz.
    let scale = speedOfLight / 3e8
    #expect(abs(try #require(automotive.rangeResolution) - 0.048828125 * scale) < 1e-9)
    #expect(abs(automotive.velocityResolution - 0.08226398 * scale) < 5e-9)
  }

  @Test("Two transmitters halve the velocity without ambiguity")
  func transmitters() {
    var alone = automotive
    alone.shape.transmitters = 1
    #expect(abs(alone.maximumVelocity - 2 * automotive.maximumVelocity) < 1e-12)
  }

  @Test("Velocity is zero in the middle bin and grows with range", arguments: [15, 16, 17])
  func velocity(dopplerBin: Int) {
    var shape = pulsed.shape
    shape.chirps = 32
    var waveform = pulsed
    waveform.shape = shape
    let expected = Double(dopplerBin - 16) * waveform.velocityResolution
    #expect(abs(waveform.velocity(ofDopplerBin: dopplerBin) - expected) < 1e-12)
    #expect(abs(waveform.velocity(ofDopplerBin: 0) + waveform.maximumVelocity) < 1e-12)
  }

  @Test("Real samples have half the range of complex ones")
  func realSamples() throws {
    var real = automotive
    real.shape.sampleKind = .real
    let half = try #require(real.maximumRange)
    #expect(abs(2 * half - (try #require(automotive.maximumRange))) < 1e-12)
    #expect(real.rangeBins == 64)
  }

  @Test("A pulsed sensor's bins lie where it sampled them")
  func sampledRange() {
    #expect(pulsed.range(ofBin: 0) == 0.05)
    #expect(abs((pulsed.range(ofBin: 5) ?? 0) - 0.2) < 1e-12)
    #expect(abs((pulsed.maximumRange ?? 0) - 0.2) < 1e-12)
  }

  @Test("A continuous wave has no range")
  func noRange() {
    let wave = Waveform(
      ranging: .none, centerFrequency: 5.8e9, chirpInterval: 1e-3, frameInterval: 16e-3,
      shape: FrameShape(chirps: 16, receivers: 1, samplesPerChirp: 1, sampleKind: .complex))
    #expect(wave.rangeResolution == nil && wave.maximumRange == nil && wave.range(ofBin: 0) == nil)
    #expect(wave.isContinuous && !pulsed.isContinuous)
    #expect(wave.kind == .cw && pulsed.kind == .pulsed && automotive.kind == .fmcw)
  }

  @Test("A receiver without a position traps")
  func missingPosition() async {
    await #expect(processExitsWith: .failure) {
      _ = Waveform(
        ranging: .none, centerFrequency: 1e9, chirpInterval: 1e-3, frameInterval: 1,
        shape: FrameShape(chirps: 1, receivers: 2, samplesPerChirp: 1, sampleKind: .complex),
        receiverPositions: [.zero])
    }
  }
}

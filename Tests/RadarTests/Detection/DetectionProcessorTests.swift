import Radar
import RealModule
import Simulation
import Testing

@Suite("Detections")
struct DetectionProcessorTests {
  /// Frames of scatterers that move straight away from the radar, or towards it, in noise.
  private func clouds(
    _ radar: SimulatedRadar, frames: Int = 1, options: DetectionOptions = DetectionOptions(),
    noise: Double = 1, scatterers: [(position: SIMD3<Double>, velocity: Double, amplitude: Double)]
  ) -> [PointCloud] {
    let waveform = radar.waveform
    let synthesis = EchoSynthesis(waveform: waveform)
    var processor = DetectionProcessor(waveform: waveform, options: options)
    var generator = TestGenerator(seed: 21)
    var clouds: [PointCloud] = []
    for index in 0..<frames {
      var frame = Frame(
        shape: waveform.shape, index: index, time: Double(index) * waveform.frameInterval)
      synthesis.fill(&frame) { time in
        scatterers.map { position, velocity, amplitude in
          let range = (position * position).sum().squareRoot()
          return Scatterer(
            position: position * (1 + velocity * time / range), amplitude: amplitude)
        }
      }
      for place in frame.samples.indices {
        frame.samples[place] += Float(noise * generator.normals().0)
      }
      processor.append(frame) { clouds.append($0) }
    }
    return clouds
  }

  @Test(
    "A scatterer is found where it is, sign included",
    arguments: [SimulatedRadar.fmcw60, .fmcw77],
    [SIMD3(0.2, 0, 0.5), SIMD3(-0.25, 0.1, 0.6), SIMD3(0, -0.2, 0.9)])
  func place(radar: SimulatedRadar, position: SIMD3<Double>) throws {
    let waveform = radar.waveform
    let range = (position * position).sum().squareRoot()
    for velocity in [-1.2, 0.9] {
      let cloud = try #require(
        clouds(radar, scatterers: [(position, velocity, 20)]).first)
      let found = try #require(
        cloud.detections.max { $0.signalToNoiseRatio < $1.signalToNoiseRatio })
      #expect(abs((found.range ?? 0) - range) < waveform.rangeResolution ?? 0)
      #expect(abs(found.velocity - velocity) < waveform.velocityResolution / 2)
      // A row of receivers sees the sine of the cone angle; only an L knows both.
      let cosines = position / range
      let horizontal = Double.sin(found.azimuth ?? 9) * .cos(found.elevation ?? 0)
      #expect(abs(horizontal - cosines.x) < 0.03)
      #expect((found.elevation != nil) == (radar == .fmcw60))
      if let elevation = found.elevation { #expect(abs(.sin(elevation) - cosines.y) < 0.03) }
      #expect(found.signalToNoiseRatio > 15)
    }
  }

  @Test("A pulsed sensor finds a scatterer too")
  func pulsed() throws {
    let cloud = try #require(
      clouds(.pulsed60, scatterers: [(SIMD3(0, 0, 0.14), -0.4, 5)]).first)
    let found = try #require(
      cloud.detections.max { $0.signalToNoiseRatio < $1.signalToNoiseRatio })
    #expect(abs((found.range ?? 0) - 0.14) < 0.03)
    #expect(abs(found.velocity + 0.4) < SimulatedRadar.pulsed60.waveform.velocityResolution)
    #expect(found.azimuth == nil && found.elevation == nil)
  }

  @Test("A continuous wave knows velocity and direction, and no range")
  func continuousWave() throws {
    let position = SIMD3(0.2, 0, 0.6)
    let clouds = clouds(
      .cw24, frames: 60, scatterers: [(position, -0.8, 20)])
    // Windows of 256 samples every 32 at 2 kHz, from 960 samples.
    #expect(clouds.count == 23)
    #expect(abs(clouds[1].time - clouds[0].time - 0.016) < 1e-9)
    for cloud in clouds {
      let found = try #require(
        cloud.detections.max { $0.signalToNoiseRatio < $1.signalToNoiseRatio })
      #expect(found.range == nil && found.elevation == nil)
      #expect(abs(found.velocity + 0.8) < 0.05)
      #expect(abs(.sin(found.azimuth ?? 9) - 0.2 / 0.4.squareRoot()) < 0.05)
    }
  }

  @Test("Of two scatterers a few cells apart an order statistic finds both, a mean the stronger")
  func closePair() throws {
    // Four range bins apart at the same velocity.
    let resolution = SimulatedRadar.fmcw77.waveform.rangeResolution ?? 0
    let near = SIMD3(0, 0, 10 * resolution)
    let far = SIMD3(0, 0, 14 * resolution)
    func ranges(_ estimator: NoiseEstimator) -> [Double] {
      let options = DetectionOptions(
        estimator: estimator, falseAlarmRate: 1e-6, dopplerWindow: .none)
      let cloud = clouds(
        .fmcw77, options: options, scatterers: [(near, 1, 20), (far, 1, 15)]
      ).first
      return cloud?.detections.compactMap(\.range) ?? []
    }
    func finds(_ ranges: [Double], _ position: SIMD3<Double>) -> Bool {
      ranges.contains { abs($0 - position.z) < resolution }
    }
    let ordered = ranges(.orderedStatistic())
    #expect(finds(ordered, near) && finds(ordered, far))
    let averaged = ranges(.cellAveraging)
    #expect(finds(averaged, near) && !finds(averaged, far))
  }

  @Test("Without grouping every cell of a target counts")
  func grouping() throws {
    func count(_ options: DetectionOptions) -> Int {
      clouds(.fmcw60, options: options, scatterers: [(SIMD3(0, 0, 0.6), 0.7, 0.4)])
        .map(\.detections.count).reduce(0, +)
    }
    let grouped = count(DetectionOptions(falseAlarmRate: 1e-6))
    let all = count(DetectionOptions(falseAlarmRate: 1e-6, groupsPeaks: false))
    #expect(grouped == 1)
    #expect(all > grouped)
  }

  @Test(
    "The hand of a push is tracked as it approaches", arguments: [SimulatedRadar.fmcw60, .fmcw77])
  func push(radar: SimulatedRadar) throws {
    for seed in [1, 2, 3] as [UInt64] {
      var simulator = RecordingSimulator(
        radar: radar, gestures: [.push],
        options: SceneOptions(radar: radar, signalToNoiseRatio: 10), seed: seed)
      let push = try #require(simulator.annotations.first)
      var processor = DetectionProcessor(waveform: radar.waveform)
      var tracker = HandTracker()
      var tracks: [HandTrack] = []
      var frame = Frame(shape: radar.waveform.shape)
      while simulator.next(into: &frame) {
        processor.append(frame) { cloud in
          if let track = tracker.update(with: cloud) { tracks.append(track) }
        }
      }
      // The middle of the stroke, where the hand is fast.
      let span = push.end - push.start
      let during = tracks.filter {
        $0.time > push.start + 0.3 * span && $0.time < push.end - 0.2 * span
      }
      #expect(Double(during.count) >= 0.35 * span / radar.waveform.frameInterval)
      #expect(during.allSatisfy { $0.velocity < -0.1 })
      let first = try #require(during.first?.range)
      let last = try #require(during.last?.range)
      #expect(last < first - 0.05)
      #expect(Set(during.map(\.identifier)).count == 1)
    }
  }
}

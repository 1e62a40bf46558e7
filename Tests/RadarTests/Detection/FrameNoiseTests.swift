import Foundation
import Radar
import RealModule
import Simulation
import Testing

/// Counts the false alarms in whole frames of noise, through tapers, transforms, and clutter removal.
///
/// `FALSE_ALARM_FRAMES=4000` counts in so many frames, down to 1e-4, and prints a table.
@Suite("False alarms in frames of noise")
struct FrameNoiseTests {
  private static let frames =
    ProcessInfo.processInfo.environment["FALSE_ALARM_FRAMES"].flatMap { Int($0) } ?? 60

  /// The share of cells that are detected in noise.
  private func rate(
    _ radar: SimulatedRadar, options: DetectionOptions, frames: Int
  ) -> Double {
    let waveform = radar.waveform
    var options = options
    options.groupsPeaks = false
    // Windows of a continuous wave that do not overlap are independent.
    options.windowing.hop = options.windowing.window
    var processor = DetectionProcessor(waveform: waveform, options: options)
    var generator = TestGenerator(seed: 99)
    var frame = Frame(shape: waveform.shape)
    var alarms = 0
    var clouds = 0
    for index in 0..<frames {
      frame.index = index
      frame.time = Double(index) * waveform.frameInterval
      for place in stride(from: 0, to: frame.samples.count - 1, by: 2) {
        let (one, other) = generator.normals()
        frame.samples[place] = Float(10 * one)
        frame.samples[place + 1] = Float(10 * other)
      }
      processor.append(frame) { cloud in
        alarms += cloud.detections.count
        clouds += 1
      }
    }
    let cells =
      waveform.kind == .cw
      ? Int((options.windowing.window / waveform.chirpInterval).rounded())
      : waveform.rangeBins * waveform.dopplerBins
    return Double(alarms) / Double(clouds * cells)
  }

  @Test(
    "Tapers, receivers and clutter removal leave the rate what was asked for",
    arguments: [NoiseEstimator.cellAveraging, .greatestOf, .smallestOf, .orderedStatistic()],
    [ClutterRemoval.none, .mean])
  func rate(estimator: NoiseEstimator, clutterRemoval: ClutterRemoval) {
    for radar in [SimulatedRadar.fmcw60, .fmcw77, .cw24] {
      // A frame of continuous wave is sixteen samples, a window 256.
      let frames = radar == .cw24 ? 40 * Self.frames : Self.frames
      for wanted in Self.frames > 1000 ? [1e-2, 1e-3, 1e-4] : [1e-2] {
        let options = DetectionOptions(
          estimator: estimator, falseAlarmRate: wanted, clutterRemoval: clutterRemoval)
        let measured = rate(radar, options: options, frames: frames)
        let ratio = measured / wanted
        if Self.frames > 1000 {
          print("| \(estimator) | \(clutterRemoval) | \(radar) | \(wanted) | \(ratio) |")
        }
        #expect(ratio > 0.6 && ratio < 1.25, "\(estimator), \(radar), \(clutterRemoval): \(ratio)")
      }
    }
  }
}

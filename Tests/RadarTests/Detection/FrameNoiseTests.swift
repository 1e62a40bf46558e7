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

  /// The share of cells that are detected in noise: of all, and of the five velocities around zero,
  /// where clutter removal leaves less of the noise.
  private func rates(
    _ radar: SimulatedRadar, options: DetectionOptions, frames: Int
  ) -> (all: Double, slow: Double) {
    let waveform = radar.waveform
    var options = options
    options.groupsPeaks = false
    // Windows of a continuous wave that do not overlap are independent.
    options.windowing.hop = options.windowing.window
    var processor = DetectionProcessor(waveform: waveform, options: options)
    var generator = TestGenerator(seed: 99)
    var frame = Frame(shape: waveform.shape)
    var alarms = 0
    var slow = 0
    var clouds = 0
    let bins =
      waveform.kind == .cw
      ? Int((options.windowing.window / waveform.chirpInterval).rounded()) : waveform.dopplerBins
    let step = waveform.wavelength / (2 * waveform.pulseInterval * Double(bins))
    for index in 0..<frames {
      frame.index = index
      frame.time = Double(index) * waveform.frameInterval
      for place in stride(from: 0, to: frame.samples.count - 1, by: 2) {
        let (one, other) = generator.normals()
        frame.samples[place] = Float(10 * one)
        frame.samples[place + 1] = Float(10 * other)
      }
      processor.append(frame) { cloud in
        // A background has to settle first.
        guard index >= 8 else { return }
        alarms += cloud.detections.count
        slow += cloud.detections.count { abs($0.velocity) < 2.5 * step }
        clouds += 1
      }
    }
    let rows = Double(clouds * (waveform.kind == .cw ? 1 : waveform.rangeBins))
    return (Double(alarms) / (rows * Double(bins)), Double(slow) / (rows * 5))
  }

  @Test(
    "Tapers, receivers and clutter removal leave the rate what was asked for",
    arguments: [NoiseEstimator.cellAveraging, .greatestOf, .smallestOf, .orderedStatistic()],
    [ClutterRemoval.none, .mean, .twoPulse, .threePulse, .background(rate: 0.05)])
  func rate(estimator: NoiseEstimator, clutterRemoval: ClutterRemoval) {
    for radar in [SimulatedRadar.fmcw60, .fmcw77, .cw24] {
      // A frame of continuous wave is sixteen samples, a window 256.
      let frames = radar == .cw24 ? 40 * Self.frames : Self.frames
      for wanted in Self.frames > 1000 ? [1e-2, 1e-3, 1e-4] : [1e-2] {
        let options = DetectionOptions(
          estimator: estimator, falseAlarmRate: wanted, clutterRemoval: clutterRemoval)
        let measured = rates(radar, options: options, frames: frames)
        let ratio = measured.all / wanted
        if Self.frames > 1000 {
          print(
            "| \(estimator) | \(clutterRemoval) | \(radar) | \(wanted) | \(ratio) | "
              + "\(measured.slow / wanted) |")
        }
        let name = "\(estimator), \(radar), \(clutterRemoval)"
        let bounds = radar == .cw24 ? 0.6...1.25 : 0.8...1.2
        // On a line few training cells are worth fewer yet, because they are correlated, which the law
        // of the smaller mean takes too much to heart: it alarms too seldom at low rates.
        withKnownIssue(isIntermittent: true) {
          #expect(bounds.contains(ratio), "\(name): \(ratio)")
        } when: {
          radar == .cw24 && estimator == .smallestOf && wanted < 1e-2
        }
        // Of the few slow cells of bursts there are enough alarms to judge at the highest rate.
        guard wanted == 1e-2, radar != .cw24 else { continue }
        let slow = measured.slow / wanted
        #expect(slow > 0.6 && slow < 1.5, "\(name), around zero: \(slow)")
      }
    }
  }
}

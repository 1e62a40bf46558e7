import ArgumentParser
import Simulation

/// A simulated radar, and what the scene before it is like.
struct SceneArguments: ParsableArguments {
  enum WaveformName: String, ExpressibleByArgument, CaseIterable {
    case fmcw, cw, pulsed, fmcw60, fmcw77, cw24
    case cw5 = "cw5.8"
    case cw5Pair = "cw5.8-pair"
    case pulsed60

    var radar: SimulatedRadar {
      switch self {
      case .fmcw, .fmcw60: .fmcw60
      case .fmcw77: .fmcw77
      case .cw, .cw5: .cw5
      case .cw5Pair: .cw5Pair
      case .cw24: .cw24
      case .pulsed, .pulsed60: .pulsed60
      }
    }
  }

  @Option(
    help: """
      The radar: fmcw or fmcw60 (60 GHz, three receivers), fmcw77 (77 GHz, four receivers), cw or \
      cw5.8 (5.8 GHz), cw5.8-pair (the same with two receivers), cw24 (24 GHz, two receivers), \
      pulsed or pulsed60 (60.5 GHz).
      """)
  var waveform = WaveformName.fmcw

  @Option(help: "How far from the radar hands are held, in metres.")
  var distance: Double?

  @Option(
    parsing: .unconditional,
    help: "The power of a hand's echo over the noise in one sample, at the usual distance, in dB.")
  var snr = 10.0

  @Option(help: "The size of movements, one being an average person's.")
  var scale = 1.0

  @Option(help: "The share of frames that get lost between the radar and the recording.")
  var frameLoss = 0.0

  @Option(
    help: """
      The mean number of frames in a row that get lost (default: each on its own, whatever became \
      of the one before it).
      """)
  var lossLength: Double?

  mutating func validate() throws {
    guard distance.map(Self.isPositive) ?? true, Self.isPositive(scale), snr.isFinite else {
      throw ValidationError("--distance and --scale must be above 0, and --snr a number.")
    }
    try Self.check(frameLoss: frameLoss, length: lossLength)
  }

  /// Refuses what cannot be a way to lose frames.
  static func check(frameLoss share: Double, length: Double?) throws {
    guard (0..<1).contains(share) else {
      throw ValidationError("--frame-loss must be at least 0 and below 1.")
    }
    let shortest = FrameLoss.shortestLength(ofShare: share)
    guard length.map({ $0 >= shortest && $0.isFinite }) ?? true else {
      throw ValidationError(
        "--loss-length must be at least \(shortest.formatted(decimals: 2)) for a frame loss of"
          + " \(share).")
    }
  }

  private static func isPositive(_ number: Double) -> Bool { number > 0 && number.isFinite }

  var radar: SimulatedRadar { waveform.radar }

  var options: SceneOptions {
    SceneOptions(
      radar: radar, distance: distance, signalToNoiseRatio: snr, scale: scale,
      frameLoss: FrameLoss(share: frameLoss, meanLength: lossLength))
  }
}

public import Radar

/// A radar as it is sold: its waveform, its converter, and where hands are held in front of it.
public enum SimulatedRadar: String, CaseIterable, Hashable, Sendable {
  /// A 60 GHz FMCW sensor with three receivers in an L and real samples, like Infineon's
  /// BGT60TR13C.
  case fmcw60

  /// A 77 GHz FMCW radar with four receivers in a row and complex samples, like TI's boards.
  case fmcw77

  /// A 5.8 GHz Doppler radar with one quadrature channel.
  case cw5 = "cw5.8"

  /// A 5.8 GHz Doppler radar with two quadrature receivers half a wavelength apart.
  case cw5Pair = "cw5.8-pair"

  /// A 24 GHz Doppler module with two quadrature receivers.
  case cw24

  /// A 60.5 GHz pulsed coherent sensor that samples six ranges, like Acconeer's A121.
  case pulsed60

  /// What the radar transmits and how it samples the echo.
  public var waveform: Waveform {
    switch self {
    case .fmcw60:
      let half = speedOfLight / 60e9 / 2
      return Waveform(
        ranging: .beat(bandwidth: 4.5e9), centerFrequency: 60e9, chirpInterval: 400e-6,
        frameInterval: 0.04,
        shape: FrameShape(chirps: 32, receivers: 3, samplesPerChirp: 64, sampleKind: .real),
        receiverPositions: [.zero, SIMD2(half, 0), SIMD2(0, half)])
    case .fmcw77:
      return Waveform(
        ranging: .beat(bandwidth: 3e9), centerFrequency: 77e9, chirpInterval: 300e-6,
        frameInterval: 0.04,
        shape: FrameShape(chirps: 32, receivers: 4, samplesPerChirp: 64, sampleKind: .complex))
    case .cw5:
      return continuousWave(frequency: 5.8e9, rate: 1000, receivers: 1)
    case .cw5Pair:
      return continuousWave(frequency: 5.8e9, rate: 1000, receivers: 2)
    case .cw24:
      return continuousWave(frequency: 24.125e9, rate: 2000, receivers: 2)
    case .pulsed60:
      return Waveform(
        ranging: .sampled(start: 0.05, step: 0.03), centerFrequency: 60.5e9, chirpInterval: 1e-3,
        frameInterval: 0.017,
        shape: FrameShape(chirps: 16, receivers: 1, samplesPerChirp: 6, sampleKind: .complex))
    }
  }

  private func continuousWave(frequency: Double, rate: Double, receivers: Int) -> Waveform {
    Waveform(
      ranging: .none, centerFrequency: frequency, chirpInterval: 1 / rate,
      frameInterval: 16 / rate,
      shape: FrameShape(chirps: 16, receivers: receivers, samplesPerChirp: 1, sampleKind: .complex))
  }

  /// The distance at which a hand is held unless something else is asked for, in metres.
  public var usualDistance: Double {
    switch self {
    case .fmcw60, .fmcw77: 0.45
    case .cw5, .cw5Pair, .cw24: 0.4
    case .pulsed60: 0.14
    }
  }

  /// The size of movements, of which a sensor that sees only centimetres leaves little room.
  var movementScale: Double { self == .pulsed60 ? 0.3 : 1 }

  /// The converter.
  var converter: Converter {
    switch self {
    case .fmcw60: Converter(range: 0...4095, midScale: 2048, handAmplitude: 100)
    case .fmcw77: Converter(range: -32768...32767, midScale: 0, handAmplitude: 100)
    case .cw5, .cw5Pair, .cw24, .pulsed60:
      Converter(range: -32768...32767, midScale: 0, handAmplitude: 800)
    }
  }

  /// How amplitudes become numbers.
  struct Converter: Sendable {
    /// The lowest and the highest number; what lies outside is cut off.
    var range: ClosedRange<Float>

    /// The number that stands for nothing.
    var midScale: Float

    /// The amplitude of a hand's echo at the usual distance in counts.
    var handAmplitude: Double
  }
}

internal import CKernels
public import Radar
internal import RealModule

/// Computes what a radar's receivers sample of the echoes of scatterers.
///
/// The amplitude of an echo falls with the square of the distance, and its power with the fourth
/// power, as the radar equation says; antennas look straight ahead, with a pattern that falls with
/// the cosine of the angle on both ways.
public struct EchoSynthesis: Sendable {
  /// What the radar transmits.
  public let waveform: Waveform

  /// The width of a pulse in metres, at half its amplitude, if the radar is pulsed.
  static let pulseWidth = 0.06

  /// Creates a synthesis for a waveform.
  public init(waveform: Waveform) { self.waveform = waveform }

  /// Replaces the samples of `frame` by the echoes of scatterers, without noise.
  ///
  /// - Parameters:
  ///   - frame: The frame to fill, at its own time.
  ///   - scatterers: The scatterers at a time in seconds.
  /// - Precondition: `frame` has the shape of the waveform.
  public func fill(_ frame: inout Frame, with scatterers: (_ time: Double) -> [Scatterer]) {
    let shape = waveform.shape
    precondition(frame.shape == shape, "the frame does not fit the waveform")
    let width = 2 * shape.samplesPerChirp * shape.receivers
    var chirp = [Float](repeating: 0, count: width)
    for index in 0..<shape.chirps {
      for place in chirp.indices { chirp[place] = 0 }
      let time = frame.time + Double(index) * waveform.chirpInterval
      for scatterer in scatterers(time) { add(scatterer, to: &chirp) }
      let components = shape.sampleKind.components
      let start = index * shape.scalarsPerChirp
      for place in 0..<shape.scalarsPerChirp {
        frame.samples[start + place] = chirp[place * 2 / components]
      }
    }
  }

  /// Adds one scatterer's echo to a chirp of all receivers, `[receiver, sample]`, complex.
  private func add(_ scatterer: Scatterer, to chirp: inout [Float]) {
    let range = (scatterer.position * scatterer.position).sum().squareRoot()
    guard range > 1e-3, scatterer.position.z > 0 else { return }
    let direction = scatterer.position / range
    let amplitude = scatterer.amplitude * direction.z * direction.z / (range * range)
    let samples = waveform.shape.samplesPerChirp
    let turn = 2 * Double.pi / waveform.wavelength
    for (receiver, place) in waveform.receiverPositions.enumerated() {
      let path = 2 * range - place.x * direction.x - place.y * direction.y
      let phase = turn * path
      let real = Float(amplitude * .cos(phase))
      let imaginary = Float(amplitude * .sin(phase))
      let start = 2 * receiver * samples
      switch waveform.ranging {
      case .beat:
        let step = 2 * Double.pi * range / (waveform.rangeResolution ?? 1) / Double(samples)
        unsafe chirp.withUnsafeMutableBufferPointer { buffer in
          guard let base = buffer.baseAddress else { return }
          unsafe addEcho(base + start, Int64(samples), real, imaginary, step)
        }
      case .none:
        for sample in 0..<samples {
          chirp[start + 2 * sample] += real
          chirp[start + 2 * sample + 1] += imaginary
        }
      case .sampled(let first, let step):
        for sample in 0..<samples {
          let offset = (first + Double(sample) * step - range) / Self.pulseWidth
          let envelope = Float(Double.exp2(-4 * offset * offset))
          chirp[start + 2 * sample] += envelope * real
          chirp[start + 2 * sample + 1] += envelope * imaginary
        }
      }
    }
  }
}

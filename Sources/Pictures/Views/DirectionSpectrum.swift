internal import ComplexModule
internal import Radar
internal import RealModule
internal import Spectra

/// The level of the echoes from each direction, by delay and sum (Bartlett).
///
/// An echo reaches a receiver at *x* from the direction cosine *u* with the phase −2π*xu*/*λ*. The
/// power that arrives from there is aᴴ*R*a/*N* with a of those phases, *R* the covariance of the *N*
/// receivers summed over all cells of range and velocity. Each transmitter has a covariance of its
/// own, so that what moves between the chirps of different transmitters does no harm.
struct DirectionSpectrum: Sendable {
  /// The angles in degrees, to the right or, where receivers only stand above each other, upwards.
  let angles: PictureAxis

  /// Whether the angles lie in the horizontal plane.
  let isHorizontal: Bool

  private let receivers: Int

  /// The phase factors, `[angle, receiver]`.
  private let steering: [Complex<Float>]

  init(of waveform: Waveform) throws(PictureError) {
    receivers = waveform.shape.receivers
    let positions = waveform.receiverPositions
    let isHorizontal = Set(positions.map(\.x)).count > 1
    let places = positions.map { isHorizontal ? $0.x : $0.y }
    guard Set(places).count > 1 else { throw .noDirection(receivers: receivers) }
    self.isHorizontal = isHorizontal
    angles = PictureAxis(
      title: isHorizontal ? "angle (°), positive: to the right" : "angle (°), positive: up",
      unit: "°", count: 181, first: -90, step: 1)
    var steering: [Complex<Float>] = []
    for index in 0..<angles.count {
      let cosine = Double.sin(angles.value(at: index) / 180 * .pi)
      for place in places {
        let phase = -2 * Double.pi * place * cosine / waveform.wavelength
        steering.append(Complex(Float(.cos(phase)), Float(.sin(phase))))
      }
    }
    self.steering = steering
  }

  /// The level from each direction in decibels, of echoes with this covariance.
  func levels(of covariance: [Complex<Float>]) -> [Float] {
    (0..<angles.count).map { angle in
      var power: Float = 0
      for row in 0..<receivers {
        var sum = Complex<Float>.zero
        for column in 0..<receivers {
          sum += covariance[row * receivers + column] * steering[angle * receivers + column]
        }
        power += (steering[angle * receivers + row].conjugate * sum).real
      }
      return decibels(power: power / Float(receivers))
    }
  }
}

extension RangeDopplerTransform {
  /// The level from each of `directions` in decibels.
  func levels(over directions: DirectionSpectrum) -> [Float] {
    directions.levels(of: receiverCovariance())
  }

  /// The covariance of the receivers, summed over transmitters and cells, `[receiver, receiver]`.
  private func receiverCovariance() -> [Complex<Float>] {
    let receivers = waveform.shape.receivers
    var covariance = [Complex<Float>](repeating: .zero, count: receivers * receivers)
    var cell = [Complex<Float>](repeating: .zero, count: receivers)
    for transmitter in 0..<waveform.shape.transmitters {
      for dopplerBin in 0..<waveform.dopplerBins {
        for rangeBin in 0..<waveform.rangeBins {
          for receiver in 0..<receivers {
            let value = spectrum(
              channel: transmitter * receivers + receiver, dopplerBin: dopplerBin,
              rangeBin: rangeBin)
            cell[receiver] = Complex(value.real, value.imaginary)
          }
          for row in 0..<receivers {
            for column in 0..<receivers {
              covariance[row * receivers + column] += cell[row] * cell[column].conjugate
            }
          }
        }
      }
    }
    return covariance
  }
}

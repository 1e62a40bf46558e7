public import ComplexModule
public import RealModule

/// Where the antennas of a radar stand, as direction finding sees them.
///
/// With several transmitters the positions are those of the virtual array: one for each pair of a
/// transmitter and a receiver, at the sum of their places, because the path to a scatterer is
/// shortened on the way there and on the way back.
public struct AntennaArray: Hashable, Sendable {
  /// Where each channel stands in metres, `x` to the right as the radar looks out, `y` up.
  public let positions: [SIMD2<Double>]

  /// The wavelength in metres.
  public let wavelength: Double

  /// Creates an array.
  ///
  /// - Precondition: There is an antenna, and `wavelength` is positive.
  public init(positions: [SIMD2<Double>], wavelength: Double) {
    precondition(!positions.isEmpty && wavelength > 0, "an array needs an antenna and a wavelength")
    self.positions = positions
    self.wavelength = wavelength
  }

  /// Creates the array of the receivers of `waveform`, or the virtual one of all its channels.
  ///
  /// - Parameters:
  ///   - waveform: The waveform, which knows where the receivers stand.
  ///   - transmitterPositions: Where the transmitters stand in metres. Without them the array is
  ///     that of the receivers.
  /// - Precondition: There is a position for every transmitter if there is one for any.
  public init(waveform: Waveform, transmitterPositions: [SIMD2<Double>]? = nil) {
    precondition(
      transmitterPositions == nil || transmitterPositions?.count == waveform.shape.transmitters,
      "an array needs a position for each of its \(waveform.shape.transmitters) transmitters")
    let transmitters = transmitterPositions ?? [.zero]
    self.init(
      positions: transmitters.flatMap { transmitter in
        waveform.receiverPositions.map { $0 + transmitter }
      }, wavelength: waveform.wavelength)
  }

  /// The number of channels.
  public var count: Int { positions.count }

  /// What the channels receive of an echo of amplitude one from the direction cosines `horizontal`
  /// to the right and `vertical` upwards: exp −j2π(*xu* + *yv*)/*λ*.
  public func steering(horizontal: Double, vertical: Double = 0) -> [Complex<Double>] {
    let turn = -2 * Double.pi / wavelength
    return positions.map { position in
      let phase = turn * (position.x * horizontal + position.y * vertical)
      return Complex(.cos(phase), .sin(phase))
    }
  }

  /// How far the array reaches along each axis, in wavelengths.
  var aperture: SIMD2<Double> {
    let x = positions.map(\.x)
    let y = positions.map(\.y)
    return SIMD2((x.max() ?? 0) - (x.min() ?? 0), (y.max() ?? 0) - (y.min() ?? 0)) / wavelength
  }
}

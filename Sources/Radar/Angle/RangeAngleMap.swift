internal import ComplexModule
internal import Spectra

/// The level reflected from each range bin and each direction, `[rangeBin, azimuth]`.
public struct RangeAngleMap: Equatable, Sendable {
  /// The number of rows.
  public let rangeBins: Int

  /// The direction of each column in radians from straight ahead, positive to the right.
  public let azimuths: [Double]

  /// The start of the frame in seconds since the start of the recording.
  public internal(set) var time = 0.0

  /// The level of every cell in decibels, row-major.
  public internal(set) var levels: [Float]

  /// The level of one cell in decibels.
  public subscript(rangeBin: Int, azimuth: Int) -> Float {
    precondition(azimuths.indices.contains(azimuth), "azimuth out of range")
    return levels[rangeBin * azimuths.count + azimuth]
  }

  /// The strongest cell.
  public var peak: (rangeBin: Int, azimuth: Int) {
    let index = levels.indices.max { levels[$0] < levels[$1] } ?? 0
    return (index / azimuths.count, index % azimuths.count)
  }
}

/// Turns frames into range–angle maps.
///
/// The velocities of a range bin are the snapshots that its directions are told from. The
/// transmitters of an array whose virtual antennas are unknown are snapshots too.
public struct RangeAngleProcessor: ~Copyable {
  /// How power is told apart by direction.
  public let method: AngleMethod

  private var transform: RangeDopplerTransform
  private let estimator: AngleEstimator

  /// Creates a processor for the frames of `waveform`.
  ///
  /// - Parameters:
  ///   - waveform: The waveform of the frames.
  ///   - transmitterPositions: Where the transmitters stand in metres, if that is known.
  ///   - method: How power is told apart by direction.
  ///   - angles: The number of directions.
  ///   - clutterRemoval: What is done about echoes that do not move.
  /// - Precondition: There is a position for every transmitter if there is one for any.
  public init(
    waveform: Waveform, transmitterPositions: [SIMD2<Double>]? = nil,
    method: AngleMethod = .bartlett, angles: Int = 91, clutterRemoval: ClutterRemoval = .mean
  ) {
    self.method = method
    transform = RangeDopplerTransform(waveform: waveform, clutterRemoval: clutterRemoval)
    estimator = AngleEstimator(
      array: AntennaArray(waveform: waveform, transmitterPositions: transmitterPositions),
      count: angles)
  }

  /// An empty map with the axes of this processor.
  public var empty: RangeAngleMap {
    let count = transform.waveform.rangeBins * estimator.azimuths.count
    return RangeAngleMap(
      rangeBins: transform.waveform.rangeBins, azimuths: estimator.azimuths,
      levels: Array(repeating: 0, count: count))
  }

  /// Replaces `map` with the levels in `frame`: the power of a channel, mean over velocities.
  ///
  /// - Precondition: `frame` has the shape of the waveform, and `map` is one of this processor.
  public mutating func process(_ frame: borrowing Frame, into map: inout RangeAngleMap) {
    let waveform = transform.waveform
    precondition(
      map.rangeBins == waveform.rangeBins && map.azimuths == estimator.azimuths,
      "the map does not fit the waveform")
    transform.transform(frame)
    map.time = frame.time
    let antennas = estimator.array.count
    var snapshot = [Complex<Double>](repeating: .zero, count: antennas)
    for rangeBin in 0..<waveform.rangeBins {
      var covariance = SpatialCovariance(channels: antennas)
      for dopplerBin in 0..<waveform.dopplerBins {
        for first in stride(from: 0, to: transform.channels, by: antennas) {
          for antenna in 0..<antennas {
            let value = transform.spectrum(
              channel: first + antenna, dopplerBin: dopplerBin, rangeBin: rangeBin)
            snapshot[antenna] = Complex(Double(value.real), Double(value.imaginary))
          }
          covariance.add(snapshot)
        }
      }
      let levels = estimator.spectrum(of: covariance, by: method)
      for (azimuth, level) in levels.enumerated() {
        map.levels[rangeBin * levels.count + azimuth] = decibels(power: Float(level))
      }
    }
  }
}

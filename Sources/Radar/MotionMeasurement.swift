internal import RealModule

/// Measures the quantities of a motion spectrum from complex spectra.
struct MotionMeasurement: Sendable {
  let layout: SpectraLayout
  let array: InterferometricArray
  let quantities: [MotionSpectrum.Quantity]
  private let ranges: [Float]
  private let powerScale: Float

  /// The number of range gates, and what they take from the range bins.
  private let gates: Int
  private let shares: [RangeGates.Share]

  init(
    waveform: Waveform, layout: SpectraLayout, coherentPowerGain: Float, gates: RangeGates? = nil
  ) {
    self.layout = layout
    let array = InterferometricArray(
      positions: waveform.receiverPositions, wavelength: waveform.wavelength)
    self.array = array
    var quantities: [MotionSpectrum.Quantity] = [.power]
    if layout.rangeBins > 1 { quantities.append(.range) }
    if array.resolves.horizontal { quantities.append(.horizontal) }
    if array.resolves.vertical { quantities.append(.vertical) }
    self.quantities = quantities
    ranges = (0..<layout.rangeBins).map { Float(waveform.range(ofBin: $0) ?? 0) }
    powerScale = 1 / (coherentPowerGain * Float(layout.channels))
    self.gates = gates?.count ?? 0
    shares = gates?.shares(of: waveform) ?? []
  }

  /// The spectrum of a moment in which nothing was measured.
  func silence(time: Double, damage: Double) -> MotionSpectrum {
    MotionSpectrum(
      time: time, damage: damage,
      values: [Float](repeating: 0, count: quantities.count * layout.dopplerBins),
      gatePowers: [Float](repeating: 0, count: gates * layout.dopplerBins))
  }

  /// What `spectra` say of a moment.
  func spectrum(of spectra: Span<Float>, time: Double, damage: Double) -> MotionSpectrum {
    MotionSpectrum(
      time: time, damage: damage, values: values(of: spectra), gatePowers: gatePowers(of: spectra))
  }

  /// The quantities of `spectra`, `[quantity, dopplerBin]`.
  private func values(of spectra: Span<Float>) -> [Float] {
    var values = [Float](repeating: 0, count: quantities.count * layout.dopplerBins)
    var phases = [Float](repeating: 0, count: array.baselines.count)
    for dopplerBin in 0..<layout.dopplerBins {
      let moments = moments(of: spectra, dopplerBin: dopplerBin)
      for baseline in phases.indices {
        phases[baseline] = phase(of: spectra, dopplerBin: dopplerBin, baseline: baseline)
      }
      for (row, quantity) in quantities.enumerated() {
        values[row * layout.dopplerBins + dopplerBin] =
          switch quantity {
          case .power: moments.power * powerScale
          case .range: moments.power > 0 ? moments.range / moments.power : 0
          case .horizontal: array.directionCosine(axis: 0, phases: phases)
          case .vertical: array.directionCosine(axis: 1, phases: phases)
          }
      }
    }
    return values
  }

  /// The power of `spectra` in each range gate, `[gate, dopplerBin]`.
  private func gatePowers(of spectra: Span<Float>) -> [Float] {
    let bins = layout.dopplerBins
    var powers = [Float](repeating: 0, count: gates * bins)
    // From one Doppler bin to the next is one step in memory, but for the turn to the other sign.
    let turn = layout.startsAtZeroVelocity ? bins / 2 : bins
    for channel in 0..<layout.channels {
      for share in shares {
        let (weight, row) = (share.weight * powerScale, share.gate * bins)
        func add(_ dopplerBins: Range<Int>) {
          var place = layout.offset(
            channel: channel, dopplerBin: dopplerBins.lowerBound, rangeBin: share.rangeBin)
          for dopplerBin in dopplerBins {
            let (real, imaginary) = (spectra[place], spectra[place + 1])
            powers[row + dopplerBin] += weight * (real * real + imaginary * imaginary)
            place += 2
          }
        }
        add(0..<turn)
        add(turn..<bins)
      }
    }
    return powers
  }

  /// The sums of power, and of power times range, over channels and range bins.
  private func moments(
    of spectra: Span<Float>, dopplerBin: Int
  ) -> (power: Float, range: Float) {
    var sum: Float = 0
    var moment: Float = 0
    for channel in 0..<layout.channels {
      let row = layout.offset(channel: channel, dopplerBin: dopplerBin, rangeBin: 0)
      for rangeBin in 0..<layout.rangeBins {
        let place = row + 2 * layout.rangeStride * rangeBin
        let real = spectra[place]
        let imaginary = spectra[place + 1]
        let power = real * real + imaginary * imaginary
        sum += power
        moment += power * ranges[rangeBin]
      }
    }
    return (sum, moment)
  }

  /// The phase by which the second receiver of a baseline leads the first, over all range bins.
  private func phase(of spectra: Span<Float>, dopplerBin: Int, baseline: Int) -> Float {
    var real: Float = 0
    var imaginary: Float = 0
    for pair in array.baselines[baseline].pairs {
      let first = layout.offset(channel: pair.x, dopplerBin: dopplerBin, rangeBin: 0)
      let second = layout.offset(channel: pair.y, dopplerBin: dopplerBin, rangeBin: 0)
      for rangeBin in 0..<layout.rangeBins {
        let step = 2 * layout.rangeStride * rangeBin
        let a = (spectra[first + step], spectra[first + step + 1])
        let b = (spectra[second + step], spectra[second + step + 1])
        real += b.0 * a.0 + b.1 * a.1
        imaginary += b.1 * a.0 - b.0 * a.1
      }
    }
    return .atan2(y: imaginary, x: real)
  }
}

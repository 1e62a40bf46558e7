public import Spectra

/// Turns frames of ADC samples into complex spectra over range and velocity, channel by channel.
///
/// | Data            | Shape                             | Unit       |
/// |:----------------|:----------------------------------|:-----------|
/// | frame           | `[chirp, receiver, sample]`       | ADC counts |
/// | ``spectra``     | `[channel, dopplerBin, rangeBin]` | ADC counts |
///
/// A channel is a pair of a transmitter and a receiver, in transmitter order. Bins stand as FFTW
/// leaves them, zero velocity first; ``spectrum(channel:dopplerBin:rangeBin:)`` knows the axes. A
/// pulsed sensor has sampled range itself, so only velocity is transformed. Chirps that were lost
/// take no part: they stand at the mean of the others, and what the others add to it is scaled up to
/// the level of a whole frame.
public struct RangeDopplerTransform: ~Copyable {
  /// The waveform of the frames.
  public let waveform: Waveform

  /// The pairs of transmitters and receivers.
  public let channels: Int

  /// What is done about echoes that do not move.
  public let clutterRemoval: ClutterRemoval

  /// The unnormalised spectra of the last frame, complex numbers as pairs of floats.
  public private(set) var spectra: AlignedBuffer<Float>

  /// Where the bins lie in ``spectra``.
  let layout: SpectraLayout

  /// The power that a unit amplitude reaches in its own cell, which is the squared sum of weights.
  public let coherentPowerGain: Float

  private let plan: FourierPlan
  private var samples: AlignedBuffer<Float>
  private let rangeWeights: [Float]
  private let dopplerWeights: [Float]
  private var mean: [Float]

  /// Creates a transform for the frames of `waveform`.
  ///
  /// - Parameters:
  ///   - waveform: The waveform of the frames.
  ///   - rangeTaper: The weights of the samples of a chirp; without effect unless the range axis
  ///     arises from the beat frequency.
  ///   - dopplerTaper: The weights of the chirps of a frame.
  ///   - clutterRemoval: What is done about echoes that do not move.
  ///   - effort: How hard to look for a fast plan.
  public init(
    waveform: Waveform, rangeTaper: Taper = Taper(.hann), dopplerTaper: Taper = Taper(.hann),
    clutterRemoval: ClutterRemoval = .mean, effort: PlanningEffort = .estimate
  ) {
    let shape = waveform.shape
    let chirps = waveform.dopplerBins
    let count = shape.samplesPerChirp
    let isReal = shape.sampleKind == .real
    let transformsRange = waveform.kind == .fmcw
    precondition(transformsRange || !isReal, "velocity needs complex samples or a swept chirp")
    self.waveform = waveform
    self.clutterRemoval = clutterRemoval
    channels = shape.transmitters * shape.receivers
    // Real samples leave half a spectrum and one bin more than is of use.
    let rowLength = isReal ? count / 2 + 1 : count
    layout = SpectraLayout(
      channels: channels, dopplerBins: chirps, rangeBins: waveform.rangeBins, rowLength: rowLength,
      startsAtZeroVelocity: true)
    rangeWeights =
      transformsRange ? rangeTaper.weights(count: count) : Array(repeating: 1, count: count)
    dopplerWeights = dopplerTaper.weights(count: chirps)
    let gain = dopplerWeights.reduce(0, +) * (transformsRange ? rangeWeights.reduce(0, +) : 1)
    coherentPowerGain = gain * gain

    let slow = FourierPlan.Dimension(length: chirps, inputStride: count, outputStride: rowLength)
    let fast = FourierPlan.Dimension(length: count, inputStride: 1, outputStride: 1)
    let channel = FourierPlan.Dimension(
      length: channels, inputStride: chirps * count, outputStride: chirps * rowLength)
    plan =
      transformsRange
      ? FourierPlan(
        [slow, fast], batch: [channel], input: isReal ? .real : .complex, effort: effort)
      : FourierPlan([slow], batch: [channel, fast], effort: effort)
    samples = AlignedBuffer(repeating: 0, count: plan.inputCount)
    spectra = AlignedBuffer(repeating: 0, count: plan.outputCount)
    mean = Array(repeating: 0, count: count * shape.sampleKind.components)
  }

  /// Replaces ``spectra`` with those of `frame`, allocating nothing.
  ///
  /// - Precondition: `frame` has the shape of the waveform.
  /// - Complexity: O(*n* log *n*), where *n* is the number of samples in a frame.
  public mutating func transform(_ frame: borrowing Frame) {
    precondition(frame.shape == waveform.shape, "the frame does not fit the waveform")
    for channel in 0..<channels {
      weigh(
        frame.samples.span, validity: frame.validity.span, channel: channel, shape: frame.shape,
        removesMean: clutterRemoval == .mean, rangeWeights: rangeWeights,
        dopplerWeights: dopplerWeights, mean: &mean, into: &samples)
    }
    plan.transform(&samples, into: &spectra)
  }

  /// One bin of the spectrum of one channel, in ADC counts times the sum of weights.
  public func spectrum(
    channel: Int, dopplerBin: Int, rangeBin: Int
  ) -> (real: Float, imaginary: Float) {
    let offset = layout.offset(channel: channel, dopplerBin: dopplerBin, rangeBin: rangeBin)
    let values = spectra.span
    return (values[offset], values[offset + 1])
  }
}

/// Copies the chirps of one channel with clutter removed and weights applied.
private func weigh(
  _ frame: Span<Float>, validity: Span<Bool>, channel: Int, shape: FrameShape, removesMean: Bool,
  rangeWeights: [Float], dopplerWeights: [Float], mean: inout [Float],
  into samples: inout AlignedBuffer<Float>
) {
  var samples = samples.mutableSpan
  let components = shape.sampleKind.components
  let length = shape.samplesPerChirp * components
  let first = channel / shape.receivers
  let receiver = channel % shape.receivers
  let chirps = dopplerWeights.count

  var needsMean = removesMean
  for row in validity.indices where !validity[row] { needsMean = true }
  for index in 0..<length { mean[index] = 0 }
  var valid = 0
  var validWeight: Float = 0
  var weight: Float = 0
  for chirp in 0..<chirps {
    let row = chirp * shape.transmitters + first
    weight += dopplerWeights[chirp]
    guard validity[row] else { continue }
    valid += 1
    validWeight += dopplerWeights[chirp]
    guard needsMean else { continue }
    let source = (row * shape.receivers + receiver) * length
    for index in 0..<length { mean[index] += frame[source + index] }
  }
  if valid > 0 {
    for index in 0..<length { mean[index] /= Float(valid) }
  }

  let scale = scaleOfRemaining(weight: validWeight, of: weight)
  for chirp in 0..<chirps {
    let row = chirp * shape.transmitters + first
    let source = (row * shape.receivers + receiver) * length
    let target = (channel * chirps + chirp) * length
    let factor = validity[row] ? dopplerWeights[chirp] * scale : 0
    for sample in 0..<shape.samplesPerChirp {
      let product = factor * rangeWeights[sample]
      for component in 0..<components {
        let index = sample * components + component
        samples[target + index] = (frame[source + index] - mean[index]) * product
      }
    }
  }
  // Echoes that do not move are known of every chirp, whatever was lost.
  guard needsMean, !removesMean, scale > 0 else { return }
  for chirp in 0..<chirps {
    let target = (channel * chirps + chirp) * length
    for sample in 0..<shape.samplesPerChirp {
      let product = dopplerWeights[chirp] * rangeWeights[sample]
      for component in 0..<components {
        let index = sample * components + component
        samples[target + index] += mean[index] * product
      }
    }
  }
}

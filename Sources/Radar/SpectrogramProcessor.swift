internal import RealModule
public import Spectra

/// Turns frames into the micro-Doppler spectrogram of a range gate.
///
/// The chirps of all frames make one slow-time signal for each range bin of the gate and each
/// receiver. Where chirps are evenly spaced across the borders of frames, as in a continuous wave,
/// windows slide across them; where they are not, every frame is a signal of its own, and the
/// window must fit into it. Chirps that were lost take no part: what the others of a window say is
/// scaled up to the level of a whole one.
public struct SpectrogramProcessor: ~Copyable {
  /// The waveform of the frames.
  public let waveform: Waveform

  /// The range bins whose echoes are summed.
  public let gate: Range<Int>

  private let rangeWeights: [Float]
  private let rangePlan: FourierPlan?
  private var fast: AlignedBuffer<Float>
  private var profiles: AlignedBuffer<Float>
  private var slow: [Float]
  private var transform: ShortTimeTransform
  private var frameStart = 0.0

  /// Creates a processor for the frames of `waveform`.
  ///
  /// - Parameters:
  ///   - waveform: The waveform of the frames, of one transmitter.
  ///   - gate: The range bins whose echoes are summed; all of them without it.
  ///   - window: The chirps in a window.
  ///   - hop: The chirps from the start of a window to the start of the next.
  ///   - taper: The weights of the chirps of a window, and of the samples of a chirp.
  ///   - removesMean: Whether the mean of each window, which does not move, is subtracted from it.
  /// - Precondition: The gate lies on the range axis, the window is even, and it fits into a frame
  ///   unless the waveform is continuous.
  public init(
    waveform: Waveform, gate: Range<Int>? = nil, window: Int, hop: Int, taper: Taper = Taper(.hann),
    removesMean: Bool = false
  ) {
    let gate = gate ?? 0..<waveform.rangeBins
    precondition(
      !gate.isEmpty && gate.lowerBound >= 0 && gate.upperBound <= waveform.rangeBins,
      "the gate \(gate) does not lie on \(waveform.rangeBins) range bins")
    precondition(waveform.shape.transmitters == 1, "a spectrogram takes one transmitter's chirps")
    precondition(
      waveform.isContinuous || window <= waveform.shape.chirps,
      "a window of \(window) chirps does not fit into a frame of \(waveform.shape.chirps)")
    let shape = waveform.shape
    self.waveform = waveform
    self.gate = gate
    let count = shape.samplesPerChirp
    let isReal = shape.sampleKind == .real
    if waveform.kind == .fmcw {
      let outputs = isReal ? count / 2 + 1 : count
      rangePlan = FourierPlan(
        [.init(length: count, inputStride: 1, outputStride: 1)],
        batch: [.init(length: shape.receivers, inputStride: count, outputStride: outputs)],
        input: isReal ? .real : .complex)
      rangeWeights = taper.weights(count: count)
      profiles = AlignedBuffer(repeating: 0, count: 2 * outputs * shape.receivers)
    } else {
      precondition(!isReal, "velocity needs complex samples or a swept chirp")
      rangePlan = nil
      rangeWeights = Array(repeating: 1, count: count)
      profiles = AlignedBuffer(repeating: 0, count: 2 * count * shape.receivers)
    }
    fast = AlignedBuffer(repeating: 0, count: shape.scalarsPerChirp)
    slow = Array(repeating: 0, count: 2 * gate.count * shape.receivers)
    transform = ShortTimeTransform(
      window: window, hop: hop, channels: gate.count * shape.receivers, taper: taper,
      removesMean: removesMean)
  }

  /// An empty spectrogram with the axes of this processor.
  public var empty: Spectrogram {
    let bins = transform.window
    let step = waveform.wavelength / (2 * waveform.chirpInterval * Double(bins))
    return Spectrogram(velocities: (0..<bins).map { Double($0 - bins / 2) * step })
  }

  /// Adds to `spectrogram` the rows that `frame` completes.
  ///
  /// - Precondition: `frame` has the shape of the waveform.
  public mutating func append(_ frame: borrowing Frame, to spectrogram: inout Spectrogram) {
    precondition(frame.shape == waveform.shape, "the frame does not fit the waveform")
    if !waveform.isContinuous {
      transform.restart()
      frameStart = frame.time
    }
    let window = transform.window
    let hop = transform.hop
    let interval = waveform.chirpInterval
    for chirp in 0..<waveform.shape.chirps {
      gateChirp(chirp, of: frame)
      let samples = slow
      let start =
        frameStart + (Double(transform.spectrumCount * hop) + Double(window) / 2) * interval
      let validity = frame.validity.span.extracting(chirp..<chirp + 1)
      transform.append(samples.span, validity: validity) { spectrum, damage in
        spectrogram.times.append(start)
        spectrogram.damages.append(damage)
        for bin in 0..<window {
          var power: Float = 0
          for place in stride(from: 2 * bin, to: spectrum.count, by: 2 * window) {
            power += spectrum[place] * spectrum[place] + spectrum[place + 1] * spectrum[place + 1]
          }
          spectrogram.levels.append(decibels(power: power))
        }
      }
    }
  }

  /// Fills the slow-time sample of every receiver and range bin of the gate.
  private mutating func gateChirp(_ chirp: Int, of frame: borrowing Frame) {
    let shape = frame.shape
    let width = shape.scalarsPerChirp
    if rangePlan == nil {
      copy(
        frame.samples.span, from: chirp * width, weights: rangeWeights, shape: shape, to: &profiles)
    } else {
      copy(frame.samples.span, from: chirp * width, weights: rangeWeights, shape: shape, to: &fast)
      rangePlan?.transform(&fast, into: &profiles)
    }
    gather(profiles, gate: gate, receivers: shape.receivers, into: &slow)
  }
}

/// Picks the range bins of a gate out of the profiles of all receivers.
private func gather(
  _ profiles: borrowing AlignedBuffer<Float>, gate: Range<Int>, receivers: Int,
  into slow: inout [Float]
) {
  let profiles = profiles.span
  let row = profiles.count / receivers
  for receiver in 0..<receivers {
    for (index, bin) in gate.enumerated() {
      let target = 2 * (receiver * gate.count + index)
      slow[target] = profiles[receiver * row + 2 * bin]
      slow[target + 1] = profiles[receiver * row + 2 * bin + 1]
    }
  }
}

/// Copies a chirp of all receivers with its samples weighted.
private func copy(
  _ frame: Span<Float>, from start: Int, weights: [Float], shape: FrameShape,
  to target: inout AlignedBuffer<Float>
) {
  var target = target.mutableSpan
  let components = shape.sampleKind.components
  for index in 0..<shape.scalarsPerChirp {
    target[index] = frame[start + index] * weights[index / components % shape.samplesPerChirp]
  }
}

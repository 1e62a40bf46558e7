import Radar
import Spectra

/// Range–Doppler maps of the three workloads, and the bare transforms they need.
func rangeDopplerBenches() -> [Bench] {
  let shapes: [(name: String, shape: FrameShape)] = [
    ("A", FrameShape(chirps: 64, receivers: 4, samplesPerChirp: 64, sampleKind: .complex)),
    ("B", FrameShape(chirps: 128, receivers: 4, samplesPerChirp: 256, sampleKind: .complex)),
    ("C", FrameShape(chirps: 32, receivers: 3, samplesPerChirp: 64, sampleKind: .real)),
  ]
  return shapes.flatMap { name, shape in
    [
      Bench(name: "rd_floor", workload: name) { transforms(of: shape) },
      Bench(name: "rd_pipeline", workload: name) { maps(of: shape) },
    ]
  }
}

/// From samples to decibels, rotating over 32 frames.
private func maps(of shape: FrameShape) -> () -> Void {
  let waveform = Waveform(
    ranging: .beat(bandwidth: 4e9), centerFrequency: 77e9, chirpInterval: 1e-4,
    frameInterval: 0.05, shape: shape)
  let taper = Taper(.hann, isSymmetric: true)
  var processor = RangeDopplerProcessor(
    waveform: waveform, rangeTaper: taper, dopplerTaper: taper, effort: .patient)
  var map = RangeDopplerMap(waveform: waveform)
  let samples = noise(shape.scalarCount * 32, scale: 2000)
  let frames = (0..<32).map { index in
    var frame = Frame(shape: shape, index: index)
    frame.samples = Array(samples[index * shape.scalarCount..<(index + 1) * shape.scalarCount])
    return frame
  }
  var next = 0
  return {
    processor.process(frames[next % 32], into: &map)
    next += 1
  }
}

/// The two transforms alone, with the best plan that FFTW finds.
private func transforms(of shape: FrameShape) -> () -> Void {
  let count = shape.samplesPerChirp
  let isReal = shape.sampleKind == .real
  let bins = isReal ? count / 2 + 1 : count
  let plan = FourierPlan(
    [
      .init(length: shape.chirps, inputStride: count, outputStride: bins),
      .init(length: count, inputStride: 1, outputStride: 1),
    ],
    batch: [
      .init(
        length: shape.receivers, inputStride: shape.chirps * count,
        outputStride: shape.chirps * bins)
    ], input: isReal ? .real : .complex, effort: .patient)
  var samples = AlignedBuffer<Float>(repeating: 1, count: plan.inputCount)
  var spectra = AlignedBuffer<Float>(repeating: 0, count: plan.outputCount)
  return { plan.transform(&samples, into: &spectra) }
}

/// The spectrogram of a minute of a continuous wave at 10 kHz.
func spectrogramBench() -> Bench {
  Bench(name: "stft", workload: "60 s") {
    let waveform = Waveform(
      ranging: .none, centerFrequency: 24e9, chirpInterval: 1e-4, frameInterval: 60,
      shape: FrameShape(chirps: 600_000, receivers: 1, samplesPerChirp: 1, sampleKind: .complex))
    var frame = Frame(shape: waveform.shape)
    frame.samples = noise(waveform.shape.scalarCount, scale: 1000)
    return {
      var processor = SpectrogramProcessor(waveform: waveform, window: 256, hop: 16)
      var spectrogram = processor.empty
      processor.append(frame, to: &spectrogram)
    }
  }
}

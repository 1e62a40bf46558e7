import Radar
import Spectra

/// A workload of `BENCHMARKS.md`: its frames are int16, complex samples in pairs.
private struct Workload {
  var name: String
  var shape: FrameShape

  static let all = [
    Workload(
      name: "A",
      shape: FrameShape(chirps: 64, receivers: 4, samplesPerChirp: 64, sampleKind: .complex)
    ),
    Workload(
      name: "B",
      shape: FrameShape(chirps: 128, receivers: 4, samplesPerChirp: 256, sampleKind: .complex)),
    Workload(
      name: "C", shape: FrameShape(chirps: 32, receivers: 3, samplesPerChirp: 64, sampleKind: .real)
    ),
  ]

  var waveform: Waveform {
    Waveform(
      ranging: .beat(bandwidth: 4e9), centerFrequency: 77e9, chirpInterval: 1e-4,
      frameInterval: 0.05, shape: shape)
  }

  var order: IntegerSampleOrder { shape.sampleKind == .complex ? .inPairs : .inTurn }

  /// As many frames as keep one thread busy for some milliseconds.
  var batch: Int { 1 << 23 / shape.scalarCount }

  func samples(frames: Int) -> [Int16] {
    noise(shape.scalarCount * frames, scale: 2000).map { Int16($0) }
  }
}

private let configuration = RangeDopplerConfiguration(
  rangeTaper: Taper(.hann, isSymmetric: true), dopplerTaper: Taper(.hann, isSymmetric: true))

/// Range–Doppler maps of the three workloads, and the bare transforms they need.
func rangeDopplerBenches() -> [Bench] {
  Workload.all.flatMap { workload in
    [
      Bench(name: "rd_floor", workload: workload.name) { fastest(floors(of: workload.shape)) },
      // Without the arrangement that this package uses itself.
      Bench(name: "rd_floor_two_dimensional", workload: workload.name) {
        fastest(floors(of: workload.shape).dropLast())
      },
      Bench(name: "rd_pipeline", workload: workload.name) { maps(of: workload) },
    ]
      + [1, 2].map { threads in
        Bench(name: "rd_batched32", workload: workload.name, threads: threads, divisor: 32) {
          batches(of: workload, frames: 32, threads: threads)
        }
      }
      + [1, 2].map { threads in
        Bench(
          name: "rd_batched", workload: workload.name, threads: threads,
          divisor: Double(workload.batch)
        ) { batches(of: workload, frames: workload.batch, threads: threads) }
      }
  }
}

/// From int16 to decibels, rotating over 32 frames.
private func maps(of workload: Workload) -> () -> Void {
  var processor = RangeDopplerProcessor(
    waveform: workload.waveform, configuration: configuration, effort: .patient)
  var map = processor.emptyMap
  let samples = workload.samples(frames: 32)
  let width = workload.shape.scalarCount
  var next = 0
  return {
    let start = next % 32 * width
    processor.process(
      samples.span.extracting(start..<start + width), order: workload.order, into: &map)
    next += 1
  }
}

/// The same for many frames at once.
private func batches(of workload: Workload, frames: Int, threads: Int) -> () -> Void {
  var processor = RangeDopplerBatchProcessor(
    waveform: workload.waveform, configuration: configuration, threads: threads, effort: .patient)
  var maps = Array(repeating: processor.emptyMap, count: frames)
  let samples = workload.samples(frames: frames)
  return { processor.process(samples.span, order: workload.order, into: &maps) }
}

/// The two passes of transforms alone with plans that FFTW has timed, in several arrangements: one
/// plan of two dimensions for all receivers, one for each, rows of a power of two or a little more
/// apart; and two plans of one dimension, of which the second turns the corner.
private func floors(of shape: FrameShape) -> [() -> Void] {
  let count = shape.samplesPerChirp
  let chirps = shape.chirps
  let input: FourierPlan.Input = shape.sampleKind == .real ? .real : .complex
  let bins = input == .real ? count / 2 + 1 : count
  let fast = FourierPlan.Dimension(length: count, inputStride: 1, outputStride: 1)
  let padded = (bins + 7) / 8 * 8 + 8
  let natural = input == .real ? (bins + 7) / 8 * 8 : bins
  let planes = [(natural, 1), (natural, shape.receivers), (padded, 1)].map { row, batch in
    repeated(
      FourierPlan(
        [.init(length: chirps, inputStride: count, outputStride: row), fast],
        batch: [.init(length: batch, inputStride: chirps * count, outputStride: chirps * row)],
        input: input, effort: .patient),
      times: shape.receivers / batch)
  }
  let rangeBins = input == .real ? count / 2 : count
  let rangePass = repeated(
    FourierPlan(
      [fast], batch: [.init(length: 16, inputStride: count, outputStride: padded)], input: input,
      effort: .patient),
    times: shape.receivers * chirps / 16)
  let dopplerPass = repeated(
    FourierPlan(
      [.init(length: chirps, inputStride: padded, outputStride: 1)],
      batch: [.init(length: 16, inputStride: 1, outputStride: chirps)], effort: .patient),
    times: shape.receivers * rangeBins / 16)
  return planes + [
    {
      rangePass()
      dopplerPass()
    }
  ]
}

/// Executes a plan some times over on the same samples.
private func repeated(_ plan: consuming FourierPlan, times: Int) -> () -> Void {
  let plan = plan
  var samples = AlignedBuffer<Float>(repeating: 1, count: plan.inputCount)
  var spectra = AlignedBuffer<Float>(repeating: 0, count: plan.outputCount)
  return { for _ in 0..<times { plan.transform(&samples, into: &spectra) } }
}

/// The one of `candidates` whose median over some calls is the least.
private func fastest(_ candidates: [() -> Void]) -> () -> Void {
  let clock = ContinuousClock()
  let medians = candidates.map { candidate in
    (0..<200).map { _ in clock.measure { candidate() } }.sorted()[100]
  }
  let best = medians.indices.min { medians[$0] < medians[$1] } ?? 0
  return candidates[best]
}

/// The spectrogram of a minute of a continuous wave at 10 kHz, and the bare transforms it needs.
func spectrogramBenches() -> [Bench] {
  let windows = (600_000 - 256) / 16 + 1
  return [
    Bench(name: "stft_floor", workload: "60 s") {
      // All windows of the recording as they overlap, and their spectra one after the other.
      repeated(
        FourierPlan(
          [.init(length: 256, inputStride: 1, outputStride: 1)],
          batch: [.init(length: windows, inputStride: 16, outputStride: 256)], effort: .measure),
        times: 1)
    },
    Bench(name: "stft_floor_in_cache", workload: "60 s") {
      // The same transform over and over, of a window that never leaves the first cache.
      repeated(
        FourierPlan([.init(length: 256, inputStride: 1, outputStride: 1)], effort: .patient),
        times: windows)
    },
    Bench(name: "stft", workload: "60 s") {
      let waveform = Waveform(
        ranging: .none, centerFrequency: 24e9, chirpInterval: 1e-4, frameInterval: 60,
        shape: FrameShape(chirps: 600_000, receivers: 1, samplesPerChirp: 1, sampleKind: .complex))
      var frame = Frame(shape: waveform.shape)
      frame.samples = noise(waveform.shape.scalarCount, scale: 1000)
      var processor = SpectrogramProcessor(
        waveform: waveform, window: 256, hop: 16, effort: .patient)
      var spectrogram = processor.empty
      return {
        spectrogram.removeRows()
        processor.restart()
        processor.append(frame, to: &spectrogram)
      }
    },
  ]
}

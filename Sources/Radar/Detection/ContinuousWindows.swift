internal import Spectra

/// Windows that slide along a continuous wave.
struct ContinuousWindows: ~Copyable {
  var transform: ShortTimeTransform
  private let chirpInterval: Double
  private var damages: [Double] = []
  private let damageMemory: Int

  /// The last sample of each receiver that was not lost.
  private var last: [Float]
  private var clutter: ClutterStream

  init(waveform: Waveform, taper: Taper, options: DetectionOptions) {
    var window = 2
    while Double(2 * window) * waveform.chirpInterval <= options.windowing.window * 2.squareRoot() {
      window *= 2
    }
    transform = ShortTimeTransform(
      window: window,
      hop: max(1, Int((options.windowing.hop / waveform.chirpInterval).rounded())),
      channels: waveform.shape.receivers, taper: taper, removesMean: options.clutterRemoval == .mean
    )
    chirpInterval = waveform.chirpInterval
    last = Array(repeating: 0, count: waveform.shape.scalarsPerChirp)
    clutter = ClutterStream(removal: options.clutterRemoval, width: last.count)
    damageMemory = (window + waveform.shape.chirps - 1) / waveform.shape.chirps + 1
  }

  mutating func append(
    _ frame: borrowing Frame,
    each body: (_ time: Double, _ damage: Double, _ spectrum: Span<Float>) -> Void
  ) {
    damages.append(frame.damage)
    if damages.count > damageMemory { damages.removeFirst() }
    let damage = damages.reduce(0, +) / Double(damages.count)
    var samples = frame.samples
    hold(&samples, validity: frame.validity)
    var validity = [Bool](repeating: true, count: frame.validity.count)
    clutter.filter(&samples, validity: &validity)
    let first = Double(transform.window) / 2
    let hop = Double(transform.hop)
    let interval = chirpInterval
    var count = Double(transform.spectrumCount)
    transform.append(samples.span) { spectrum in
      body((first + count * hop) * interval, damage, spectrum)
      count += 1
    }
  }

  /// Repeats the last sample before a lost one: a step to zero would smear over all velocities.
  private mutating func hold(_ samples: inout [Float], validity: [Bool]) {
    let width = last.count
    for chirp in validity.indices {
      for index in 0..<width {
        if validity[chirp] {
          last[index] = samples[chirp * width + index]
        } else {
          samples[chirp * width + index] = last[index]
        }
      }
    }
  }
}

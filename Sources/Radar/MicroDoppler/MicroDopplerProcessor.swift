public import Spectra

/// Turns frames into the micro-Doppler spectrogram of a range gate, across the gaps between them.
///
/// The chirps of all frames are the samples of one slow-time signal, each at its own time. Windows
/// slide over it at even steps; where a window meets a gap, or a chirp that was lost, nothing is
/// there and nothing is made up: the chirps that are there are transformed at the times they were
/// measured, and scaled to the level of a full window. Gaps at even distances leave side lobes at
/// multiples of the frame rate. Windows of which less than a tenth is there have no row.
///
/// A gate that follows the strongest moving echo is taken for each window as a whole, from the frame
/// in its middle, so that no signal jumps from one range bin to another.
public struct MicroDopplerProcessor: ~Copyable {
  /// The waveform of the frames.
  public let waveform: Waveform

  /// How frames are processed.
  public let configuration: MicroDopplerConfiguration

  /// The range bins of each row so far, those of a reassigned row being those of its window.
  public private(set) var gates: [Range<Int>] = []

  private var profiler: RangeProfiler
  private var window: GappedWindow
  private var frames: [HeldFrame] = []
  private var start: Double?
  private var nextWindow = 0
  private var motion: [Float]
  private var reassignment: Reassignment

  /// Creates a processor for the frames of `waveform`.
  ///
  /// - Parameters:
  ///   - waveform: The waveform of the frames, of one transmitter.
  ///   - configuration: How they are processed.
  ///   - effort: How hard to look for fast plans.
  /// - Precondition: The gate lies on the range axis, window and hop are positive, and the window is
  ///   even.
  public init(
    waveform: Waveform, configuration: MicroDopplerConfiguration,
    effort: PlanningEffort = .estimate
  ) {
    let window = configuration.window
    precondition(waveform.shape.transmitters == 1, "a spectrogram takes one transmitter's chirps")
    precondition(
      window > 0 && configuration.hop > 0 && window.isMultiple(of: 2),
      "a window of \(window) chirps and a hop of \(configuration.hop) make no spectrogram")
    switch configuration.gate {
    case .fixed(let gate):
      precondition(
        !gate.isEmpty && gate.lowerBound >= 0 && gate.upperBound <= waveform.rangeBins,
        "the gate \(gate) does not lie on \(waveform.rangeBins) range bins")
    case .following(let width):
      precondition(
        width > 0 && width <= waveform.rangeBins,
        "a gate of \(width) does not fit \(waveform.rangeBins) range bins")
    }
    self.waveform = waveform
    self.configuration = configuration
    profiler = RangeProfiler(waveform: waveform, taper: configuration.taper, effort: effort)
    self.window = GappedWindow(
      length: window, taper: configuration.taper, reassigns: configuration.reassigns,
      effort: effort)
    motion = Array(repeating: 0, count: waveform.rangeBins)
    reassignment = Reassignment(bins: window, hop: configuration.hop)
  }

  /// An empty spectrogram with the axes of this processor.
  public var empty: Spectrogram {
    let bins = configuration.window
    let step = waveform.wavelength / (2 * waveform.chirpInterval * Double(bins))
    return Spectrogram(velocities: (0..<bins).map { Double($0 - bins / 2) * step })
  }

  /// Adds to `spectrogram` the rows that `frame` completes.
  ///
  /// - Precondition: `frame` has the shape of the waveform, and its time is not before that of the
  ///   last one.
  public mutating func append(_ frame: borrowing Frame, to spectrogram: inout Spectrogram) {
    precondition(frame.shape == waveform.shape, "the frame does not fit the waveform")
    let origin = start ?? frame.time
    start = origin
    precondition(
      frame.time >= (frames.last?.time ?? frame.time), "the frame is older than the last one")
    profiler.process(frame)
    hold(frame, profiles: profiler.copyOfProfiles)
    let interval = waveform.chirpInterval
    let end = frame.time + Double(waveform.shape.chirps) * interval
    let length = Double(configuration.window) * interval
    let step = Double(configuration.hop) * interval
    // Half a chirp of tolerance, since times are rounded.
    while origin + Double(nextWindow) * step + length <= end + interval / 2 {
      let first = origin + Double(nextWindow) * step
      let duration = Double(waveform.shape.chirps) * interval
      frames.removeAll { $0.time + duration <= first - interval / 2 }
      transformWindow(at: first, to: &spectrogram)
      nextWindow += 1
      // Over a gap longer than a window there is nothing to transform.
      if let oldest = frames.first, oldest.time > origin + Double(nextWindow) * step + length {
        nextWindow = max(nextWindow, Int((oldest.time - length - origin) / step))
      }
    }
  }

  /// Adds to `spectrogram` the rows that reassignment has held back for power from later windows.
  public mutating func finish(_ spectrogram: inout Spectrogram) {
    reassignment.finish(&spectrogram)
  }

  /// Remembers a frame, and where in it something moves.
  private mutating func hold(_ frame: borrowing Frame, profiles: [Float]) {
    let shape = waveform.shape
    let valid = Float(max(frame.validity.count { $0 }, 1))
    for bin in motion.indices {
      var power: Float = 0
      for receiver in 0..<shape.receivers {
        var sum = SIMD2<Float>.zero
        var squares: Float = 0
        for chirp in 0..<shape.chirps where frame.validity[chirp] {
          let place = profiler.offset(receiver: receiver, chirp: chirp, rangeBin: bin)
          let value = SIMD2(profiles[place], profiles[place + 1])
          sum += value
          squares += (value * value).sum()
        }
        power += squares - (sum * sum).sum() / valid
      }
      // A hand does not leave its range bin from one frame to the next, a burst of noise does.
      motion[bin] += (power - motion[bin]) / 2
    }
    let center = motion.indices.max { motion[$0] < motion[$1] } ?? 0
    frames.append(
      HeldFrame(
        time: frame.time, validity: frame.validity, profiles: profiles, center: center))
  }

  /// The range bins for the window that starts at `time`.
  private func gate(at time: Double) -> Range<Int> {
    switch configuration.gate {
    case .fixed(let gate): return gate
    case .following(let width):
      let interval = waveform.chirpInterval
      let shift = Double(configuration.window - waveform.shape.chirps) * interval / 2
      let nearest = frames.min { abs($0.time - time - shift) < abs($1.time - time - shift) }
      let first = min(max((nearest?.center ?? 0) - width / 2, 0), waveform.rangeBins - width)
      return first..<first + width
    }
  }

  private mutating func transformWindow(at time: Double, to spectrogram: inout Spectrogram) {
    let interval = waveform.chirpInterval
    let placements = frames.indices.map { index in
      let position = (frames[index].time - time) / interval
      let place = position.rounded()
      // Times are not more exact than that, and frames with equal rests share a transform.
      let rest = ((position - place) * 1e6).rounded() / 1e6
      return GappedWindow.Placement(frame: index, place: Int(place), rest: rest)
    }.filter { $0.place < configuration.window && $0.place + waveform.shape.chirps > 0 }
      .sorted { $0.rest < $1.rest }
    let share = window.share(of: frames, at: placements)
    guard share >= 0.1 else { return }
    let gate = gate(at: time)
    let row = nextWindow
    let middle = time + Double(configuration.window) / 2 * interval
    reassignment.open(row, time: middle, damage: Double(1 - share))
    for receiver in 0..<waveform.shape.receivers {
      for bin in gate {
        window.transform(
          frames, at: placements,
          column: profiler.offset(receiver: receiver, chirp: 0, rangeBin: bin) / 2,
          stride: profiler.rowLength, removesMean: configuration.removesMean)
        reassignment.add(window.sums, scale: 1 / (share * share), row: row)
      }
    }
    gates.append(gate)
    // Power moves by half a window at most.
    let reach = configuration.reassigns ? configuration.window / 2 / configuration.hop + 1 : 0
    reassignment.emit(before: row - reach + 1, to: &spectrogram)
  }
}

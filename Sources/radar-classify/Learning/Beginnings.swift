import Gestures
import Radar
import Simulation

/// What a training starts from, if not from random weights.
struct Beginnings {
  var training: TrainingOptions
  var console: OutputOptions

  /// Where the chance of simulated people begins, so that they are not those of `simulate`.
  private static let seed: UInt64 = 0x5EED_0F9E_09E1

  /// The model to start from: one that is given, or that learns from simulated people now.
  ///
  /// - Parameters:
  ///   - recordings: What is learned from later.
  ///   - checkpoint: From where to go on after an interruption.
  /// - Returns: The model, or `nil` to start from random weights.
  /// - Throws: What reading a model, or learning from simulated people, throws.
  func start(
    for recordings: [LabelledRecording], checkpoint: GestureTrainer.Checkpoint? = nil
  ) throws -> GestureModel? {
    if let path = training.startFrom { return try GestureModel(path: path) }
    guard let count = training.pretrain else { return nil }
    var trainer = training.trainer
    trainer.checkpoint = checkpoint
    let people = try people(count, like: recordings)
    var bar = ProgressBar(total: trainer.epochs, options: console)
    defer { bar.clear() }
    return try trainer.pretrain(on: people, for: recordings) { progress in
      bar.show(
        progress.epoch, "simulated people, loss \(progress.loss.formatted(decimals: 4))")
    }
  }

  /// Simulated people before the radar that is most like that of `recordings`.
  private func people(
    _ count: Int, like recordings: [LabelledRecording]
  ) throws -> [LabelledRecording] {
    let waveforms = Set(recordings.map(\.waveform))
    guard let first = recordings.first?.waveform else { throw GestureError.noLabels }
    func quantities(_ waveform: Waveform) -> Set<MotionSpectrum.Quantity> {
      Set(MotionSpectrumProcessor(waveform: waveform).quantities)
    }
    let needed = waveforms.map(quantities).reduce(quantities(first)) { $0.intersection($1) }
    let radars = SimulatedRadar.allCases.filter { radar in
      radar.waveform.kind == first.kind && quantities(radar.waveform).isSuperset(of: needed)
    }
    let nearest = radars.min { one, other in
      abs(one.waveform.centerFrequency - first.centerFrequency)
        < abs(other.waveform.centerFrequency - first.centerFrequency)
    }
    guard let nearest else {
      throw GestureError.nothingAlike(WaveformFamily(of: waveforms).summary)
    }
    let set = SimulatedDataSet(
      radar: nearest, options: SceneOptions(radar: nearest), seed: Self.seed &+ training.seed)
    return (0..<count).map { index in
      LabelledRecording(set[index], name: "simulated person \(index + 1)")
    }
  }
}

extension LabelledRecording {
  /// A simulated recording, which is computed anew whenever it is read and never stored.
  init(_ simulator: RecordingSimulator, name: String) {
    self.init(
      name: name, waveform: simulator.waveform, annotations: simulator.annotations, subject: name
    ) { body in
      var simulator = simulator
      var frame = Frame(shape: simulator.waveform.shape)
      while simulator.next(into: &frame) { try body(frame) }
    }
  }
}

extension TrainingOptions {
  /// Whether it was said what learns, for how long, or for how many false alarms.
  var learnsInItsOwnWay: Bool {
    !startsFromNothing || epochs != nil || falseAlarmsPerHour != nil
  }

  /// Whether no sort of network, nor what it sees, nor what it starts from was chosen.
  var startsFromNothing: Bool {
    network == nil && rangeGates == nil && pretrain == nil && startFrom == nil && bayes == nil
      && sparsity == nil
  }
}

/// Where a training that writes `output` keeps what it needs to go on.
struct Interruptible {
  var output: String
  var path: String?
  var console: OutputOptions

  /// The file with a name that ends in `suffix`.
  ///
  /// A file that someone named is not replaced if it belongs to another training; that beside the
  /// output is, since nobody but the command makes it.
  func checkpoint(_ suffix: String) -> GestureTrainer.Checkpoint {
    let file = (path ?? output + ".checkpoint") + suffix
    let quiet = console.quiet
    return GestureTrainer.Checkpoint(path: file, replacesOthers: path == nil) { beginning in
      switch beginning {
      case .fresh: break
      case .replacing:
        Console.report("note: \(file) belongs to another training, and is replaced")
      case .resuming(let epoch, let epochs):
        if !quiet { Console.report("going on after epoch \(epoch) of \(epochs) from \(file)") }
      }
    }
  }

  /// Removes what is not needed any more.
  func remove() {
    for suffix in ["", ".pretraining"] { checkpoint(suffix).remove() }
  }
}

import ArgumentParser
import Gestures
import Radar
import Recordings

struct Detect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List what a recording's radar detects, frame by frame, and follow the hand.",
    discussion: """
      Each frame gives a point cloud: range in metres, velocity in metres per second (negative \
      for what approaches), azimuth in radians (positive to the right), and the power over that of \
      the noise in decibels; a number that the radar cannot tell is missing. A Kalman filter \
      follows the hand through the clouds. With --format json a line holds the keys recording, \
      time_s, points (each [range, velocity, azimuth, SNR], null where unknown), damaged and track \
      (null, or id, range_m, velocity_mps, azimuth_rad, elevation_rad and unseen_s, where known).

        radar-classify detect recordings/fmcw60-swipes.bin --detector os --false-alarm-rate 1e-5
      """)

  enum DetectorName: String, ExpressibleByArgument, CaseIterable {
    case ca, go, so, os
  }

  @Argument(help: "The recording.", completion: .file())
  var recording: String

  @Option(
    help: """
      How noise is estimated: ca (mean), go (greater of two sides), so (smaller of two sides), os \
      (order statistic).
      """)
  var detector = DetectorName.os

  @Option(
    help: ArgumentHelp(
      "Which order statistic, as the share of the training cells below it.", valueName: "share"))
  var rank = 0.75

  @Option(
    help: ArgumentHelp("The probability that a cell of noise is detected.", valueName: "rate"))
  var falseAlarmRate = 1e-4

  @Option(
    help: ArgumentHelp(
      "The cells on each side along range that tell the noise: guard cells, training cells.",
      valueName: "guard,training"))
  var rangeCells = CellCounts(2, 8)

  @Option(
    help: ArgumentHelp("The same along velocity.", valueName: "guard,training"))
  var dopplerCells = CellCounts(2, 6)

  @Flag(help: "List every cell that stands out, not only the strongest of neighbours.")
  var allCells = false

  @Flag(help: "Keep the echoes of what does not move.")
  var keepStatic = false

  @OptionGroup var source: SourceOptions
  @OptionGroup var output: OutputOptions

  mutating func validate() throws {
    guard falseAlarmRate > 0, falseAlarmRate < 1 else {
      throw ValidationError("--false-alarm-rate must be between 0 and 1.")
    }
    guard rank > 0, rank <= 1 else {
      throw ValidationError("--rank must be above 0, and 1 at most.")
    }
  }

  mutating func run() throws {
    var reader = try source.open(recording)
    let waveform = reader.metadata.waveform
    var processor = DetectionProcessor(waveform: waveform, options: options)
    var tracker = HandTracker()
    var frame = Frame(shape: waveform.shape)
    var bar = ProgressBar(total: reader.metadata.frameCount, options: output)
    var count = 0
    while try reader.read(into: &frame) {
      var clouds: [PointCloud] = []
      processor.append(frame) { clouds.append($0) }
      for cloud in clouds {
        bar.clear()
        try print(cloud, track: tracker.update(with: cloud))
      }
      count += 1
      bar.show(count, recording)
    }
    bar.clear()
  }

  private var options: DetectionOptions {
    let estimator: NoiseEstimator =
      switch detector {
      case .ca: .cellAveraging
      case .go: .greatestOf
      case .so: .smallestOf
      case .os: .orderedStatistic(share: rank)
      }
    return DetectionOptions(
      estimator: estimator, falseAlarmRate: falseAlarmRate, rangeWindow: rangeCells.window,
      dopplerWindow: dopplerCells.window, clutterRemoval: keepStatic ? .none : .mean,
      groupsPeaks: !allCells)
  }

  private func print(_ cloud: PointCloud, track: HandTrack?) throws {
    if output.isJSON {
      try Console.print(json: CloudLine(cloud, track: track, recording: recording))
    } else {
      Console.print(cloud.summary(track: track))
    }
  }
}

/// Guard and training cells as an argument: `2,8`.
struct CellCounts: ExpressibleByArgument {
  var window: TrainingWindow

  init(_ guardCells: Int, _ trainingCells: Int) {
    window = TrainingWindow(guardCells: guardCells, trainingCells: trainingCells)
  }

  init?(argument: String) {
    let counts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    // More cells than any map has are a slip, and would overflow sums of counts.
    guard counts.count == 2, let first = counts[0], let second = counts[1],
      (0...65_536).contains(first), (0...65_536).contains(second)
    else { return nil }
    self.init(first, second)
  }

  var defaultValueDescription: String { "\(window.guardCells),\(window.trainingCells)" }
}

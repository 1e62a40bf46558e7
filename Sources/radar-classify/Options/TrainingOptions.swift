import ArgumentParser
import Foundation
import Gestures

/// How a model is learned.
struct TrainingOptions: ParsableArguments {
  enum Network: String, ExpressibleByArgument, CaseIterable {
    case timeFrequency = "time-frequency"
    case streaming
    case envelope = "envelope-knn"
    case pointGraph = "point-graph"

    /// What it is called where gestures are learned from raw samples, and `nil` elsewhere.
    var kind: NetworkKind? {
      switch self {
      case .timeFrequency: .timeFrequency
      case .streaming: .streaming
      case .envelope: .envelope
      case .pointGraph: nil
      }
    }
  }

  @Option(
    help: """
      What learns: time-frequency reads a window of time and velocity like an image (the default); \
      streaming looks at each frame once, which is cheaper on a stream; envelope-knn compares \
      envelopes, the baseline; point-graph learns from point clouds in CSV: Frame #,# \
      Obj,X,Y,Z,Doppler,Intensity.
      """)
  var network: Network?

  @Option(
    help: """
      Cut the range axis, up to where hands are, into this many gates, and see the echoes of each \
      beside their mean range: from 2 to 64, for radars that have as many range bins there.
      """)
  var rangeGates: Int?

  @Option(
    help: """
      Learn from this many simulated people before a radar like yours first, and from the data set \
      after that.
      """)
  var pretrain: Int?

  @Option(
    help: "Start from the weights of this model instead of random ones.",
    completion: .file(extensions: ["safetensors"]))
  var startFrom: String?

  @Option(
    help: """
      Learn a distribution over networks instead of one, so that answers come with their \
      uncertainty.
      """)
  var bayes: BayesianMethod?

  enum Sparsity: String, ExpressibleByArgument, CaseIterable {
    case groupL1 = "group-l1"
  }

  @Option(
    help: """
      Make the network smaller while it learns: group-l1 drops whole filters until --keep of the \
      multiplications are left.
      """)
  var sparsity: Sparsity?

  @Option(help: "With --sparsity, the share of the multiplications that may be left.")
  var keep = 0.5

  @Option(
    help: """
      The times every gesture is shown: \(GestureTrainer().epochs) without it, and with point-graph \
      \(PointGraphTrainer().epochs). With --bayes the last two layers go on for a quarter of them more.
      """)
  var epochs: Int?

  @Option(help: "Where random numbers begin: the same seed gives the same model.")
  var seed: UInt64 = 0

  @Option(help: "The most threads to use; the result does not depend on it.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Option(
    help: """
      The share of gestures held out at a time, to tell how well it goes, what confidence means and \
      when to tell an event.
      """)
  var validation = GestureTrainer().validationFraction

  @Option(
    help: """
      The most false alarms an hour where nobody makes a gesture, as far as the held-out recordings \
      without gestures can tell.
      """)
  var falseAlarmsPerHour: Double?

  mutating func validate() throws {
    guard (0..<1).contains(validation) else {
      throw ValidationError("--validation must be at least 0 and below 1.")
    }
    guard falseAlarmsPerHour ?? 0 >= 0 else {
      throw ValidationError("--false-alarms-per-hour cannot be negative.")
    }
    guard (1...1_000_000).contains(epochs ?? 1) else {
      throw ValidationError("--epochs must be from 1 to 1000000.")
    }
    guard keep > 0, keep <= 1 else { throw ValidationError("--keep must be above 0, at most 1.") }
    guard (1...100_000).contains(pretrain ?? 1) else {
      throw ValidationError("--pretrain must be from 1 to 100000.")
    }
    guard pretrain == nil || startFrom == nil else {
      throw ValidationError("--pretrain and --start-from exclude each other.")
    }
    guard (2...64).contains(rangeGates ?? 2) else {
      throw ValidationError("--range-gates must be from 2 to 64.")
    }
    guard
      rangeGates == nil
        || bayes == nil && startFrom == nil && network != .envelope
          && network != .pointGraph
    else {
      throw ValidationError(
        "--range-gates goes with the time-frequency and streaming networks, not with --start-from or --bayes."
      )
    }
    let isPlain = bayes == nil && (network == nil || network == .timeFrequency)
    guard isPlain || sparsity == nil else {
      throw ValidationError("--sparsity goes with the time-frequency network only.")
    }
    guard bayes == nil || network == nil || network == .timeFrequency else {
      throw ValidationError("--bayes goes with the time-frequency network only.")
    }
    guard
      pretrain == nil && startFrom == nil
        || bayes == nil && network != .envelope && network != .pointGraph
    else {
      throw ValidationError(
        "--pretrain and --start-from go with the time-frequency and streaming networks, not with --bayes."
      )
    }
    guard threads > 0 else { throw ValidationError("--threads must be at least 1.") }
  }

  var trainer: GestureTrainer {
    var trainer = GestureTrainer()
    if let epochs { trainer.epochs = epochs }
    trainer.seed = seed
    trainer.threads = threads
    trainer.validationFraction = validation
    trainer.network = network?.kind ?? .timeFrequency
    trainer.rangeGates = rangeGates ?? 0
    trainer.falseAlarmsPerHour = falseAlarmsPerHour
    trainer.sparsity = sparsity.map { _ in FilterSparsity(share: keep) }
    return trainer
  }
}

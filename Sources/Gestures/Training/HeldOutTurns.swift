internal import Radar

/// The turns in which models learn, each from what the turn does not hold out, to tell how well it goes
/// and what confidence means.
///
/// Of up to a thousand gestures every one is held out once, by models that only judge it, and in a last
/// turn a model learns from all; of more, the model learns from the others only. Fewer than four gestures
/// in a part say nothing about confidence: nothing is held out then.
struct HeldOutTurns {
  /// What is held out by a turn, and whether what learns in it belongs to the model.
  struct Turn {
    /// The name of the part that is held out, if any is.
    var part: String?

    var isKept: Bool
  }

  let turns: [Turn]

  private let partition: MomentPartition?
  private let includes: (_ sequence: Int, _ time: Double) -> Bool

  /// Deals out the marked moments of `sequences` for which `includes` says yes.
  ///
  /// - Throws: What dealing out throws.
  init(
    of sequences: [LabelledSequence], share: Double, seed: UInt64,
    includes: @escaping (_ sequence: Int, _ time: Double) -> Bool
  ) throws {
    self.includes = includes
    let marked = sequences.enumerated().reduce(0) { sum, item in
      sum + item.element.annotations.count { includes(item.offset, $0.middle) }
    }
    let parts = share > 0 ? max(Int(min((1 / share).rounded(), 1e6)), 2) : 0
    guard parts > 0, marked >= 4 * parts else {
      partition = nil
      turns = [Turn(part: nil, isKept: true)]
      return
    }
    let partition = try MomentPartition.random(
      of: sequences, count: parts, seed: seed ^ 0x9E37_79B9_7F4A_7C15, includes: includes)
    self.partition = partition
    if marked > GestureTrainer.fewGestures {
      turns = [Turn(part: partition.names.first, isKept: true)]
    } else {
      turns =
        partition.names.map { Turn(part: $0, isKept: false) } + [Turn(part: nil, isKept: true)]
    }
  }

  /// Whether anything is held out by any turn.
  var isAny: Bool { partition != nil }

  /// Whether a moment of a sequence is held out by `turn`.
  func isHeldOut(_ sequence: Int, _ time: Double, by turn: Turn) -> Bool {
    turn.part != nil && includes(sequence, time) && partition?.name(sequence, time) == turn.part
  }

  /// Whether a moment of a sequence may be learned from in `turn`.
  func isLearned(_ sequence: Int, _ time: Double, in turn: Turn) -> Bool {
    includes(sequence, time) && !isHeldOut(sequence, time, by: turn)
  }
}

internal import Autodiff
internal import Radar

/// To which part of a split every moment of every recording belongs.
struct MomentPartition: Sendable {
  /// The names of the parts.
  let names: [String]

  private let part: @Sendable (_ sequence: Int, _ time: Double) -> String?

  /// A second part to which a moment belongs, if any: it is held out with both.
  private var secondPart: @Sendable (_ sequence: Int, _ time: Double) -> String? = { _, _ in nil }

  /// The name of the part to which `time` in the recording `sequence` belongs, and `nil` if it takes
  /// no part.
  func name(_ sequence: Int, _ time: Double) -> String? { part(sequence, time) }

  /// Whether a model that is judged by `part` may learn from a moment.
  func isLearned(_ sequence: Int, _ time: Double, without part: String) -> Bool {
    name(sequence, time) != part && secondPart(sequence, time) != part
  }

  init(
    names: [String], part: @escaping @Sendable (_ sequence: Int, _ time: Double) -> String?
  ) {
    self.names = names
    self.part = part
  }

  /// Parts of equally many gestures, drawn at random.
  ///
  /// Time belongs to the gesture that is nearest to it, so background is held out together with the
  /// gesture it surrounds; recordings without gestures are dealt out in pieces of ten seconds.
  ///
  /// - Throws: ``GestureError/tooFew(what:found:needed:)`` if there are fewer gestures than parts.
  static func random(
    of sequences: [LabelledSequence], count: Int, seed: UInt64,
    includes: (_ sequence: Int, _ time: Double) -> Bool = { _, _ in true }
  ) throws -> MomentPartition {
    let middles = sequences.enumerated().map { index, sequence in
      sequence.annotations.map(\.middle).filter { includes(index, $0) }
    }
    let gestures = middles.map(\.count).reduce(0, +)
    guard count > 1, gestures >= count else {
      throw GestureError.tooFew(
        what: count > 1 ? "gestures" : "folds", found: count > 1 ? gestures : count,
        needed: max(count, 2))
    }
    var generator = SeededGenerator(seed: seed)
    let deal = (0..<gestures).shuffled(using: &generator).map { "\($0 % count + 1)" }
    var next = 0
    let parts = middles.map { middles in
      middles.map { middle -> (time: Double, part: String) in
        next += 1
        return (middle, deal[next - 1])
      }
    }
    return MomentPartition(names: (1...count).map { "\($0)" }) { sequence, time in
      let nearest = parts[sequence].min { abs($0.time - time) < abs($1.time - time) }
      return nearest?.part ?? "\((Int(max(time, 0) / 10) + sequence) % count + 1)"
    }
  }

  /// One part for each session, or each person.
  ///
  /// - Throws: ``GestureError/missingGroup(recording:field:)`` if a recording does not say its own,
  ///   and ``GestureError/tooFew(what:found:needed:)`` if there is only one.
  static func groups(
    of sequences: [LabelledSequence], field: String, _ group: (LabelledSequence) -> String?
  ) throws -> MomentPartition {
    let names = try sequences.map { sequence in
      guard let name = group(sequence) else {
        throw GestureError.missingGroup(recording: sequence.name, field: field)
      }
      return name
    }
    let distinct = Set(names).sorted()
    guard distinct.count > 1 else {
      throw GestureError.tooFew(what: "\(field)s", found: distinct.count, needed: 2)
    }
    return MomentPartition(names: distinct) { sequence, _ in names[sequence] }
  }

  /// One part for each class of gestures: all time that is nearest to one of them, and a random part
  /// of everything else, so that a model which never heard of a class is judged by known gestures too.
  ///
  /// - Throws: ``GestureError/tooFew(what:found:needed:)`` if there are fewer than three classes, since
  ///   one is left out and one alone cannot be told from others.
  static func labels(of sequences: [LabelledSequence], seed: UInt64) throws -> MomentPartition {
    let classes = Set(sequences.flatMap { $0.annotations.map(\.label) })
      .subtracting([GestureModel.backgroundLabel]).sorted()
    guard classes.count > 2 else {
      throw GestureError.tooFew(what: "classes", found: classes.count, needed: 3)
    }
    let random = try MomentPartition.random(of: sequences, count: classes.count, seed: seed)
    let annotations = sequences.map(\.annotations)
    var partition = MomentPartition(names: classes) { sequence, time in
      let marks = annotations[sequence].filter { $0.label != GestureModel.backgroundLabel }
      return marks.min { abs($0.middle - time) < abs($1.middle - time) }?.label
    }
    partition.secondPart = { sequence, time in
      random.name(sequence, time).flatMap { random.names.firstIndex(of: $0) }.map { classes[$0] }
    }
    return partition
  }
}

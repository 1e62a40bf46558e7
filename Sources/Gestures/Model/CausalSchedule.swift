/// How far back the layers of a causal network look.
///
/// The layers look at three steps each, one, two, four and eight steps apart, and the last one at what
/// they say now and every eight steps before, so that all of it together sees as much of the past as a
/// window holds, and nothing of the future.
package struct CausalSchedule: Hashable, Sendable {
  /// The steps that a layer looks at.
  package static let width = 3

  /// The steps from one of them to the next, for each layer.
  package let dilations: [Int]

  /// The ages in steps of what the last layer sees, the oldest first.
  package let taps: [Int]

  /// The steps that an answer depends on.
  package let receptiveField: Int

  /// A schedule for windows of `steps`.
  ///
  /// - Precondition: A window has three steps or more.
  package init(steps: Int) {
    precondition(steps >= Self.width, "\(steps) steps are too few for a layer")
    var dilations: [Int] = []
    var reach = 1
    for dilation in [1, 2, 4, 8] where reach + (Self.width - 1) * dilation <= steps {
      dilations.append(dilation)
      reach += (Self.width - 1) * dilation
    }
    let interval = dilations.last ?? 1
    let taps = (0...(steps - reach) / interval).map { $0 * interval }
    self.dilations = dilations
    self.taps = taps.reversed()
    receptiveField = reach + (taps.last ?? 0)
  }
}

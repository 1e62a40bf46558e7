/// What a model says of one window that slides along a stream.
package struct ScoredWindow: Sendable {
  /// The middle of the window in seconds since the start of the stream.
  package let middle: Double

  /// What a model makes of it.
  package let view: GestureView

  /// The share of chirps in the window that were lost.
  let damage: Double

  /// How vigorously something moves in the middle of the window, in decibels above silence.
  let vigour: Double

  /// For how long something has been moving when its middle comes, in seconds, as far as anybody asked.
  let motion: Double

  /// The most probable gesture, as an index into the labels, and `nil` if there are no gestures.
  let leader: Int?

  /// The probability of the most probable gesture.
  let probability: Double

  /// The probability of any gesture.
  let presence: Double

  /// Reads what a model makes of a window, in which the classes `gestures`, as indices into the labels, are
  /// gestures.
  package init(
    middle: Double, view: GestureView, gestures: [Int], damage: Double = 0, vigour: Double,
    motion: Double = 0
  ) {
    self.middle = middle
    self.view = view
    self.damage = damage
    self.vigour = vigour
    self.motion = motion
    let probabilities = softmax(view.scores, over: Array(view.scores.indices), temperature: 1)
    leader = gestures.max { probabilities[$0] < probabilities[$1] }
    probability = leader.map { probabilities[$0] } ?? 0
    presence = view.presence(of: gestures)
  }
}

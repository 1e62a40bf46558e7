package import Radar

/// What became of a stream of samples on its way.
///
/// Frames count for every source. The other figures are those of packets, and stay zero for samples
/// that did not come in any.
public struct Reception: Hashable, Sendable {
  /// The frames that were handed on, whole or damaged.
  public var frames = 0

  /// The frames of which a part was lost.
  public var damagedFrames = 0

  /// The frames of which nothing arrived.
  public var lostFrames = 0

  /// The frames that arrived, but were dropped because nobody took the ones before them in time.
  public var droppedFrames = 0

  /// The chirps that were lost in all frames together.
  public var lostChirps = 0

  /// The packets that arrived, of whatever use they were.
  public var packets = 0

  /// The packets that overtook another one, without harm.
  public var reordered = 0

  /// The packets that came once more.
  public var duplicates = 0

  /// The packets that came after their place was given up.
  public var late = 0

  /// The packets that do not belong to the stream, as their counters fit nowhere.
  public var strays = 0

  /// How often the sender started anew.
  public var restarts = 0

  /// The bytes of samples that arrived in time.
  public var receivedBytes = 0

  /// The bytes of samples that did not, and stand as zeros in their frames.
  public var lostBytes = 0

  /// The bytes of a packet that the end of the file cut off: they are not used.
  public var cutBytes = 0

  /// Creates the reception of nothing.
  public init() {}

  /// Whether anything is missing from the frames handed on.
  public var isDamaged: Bool { lostChirps > 0 || droppedFrames > 0 || lostBytes > 0 }

  /// Counts a frame that is handed on.
  package mutating func count(_ frame: borrowing Frame) {
    frames += 1
    let lost = frame.validity.count { !$0 }
    guard lost > 0 else { return }
    lostChirps += lost
    if lost == frame.shape.chirps { lostFrames += 1 } else { damagedFrames += 1 }
  }

  /// Takes the counts of frames from somebody who counted them later on their way.
  package mutating func replaceFrames(by other: Reception) {
    frames = other.frames
    damagedFrames = other.damagedFrames
    lostFrames = other.lostFrames
    lostChirps = other.lostChirps
  }
}

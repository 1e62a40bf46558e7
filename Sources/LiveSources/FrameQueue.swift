internal import Dispatch
public import Radar
internal import Synchronization

/// Frames on their way from the thread that receives them to the one that judges them.
///
/// The queue holds a fixed number of frames, which are allocated once and swapped in and out, so
/// that it never grows. If it is full, ``offer(_:)`` drops the frame, which a sender that does not
/// wait needs, and ``put(_:)`` waits, which a pipe needs.
///
/// It is a class because both threads own it.
public final class FrameQueue: Sendable {
  private struct State {
    var ring: [Frame]
    var first = 0
    var count = 0
    var dropped = 0
    var isFinished = false
    var failure: (any Error)?
  }

  private let state: Mutex<State>

  /// The frames to take, and the places to fill; one more of each once the queue is finished.
  private let filled = DispatchSemaphore(value: 0)
  private let free = DispatchSemaphore(value: 0)

  /// Creates an empty queue.
  ///
  /// - Parameters:
  ///   - shape: The shape of the frames.
  ///   - capacity: The most frames that wait.
  /// - Precondition: `capacity` is positive.
  public init(shape: FrameShape, capacity: Int) {
    precondition(capacity > 0, "a queue needs room for a frame")
    // Arrays that share their memory would be copied when they are written to.
    state = Mutex(State(ring: (0..<capacity).map { _ in Frame(shape: shape) }))
    for _ in 0..<capacity { free.signal() }
  }

  /// The frames that ``offer(_:)`` dropped.
  public var droppedFrames: Int { state.withLock { $0.dropped } }

  /// Swaps `frame` for one that is done with if there is room, and else leaves it, counting it as
  /// dropped.
  public func offer(_ frame: inout Frame) {
    guard free.wait(timeout: .now()) == .success else {
      return state.withLock { $0.dropped += 1 }
    }
    add(&frame)
  }

  /// Swaps `frame` for one that is done with, as soon as there is room.
  ///
  /// - Returns: Whether frames are still wanted.
  public func put(_ frame: inout Frame) -> Bool {
    free.wait()
    return add(&frame)
  }

  @discardableResult
  private func add(_ frame: inout Frame) -> Bool {
    let isAdded = state.withLock { state in
      guard !state.isFinished else { return false }
      swap(&state.ring[(state.first + state.count) % state.ring.count], &frame)
      state.count += 1
      return true
    }
    if isAdded { filled.signal() } else { free.signal() }
    return isAdded
  }

  /// Swaps `frame` for the next one, as soon as there is one.
  ///
  /// - Returns: Whether there was one: if not, the queue is finished and empty.
  /// - Throws: What the queue was finished with, after the last frame.
  public func take(into frame: inout Frame) throws -> Bool {
    filled.wait()
    let taken: Result<Bool, any Error> = state.withLock { state in
      guard state.count > 0 else {
        return state.failure.map { .failure($0) } ?? .success(false)
      }
      swap(&state.ring[state.first], &frame)
      state.first = (state.first + 1) % state.ring.count
      state.count -= 1
      return .success(true)
    }
    // At the end whoever asks again gets the same answer.
    if case .success(true) = taken { free.signal() } else { filled.signal() }
    return try taken.get()
  }

  /// Ends the queue, from either side: what waits can still be taken, but nothing is added.
  ///
  /// - Parameter failure: Why, if it is an error.
  public func finish(throwing failure: (any Error)? = nil) {
    let isFirst = state.withLock { state in
      guard !state.isFinished else { return false }
      state.isFinished = true
      state.failure = failure
      return true
    }
    guard isFirst else { return }
    filled.signal()
    free.signal()
  }
}

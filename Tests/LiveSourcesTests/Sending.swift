import Foundation
import Synchronization

/// A sender on a thread of its own, so that a reader may wait for it.
///
/// Tasks would not do: a reader that waits keeps the thread on which they would run.
final class Sending<Value: Sendable>: Sendable {
  private let result = Mutex<Result<Value, any Error>?>(nil)
  private let isDone = DispatchSemaphore(value: 0)

  /// Runs `send`, gives what is on its way half a second to arrive, and calls `stop`.
  init(then stop: @escaping @Sendable () -> Void, _ send: @escaping @Sendable () throws -> Value) {
    Thread.detachNewThread {
      let sent = Result { try send() }
      Thread.sleep(forTimeInterval: 0.5)
      stop()
      self.result.withLock { $0 = sent }
      self.isDone.signal()
    }
  }

  /// What was sent, as soon as the sender is done.
  func value() throws -> Value {
    isDone.wait()
    isDone.signal()
    guard let result = result.withLock({ $0 }) else { throw CancellationError() }
    return try result.get()
  }
}

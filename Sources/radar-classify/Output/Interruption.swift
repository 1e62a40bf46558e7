import Dispatch
import Foundation
import Synchronization

/// Lets Ctrl-C end a stream as if it had ended by itself; pressed again, it ends the process.
final class Interruption {
  private let source: any DispatchSourceSignal
  private let happened: Happened

  private final class Happened: Sendable {
    let value = Atomic(false)
  }

  /// Calls `stop` when Ctrl-C is pressed.
  init(_ stop: @escaping @Sendable () -> Void) {
    let happened = Happened()
    self.happened = happened
    signal(SIGINT, SIG_IGN)
    source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    source.setEventHandler {
      happened.value.store(true, ordering: .sequentiallyConsistent)
      signal(SIGINT, SIG_DFL)
      stop()
    }
    source.resume()
  }

  deinit {
    source.cancel()
    signal(SIGINT, SIG_DFL)
  }

  /// Whether Ctrl-C was pressed.
  var hasHappened: Bool { happened.value.load(ordering: .sequentiallyConsistent) }
}

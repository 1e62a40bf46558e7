import Dispatch
import Foundation
import Recordings
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

  /// Whether Ctrl-C does nothing, as in what a script starts in the background.
  private static var isIgnored: Bool {
    let before = signal(SIGINT, SIG_IGN)
    signal(SIGINT, before)
    return unsafe unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Lets Ctrl-C end the process as ever, but leave no unfinished file behind.
  ///
  /// - Returns: What does so while it lives, and `nil` if whoever started the process wants Ctrl-C to be
  ///   ignored.
  static func discardingUnfinishedFiles() -> Interruption? {
    guard !isIgnored else { return nil }
    return Interruption {
      OutputFile.discardUnfinished()
      // Shells must see that the process died of the signal, which threads of a queue do not take.
      var interrupt = sigset_t()
      unsafe sigemptyset(&interrupt)
      unsafe sigaddset(&interrupt, SIGINT)
      unsafe pthread_sigmask(SIG_UNBLOCK, &interrupt, nil)
      kill(getpid(), SIGINT)
    }
  }

  deinit {
    source.cancel()
    signal(SIGINT, SIG_DFL)
  }

  /// Whether Ctrl-C was pressed.
  var hasHappened: Bool { happened.value.load(ordering: .sequentiallyConsistent) }
}

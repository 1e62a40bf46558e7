import Foundation
import LiveSources
import Radar
import Recordings
import Synchronization

/// Frames from standard input or another pipe, read by a thread of its own, so that a pipe that says nothing can be
/// left as well.
struct StandardInput: Sendable {
  /// What the thread has found out so far.
  private final class Opening: Sendable {
    let result = Mutex<Result<(metadata: RecordingMetadata, queue: FrameQueue), any Error>?>(nil)
    let isStopped = Atomic(false)
    let reception = Mutex(Reception())

    /// Signalled once there is a result, or none is wanted any more.
    let isOver = DispatchSemaphore(value: 0)
  }

  private let opening = Opening()

  /// Starts to read what `open` opens.
  init(_ open: @escaping @Sendable () throws -> RecordingReader) {
    Thread.detachNewThread { [opening] in
      do {
        var reader = try open()
        let metadata = reader.metadata
        let shape = metadata.waveform.shape
        let queue = FrameQueue(shape: shape, capacity: 4)
        opening.result.withLock { $0 = .success((metadata, queue)) }
        opening.isOver.signal()
        do {
          var frame = Frame(shape: shape)
          while try reader.read(into: &frame) {
            let reception = reader.reception
            opening.reception.withLock { $0 = reception }
            guard queue.put(&frame) else { break }
          }
          queue.finish()
        } catch {
          queue.finish(throwing: error)
        }
      } catch {
        opening.result.withLock { $0 = .failure(error) }
        opening.isOver.signal()
      }
    }
  }

  /// What is in the stream, as soon as that is known, and `nil` if it was stopped before.
  ///
  /// - Throws: What is wrong with it.
  func metadata() throws -> RecordingMetadata? {
    opening.isOver.wait()
    opening.isOver.signal()
    guard !opening.isStopped.load(ordering: .sequentiallyConsistent) else { return nil }
    return try opening.result.withLock { $0 }?.get().metadata
  }

  /// What became of the samples read so far.
  var reception: Reception { opening.reception.withLock { $0 } }

  /// Replaces `frame` with the next one, and returns whether there was one.
  func read(into frame: inout Frame) throws -> Bool {
    try opening.result.withLock { $0 }?.get().queue.take(into: &frame) ?? false
  }

  /// Ends the stream, without waiting for the pipe.
  func stop() {
    if let queue = opening.result.withLock({ try? $0?.get().queue }) { return queue.finish() }
    opening.isStopped.store(true, ordering: .sequentiallyConsistent)
    opening.isOver.signal()
  }

  /// Whether standard input is a keyboard, from which no samples come.
  static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }
}

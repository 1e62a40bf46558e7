import Foundation
import LiveSources
import Radar
import Recordings

/// Frames from standard input, read by a thread of its own, so that a pipe that says nothing can be
/// left as well.
struct StandardInput: Sendable {
  private let queue: FrameQueue

  /// Starts to read samples as `metadata` describes them.
  init(_ metadata: RecordingMetadata) {
    let shape = metadata.waveform.shape
    let queue = FrameQueue(shape: shape, capacity: 4)
    self.queue = queue
    Thread.detachNewThread {
      do {
        var reader = try RecordingReader(metadata)
        var frame = Frame(shape: shape)
        while try reader.read(into: &frame), queue.put(&frame) {}
        queue.finish()
      } catch {
        queue.finish(throwing: error)
      }
    }
  }

  /// Replaces `frame` with the next one, and returns whether there was one.
  func read(into frame: inout Frame) throws -> Bool { try queue.take(into: &frame) }

  /// Ends the stream, without waiting for the pipe.
  func stop() { queue.finish() }
}

import Foundation
import LiveSources
import Radar
import Synchronization
import Testing

@Suite("A queue of frames")
struct FrameQueueTests {
  private static let shape = FrameShape(
    chirps: 2, receivers: 1, samplesPerChirp: 2, sampleKind: .real)

  private static func frame(_ index: Int) -> Frame {
    var frame = Frame(shape: shape, index: index)
    for place in frame.samples.indices { frame.samples[place] = Float(index) }
    return frame
  }

  @Test("Frames come out as they went in, and those without room are dropped and counted")
  func dropping() throws {
    let queue = FrameQueue(shape: Self.shape, capacity: 3)
    for index in 0..<5 {
      var frame = Self.frame(index)
      queue.offer(&frame)
    }
    #expect(queue.droppedFrames == 2)
    var frame = Frame(shape: Self.shape)
    for index in 0..<2 {
      #expect(try queue.take(into: &frame))
      #expect(frame == Self.frame(index))
    }
    var later = Self.frame(5)
    queue.offer(&later)
    queue.finish()
    queue.offer(&later)
    for index in [2, 5] {
      #expect(try queue.take(into: &frame))
      #expect(frame == Self.frame(index))
    }
    for _ in 0..<3 { #expect(try !queue.take(into: &frame)) }
    #expect(!queue.put(&later))
  }

  @Test("An error comes out after the frames before it, as often as one asks")
  func failure() throws {
    let queue = FrameQueue(shape: Self.shape, capacity: 3)
    var frame = Self.frame(7)
    queue.offer(&frame)
    queue.finish(throwing: LiveError.cannotListen(address: "a", port: 1, reason: "b"))
    queue.finish()
    #expect(try queue.take(into: &frame))
    #expect(frame == Self.frame(7))
    for _ in 0..<2 { #expect(throws: LiveError.self) { try queue.take(into: &frame) } }
  }

  @Test("One who waits for room loses nothing, however slow the other is", arguments: [1, 2, 7])
  func waiting(capacity: Int) throws {
    let queue = FrameQueue(shape: Self.shape, capacity: capacity)
    let count = 2000
    Thread.detachNewThread {
      for index in 0..<count {
        var frame = Self.frame(index)
        _ = queue.put(&frame)
      }
      queue.finish()
    }
    var frame = Frame(shape: Self.shape)
    var next = 0
    while try queue.take(into: &frame) {
      #expect(frame == Self.frame(next))
      next += 1
      if next.isMultiple(of: 500) { usleep(2000) }
    }
    #expect(next == count && queue.droppedFrames == 0)
  }

  @Test("One who is too slow gets frames in order, and the rest is counted")
  func slowConsumer() throws {
    let queue = FrameQueue(shape: Self.shape, capacity: 4)
    let count = 3000
    Thread.detachNewThread {
      for index in 0..<count {
        var frame = Self.frame(index)
        queue.offer(&frame)
        if index.isMultiple(of: 100) { usleep(500) }
      }
      queue.finish()
    }
    var frame = Frame(shape: Self.shape)
    var taken: [Int] = []
    while try queue.take(into: &frame) {
      #expect(frame == Self.frame(frame.index))
      taken.append(frame.index)
      usleep(100)
    }
    #expect(taken == taken.sorted() && Set(taken).count == taken.count)
    #expect(taken.count + queue.droppedFrames == count)
    #expect(queue.droppedFrames > 0)
  }

  @Test("Who waits for a frame or for room is let go when the queue is finished")
  func finishing() throws {
    let full = FrameQueue(shape: Self.shape, capacity: 1)
    var first = Self.frame(0)
    full.offer(&first)
    let putting = Sending(then: {}) {
      var frame = Self.frame(1)
      return full.put(&frame)
    }
    let empty = FrameQueue(shape: Self.shape, capacity: 1)
    let taking = Sending(then: {}) {
      var frame = Frame(shape: Self.shape)
      return try empty.take(into: &frame)
    }
    Thread.sleep(forTimeInterval: 0.02)
    full.finish()
    empty.finish()
    #expect(try !putting.value())
    #expect(try !taking.value())
  }
}

internal import Dispatch
public import Spectra

/// Turns many frames into range–Doppler maps at once, on several threads.
///
/// Each thread has a processor of its own and takes an equal run of the frames, so with plans made
/// by rule the maps have the same bits whatever the number of threads.
public struct RangeDopplerBatchProcessor: ~Copyable {
  /// A processor that one thread uses at a time.
  private final class Worker {
    var processor: RangeDopplerProcessor

    init(_ processor: consuming RangeDopplerProcessor) { self.processor = processor }
  }

  private let workers: [Worker]

  /// Creates a processor for the frames of `waveform`.
  ///
  /// - Parameters:
  ///   - waveform: The waveform of the frames.
  ///   - configuration: How they are processed.
  ///   - threads: The most threads to use.
  ///   - effort: How hard to look for fast plans.
  /// - Precondition: No background is subtracted, which every frame would have to hand on to the
  ///   next.
  public init(
    waveform: Waveform, configuration: RangeDopplerConfiguration = RangeDopplerConfiguration(),
    threads: Int, effort: PlanningEffort = .estimate
  ) {
    precondition(threads > 0, "a batch needs a thread")
    if case .background = configuration.clutterRemoval {
      preconditionFailure("the frames of a batch do not hand on a background")
    }
    workers = (0..<threads).map { _ in
      Worker(
        RangeDopplerProcessor(waveform: waveform, configuration: configuration, effort: effort))
    }
  }

  /// The waveform of the frames.
  public var waveform: Waveform { workers[0].processor.waveform }

  /// What the bins of the maps mean.
  public var axes: RangeDopplerAxes { workers[0].processor.axes }

  /// A map of silence with the axes of this processor.
  public var emptyMap: RangeDopplerMap { workers[0].processor.emptyMap }

  /// Replaces `maps` with those of `frames`.
  ///
  /// - Precondition: There is a map for each frame.
  public mutating func process(_ frames: [Frame], into maps: inout [RangeDopplerMap]) {
    precondition(frames.count == maps.count, "\(maps.count) maps are not those of the frames")
    share(&maps) { processor, index, map in processor.process(frames[index], into: &map) }
  }

  /// Replaces the levels of `maps` with those of as many frames of int16 samples.
  ///
  /// - Parameters:
  ///   - samples: The frames one after the other, each `[chirp, receiver, sample]`.
  ///   - order: The order in which complex samples lie.
  ///   - maps: The maps to overwrite.
  /// - Precondition: There are samples for each map.
  public mutating func process(
    _ samples: Span<Int16>, order: IntegerSampleOrder = .inTurn, into maps: inout [RangeDopplerMap]
  ) {
    let width = waveform.shape.scalarCount
    precondition(
      samples.count == maps.count * width,
      "\(samples.count) numbers are not those of \(maps.count) frames")
    share(&maps) { processor, index, map in
      processor.process(
        samples.extracting(index * width..<(index + 1) * width), order: order, into: &map)
    }
  }

  /// Deals out equal runs of the maps.
  private func share(
    _ maps: inout [RangeDopplerMap],
    _ body: @Sendable (inout RangeDopplerProcessor, Int, inout RangeDopplerMap) -> Void
  ) {
    let threads = min(workers.count, maps.count)
    guard threads > 0 else { return }
    unsafe maps.withUnsafeMutableBufferPointer { maps in
      let count = maps.count
      // Every thread has maps and a processor of its own.
      nonisolated(unsafe) let base = unsafe maps
      nonisolated(unsafe) let workers = workers
      DispatchQueue.concurrentPerform(iterations: threads) { thread in
        for index in count * thread / threads..<count * (thread + 1) / threads {
          unsafe body(&workers[thread].processor, index, &base[index])
        }
      }
    }
  }
}

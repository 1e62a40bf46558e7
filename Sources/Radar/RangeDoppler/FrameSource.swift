internal import CKernels

/// The order in which the int16 numbers of complex samples lie.
public enum IntegerSampleOrder: Hashable, Sendable {
  /// In-phase and quadrature in turn, I Q I Q; or real samples.
  case inTurn

  /// Two samples at a time, I I Q Q, as TI's capture boards write them with two lanes.
  case inPairs
}

/// The samples of a frame where they lie, for the time of a call.
@unsafe
struct FrameSource {
  @unsafe
  enum Samples {
    case floats(UnsafePointer<Float>)
    case integers(UnsafePointer<Int16>, IntegerSampleOrder)
  }

  var samples: Samples
  var validity: UnsafePointer<Bool>

  /// Calls `body` with the samples of `frame`.
  static func with<Result>(_ frame: borrowing Frame, _ body: (FrameSource) -> Result) -> Result {
    precondition(
      frame.samples.count == frame.shape.scalarCount && frame.validity.count == frame.shape.chirps,
      "the samples do not fit the shape of the frame")
    return unsafe frame.samples.withUnsafeBufferPointer { samples in
      unsafe frame.validity.withUnsafeBufferPointer { validity in
        guard let samples = samples.baseAddress, let validity = validity.baseAddress else {
          preconditionFailure("a frame is never empty")
        }
        return unsafe body(FrameSource(samples: .floats(samples), validity: validity))
      }
    }
  }

  /// Calls `body` with int16 `samples` that are a frame of `shape`.
  static func with<Result>(
    _ samples: Span<Int16>, order: IntegerSampleOrder, validity: Span<Bool>, shape: FrameShape,
    _ body: (FrameSource) -> Result
  ) -> Result {
    precondition(
      samples.count == shape.scalarCount,
      "\(samples.count) numbers are not the \(shape.scalarCount) of a frame")
    precondition(
      validity.count == shape.chirps,
      "\(validity.count) marks are not those of \(shape.chirps) chirps")
    precondition(
      shape.chirps / shape.transmitters <= 65_535,
      "sums of int16 over \(shape.chirps) chirps do not fit")
    precondition(
      order == .inTurn || shape.sampleKind == .complex && shape.samplesPerChirp.isMultiple(of: 2),
      "only an even number of complex samples lies in pairs")
    return unsafe samples.withUnsafeBufferPointer { samples in
      unsafe validity.withUnsafeBufferPointer { validity in
        guard let samples = samples.baseAddress, let validity = validity.baseAddress else {
          preconditionFailure("a frame is never empty")
        }
        return unsafe body(FrameSource(samples: .integers(samples, order), validity: validity))
      }
    }
  }

  /// The chirps of one channel.
  func rows(of channel: Int, shape: FrameShape) -> ChirpRows {
    let isPaired =
      switch unsafe samples {
      case .floats: false
      case .integers(_, let order): order == .inPairs
      }
    return unsafe ChirpRows(
      chirps: Int64(shape.chirps / shape.transmitters),
      length: Int64(shape.samplesPerChirp * shape.sampleKind.components),
      stride: Int64(shape.transmitters * shape.scalarsPerChirp),
      validity: validity + channel / shape.receivers, validityStride: Int64(shape.transmitters),
      paired: isPaired)
  }

  /// The samples from the first of `channel` on.
  func samples(of channel: Int, shape: FrameShape) -> Samples {
    let start =
      channel / shape.receivers * shape.scalarsPerChirp
      + channel % shape.receivers * shape.samplesPerChirp * shape.sampleKind.components
    return switch unsafe samples {
    case .floats(let base): unsafe .floats(base + start)
    case .integers(let base, let order): unsafe .integers(base + start, order)
    }
  }
}

internal import CKernels
internal import Radar

/// The layouts that a kernel unpacks.
///
/// They are 16-bit integers in the order of a frame, whose in-phase and quadrature numbers interleave
/// in one of four ways, such as captures of boards with two lanes.
struct FastUnpacking: Hashable, Sendable {
  private let order: Int32
  private let excess: Int32
  private let headerBytes: Int
  private let scalarsPerChirp: Int

  /// What each scalar of a chirp is multiplied by: nothing if there are none.
  private let weights: [Float]

  /// Creates the way to unpack a layout, which is `nil` if the kernel does not know it.
  ///
  /// - Parameters:
  ///   - layout: Where each scalar goes.
  ///   - shape: The shape of a frame.
  ///   - weights: What each scalar of a chirp is multiplied by.
  init?(_ layout: FrameLayout, shape: FrameShape, weights: [Float]) {
    let encoding = layout.encoding
    let isReal = encoding.datatype.sampleKind == .real
    let orders: [SampleOrder: Int] = [
      .iq: SamplesIQ, .qi: SamplesQI, .i0i1q0q1: SamplesI0I1Q0Q1, .q0q1i0i1: SamplesQ0Q1I0I1,
    ]
    guard encoding.datatype.scalar == .i16, encoding.datatype.byteOrder == .littleEndian,
      layout.isInOrderOfFrame, let order = isReal ? SamplesIQ : orders[encoding.order]
    else { return nil }
    self.order = Int32(order)
    excess = Int32(16 - (encoding.significantBits ?? 16))
    headerBytes = encoding.chirpHeaderBytes
    scalarsPerChirp = shape.scalarsPerChirp
    self.weights = weights
  }

  /// Writes the samples of a stored frame to `samples`.
  func unpack(_ bytes: Span<UInt8>, into samples: inout MutableSpan<Float>) {
    let stride = headerBytes + 2 * scalarsPerChirp
    let chirps = samples.count / scalarsPerChirp
    precondition(bytes.count == chirps * stride, "the bytes are not those of a frame")
    unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe samples.withUnsafeMutableBufferPointer { samples in
        unsafe weights.withUnsafeBufferPointer { weights in
          guard let source = bytes.baseAddress, let target = samples.baseAddress else { return }
          for chirp in 0..<chirps {
            unsafe unpackInt16(
              source + chirp * stride + headerBytes, Int64(scalarsPerChirp), order, excess,
              weights.isEmpty ? nil : weights.baseAddress, target + chirp * scalarsPerChirp)
          }
        }
      }
    }
  }
}

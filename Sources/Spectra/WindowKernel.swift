internal import CKernels

/// Levels of the windows of one complex signal without a detour through memory, for the usual lengths on
/// processors with wide registers.
struct WindowKernel: ~Copyable {
  private let window: Int
  private let hop: Int
  private let removesMean: Bool
  private let weights: AlignedBuffer<Float>
  private let twiddles: AlignedBuffer<Float>

  /// Whether there is one for windows of this length on this machine.
  static func fits(window: Int) -> Bool { hasWindowKernel(Int64(window)) }

  /// - Precondition: It ``fits(window:)``.
  init(window: Int, hop: Int, weights: [Float], removesMean: Bool) {
    self.window = window
    self.hop = hop
    self.removesMean = removesMean
    self.weights = AlignedBuffer(weights)
    twiddles = AlignedBuffer(planarTwiddles(length: window).flatMap { $0.cosines + $0.sines })
  }

  /// Writes the levels of `count` windows of `signal` from the sample `first` on.
  func write(
    _ levels: UnsafeMutablePointer<Float>, of signal: borrowing AlignedBuffer<Float>,
    from first: Int, count: Int, floor: Float
  ) {
    precondition(
      count > 0 && 2 * (first + (count - 1) * hop + window) <= signal.count,
      "\(count) windows reach beyond the signal")
    unsafe signal.withUnsafeBase { signal in
      unsafe weights.withUnsafeBase { weights in
        unsafe twiddles.withUnsafeBase { twiddles in
          guard let signal = unsafe signal else { return }
          var windows = unsafe SlidingWindows(
            length: Int64(window), hop: Int64(hop), weights: weights, removesMean: removesMean,
            twiddles: twiddles)
          unsafe windowLevels(&windows, signal + 2 * first, Int64(count), floor, levels)
        }
      }
    }
  }
}

/// Adds the levels of a spectrum to rows of them.
func addLevels(
  of spectrum: borrowing AlignedBuffer<Float>, channels: Int, window: Int, floor: Float,
  to levels: inout [Float]
) {
  var rows = SpectrumRows(
    channels: Int64(channels), rows: 1, bins: Int64(window), channelStride: Int64(2 * window),
    shift: 0)
  levels.append(addingCapacity: window) { row in
    unsafe row.withUnsafeMutableBufferPointer { row, filled in
      unsafe spectrum.withUnsafeBase { spectrum in
        guard let spectrum = unsafe spectrum, let row = row.baseAddress else { return }
        unsafe sumPowers(&rows, spectrum, false, true, floor, row)
        filled = window
      }
    }
  }
}

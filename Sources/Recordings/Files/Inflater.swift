internal import CZlib

/// Bytes of a deflated stream on their way to what they were.
///
/// The stream owns memory of zlib, which points back at it: so it stays where it is, and is moved
/// and never copied.
@safe
struct Inflater: ~Copyable {
  private let stream: UnsafeMutablePointer<z_stream>
  private var isAtEnd = false

  init() {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // Fails for lack of memory only, as allocating anything else does.
    let status = unsafe beginInflating(stream)
    precondition(status == Z_OK, "there is no memory for inflating")
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deinitialize(count: 1)
    unsafe stream.deallocate()
  }

  /// What became of a piece of a stream.
  struct Progress {
    /// The deflated bytes that were used up.
    var consumed: Int

    /// The bytes that came out.
    var produced: Int

    /// Whether the stream is at its end.
    var isAtEnd: Bool
  }

  /// Inflates as much of `piece` as `output` has room for.
  ///
  /// - Returns: How far it came, and `nil` if the bytes are not deflated ones.
  mutating func inflate(_ piece: Span<UInt8>, into output: inout [UInt8]) -> Progress? {
    guard !isAtEnd else { return Progress(consumed: 0, produced: 0, isAtEnd: true) }
    let stream = unsafe stream
    let (status, progress) = unsafe piece.withUnsafeBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { output in
        // zlib reads what it is given, but its type says otherwise.
        unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        unsafe stream.pointee.avail_in = UInt32(input.count)
        unsafe stream.pointee.next_out = output.baseAddress
        unsafe stream.pointee.avail_out = UInt32(output.count)
        let status = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
        let progress = unsafe Progress(
          consumed: input.count - Int(stream.pointee.avail_in),
          produced: output.count - Int(stream.pointee.avail_out), isAtEnd: status == Z_STREAM_END)
        return (status, progress)
      }
    }
    isAtEnd = progress.isAtEnd
    // With too little of either input or output nothing happens, which is no damage.
    return [Z_OK, Z_STREAM_END, Z_BUF_ERROR].contains(status) ? progress : nil
  }
}

/// The CRC-32 of bytes that come in pieces.
struct CyclicChecksum {
  private(set) var value: UInt32 = 0

  mutating func update(_ bytes: Span<UInt8>) {
    value = unsafe bytes.withUnsafeBufferPointer { memory in
      unsafe UInt32(
        truncatingIfNeeded: crc32(UInt(value), memory.baseAddress, UInt32(memory.count)))
    }
  }
}

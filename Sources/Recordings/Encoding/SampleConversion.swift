// The loops that turn stored scalars into samples and back. They are here because they read and
// write memory at any alignment, which is unsafe by name: each access is checked against the span.

extension FrameLayout {
  /// Writes the samples of a stored frame to `samples`, each times its weight in a chirp.
  ///
  /// - Precondition: `bytes` is as long as ``bytesPerFrame``.
  func unpack(
    _ bytes: Span<UInt8>, weights: [Float], into samples: inout MutableSpan<Float>
  ) {
    unpack(bytes, into: &samples)
    guard !weights.isEmpty else { return }
    for scalar in samples.indices { samples[scalar] *= weights[scalar % weights.count] }
  }

  private func unpack(_ bytes: Span<UInt8>, into samples: inout MutableSpan<Float>) {
    precondition(bytes.count == bytesPerFrame, "the bytes are not those of a frame")
    let bytes = unsafe bytes.bytes
    let excess = encoding.datatype.scalar.bits - significantBits
    let order = encoding.datatype.byteOrder
    switch encoding.datatype.scalar {
    case .f32: read(into: &samples) { Float(bitPattern: load(bytes, $0, order)) }
    case .f64: read(into: &samples) { Float(Double(bitPattern: load(bytes, $0, order))) }
    case .i8:
      read(into: &samples) { Float(Int8(bitPattern: load(bytes, $0, order) << excess) >> excess) }
    case .i16:
      read(into: &samples) { Float(Int16(bitPattern: load(bytes, $0, order) << excess) >> excess) }
    case .i24:
      read(into: &samples) {
        Float(Int32(bitPattern: load24(bytes, $0, order) << (8 + excess)) >> (8 + excess))
      }
    case .i32:
      read(into: &samples) { Float(Int32(bitPattern: load(bytes, $0, order) << excess) >> excess) }
    case .i64:
      read(into: &samples) { Float(Int64(bitPattern: load(bytes, $0, order) << excess) >> excess) }
    case .u8:
      read(into: &samples) { Float(((load(bytes, $0, order) as UInt8) << excess) >> excess) }
    case .u12: read(into: &samples) { Float((load12(bytes, $0) << (4 + excess)) >> (4 + excess)) }
    case .u16:
      read(into: &samples) { Float(((load(bytes, $0, order) as UInt16) << excess) >> excess) }
    case .u32:
      read(into: &samples) { Float(((load(bytes, $0, order) as UInt32) << excess) >> excess) }
    case .u64:
      read(into: &samples) { Float(((load(bytes, $0, order) as UInt64) << excess) >> excess) }
    }
  }

  /// Reads each stored scalar to its place.
  @inline(__always)
  private func read(into samples: inout MutableSpan<Float>, _ sample: (_ position: Int) -> Float) {
    guard let destinations else {
      for position in 0..<storedScalars { samples[position] = sample(position) }
      return
    }
    var stored = 0
    for block in 0..<blocks {
      let base = block * scalars
      for destination in destinations {
        if destination >= 0 { samples[base + Int(destination)] = sample(stored) }
        stored += 1
      }
    }
  }
}

extension FrameLayout {
  /// Writes `samples` as they are stored, integers rounded and kept within their range.
  ///
  /// - Precondition: `samples` are those of a frame and numbers, `bytes` is as long as
  ///   ``bytesPerFrame``, and all zero where the frame has no samples.
  func pack(_ samples: Span<Float>, into bytes: inout [UInt8]) {
    precondition(bytes.count == bytesPerFrame, "the bytes are not those of a frame")
    let order = encoding.datatype.byteOrder
    let range = range
    var memory = bytes.mutableSpan
    var bytes = unsafe memory.mutableBytes
    switch encoding.datatype.scalar {
    case .f32: write(samples) { store($1.bitPattern, &bytes, $0, order) }
    case .f64: write(samples) { store(Double($1).bitPattern, &bytes, $0, order) }
    case .i8, .u8:
      write(samples) { store(UInt8(truncatingIfNeeded: count($1, in: range)), &bytes, $0, order) }
    case .i16, .u16:
      write(samples) { store(UInt16(truncatingIfNeeded: count($1, in: range)), &bytes, $0, order) }
    case .i32, .u32:
      write(samples) { store(UInt32(truncatingIfNeeded: count($1, in: range)), &bytes, $0, order) }
    case .i64, .u64:
      write(samples) { store(UInt64(truncatingIfNeeded: count($1, in: range)), &bytes, $0, order) }
    case .i24:
      write(samples) {
        store24(UInt32(truncatingIfNeeded: count($1, in: range)), &bytes, $0, order)
      }
    case .u12:
      write(samples) { store12(UInt16(truncatingIfNeeded: count($1, in: range)), &bytes, $0) }
    }
  }

  /// Writes each scalar from its place.
  @inline(__always)
  private func write(_ samples: Span<Float>, _ store: (_ position: Int, _ sample: Float) -> Void) {
    guard let destinations else {
      for position in 0..<storedScalars { store(position, samples[position]) }
      return
    }
    var stored = 0
    for block in 0..<blocks {
      let base = block * scalars
      for destination in destinations {
        if destination >= 0 { store(stored, samples[base + Int(destination)]) }
        stored += 1
      }
    }
  }

  /// The bits of an integer that have a meaning.
  private var significantBits: Int { encoding.meaningfulBits }

  /// What an integer can be.
  private var range: ClosedRange<Double> { encoding.range }
}

extension SampleEncoding {
  /// The bits of an integer that have a meaning.
  fileprivate var meaningfulBits: Int { significantBits ?? datatype.scalar.bits }

  /// The least and the most that the significant bits of an integer can hold, or the next number to
  /// it that a `Double` can.
  fileprivate var range: ClosedRange<Double> {
    let isUnsigned = datatype.scalar.isUnsigned
    let end = Double(
      sign: .plus, exponent: isUnsigned ? meaningfulBits : meaningfulBits - 1, significand: 1)
    return (isUnsigned ? 0 : -end)...(meaningfulBits < 53 ? end - 1 : end.nextDown)
  }

  /// How many of `samples` are others once they were stored: out of the range of integers, or
  /// between them.
  package func changes(in samples: [Float]) -> Int {
    guard datatype.scalar.isInteger else { return 0 }
    let range = range
    return samples.count { !range.contains(Double($0)) || $0 != $0.rounded() }
  }
}

/// The bits of the whole number nearest to `sample` in `range`.
@inline(__always)
private func count(_ sample: Float, in range: ClosedRange<Double>) -> UInt64 {
  let number = min(max(Double(sample).rounded(), range.lowerBound), range.upperBound)
  return number < 0 ? UInt64(bitPattern: Int64(number)) : UInt64(number)
}

// MARK: - Scalars

private func load<Stored: FixedWidthInteger & BitwiseCopyable>(
  _ bytes: RawSpan, _ position: Int, _ order: Datatype.ByteOrder
) -> Stored {
  let stored = unsafe bytes.unsafeLoadUnaligned(
    fromByteOffset: position * MemoryLayout<Stored>.size, as: Stored.self)
  return order == .bigEndian ? Stored(bigEndian: stored) : Stored(littleEndian: stored)
}

private func load24(_ bytes: RawSpan, _ position: Int, _ order: Datatype.ByteOrder) -> UInt32 {
  let (a, b, c) = unsafe bytes.unsafeLoadUnaligned(
    fromByteOffset: 3 * position, as: (UInt8, UInt8, UInt8).self)
  let (low, high) = order == .bigEndian ? (c, a) : (a, c)
  return UInt32(high) << 16 | UInt32(b) << 8 | UInt32(low)
}

/// The first of a pair has the first byte and the high half of the second, the other the rest.
private func load12(_ bytes: RawSpan, _ position: Int) -> UInt16 {
  let pair = unsafe bytes.unsafeLoadUnaligned(
    fromByteOffset: 3 * (position / 2) + position % 2, as: UInt16.self)
  let bits = UInt16(bigEndian: pair)
  return position.isMultiple(of: 2) ? bits >> 4 : bits & 0xFFF
}

private func store<Stored: FixedWidthInteger & BitwiseCopyable>(
  _ value: Stored, _ bytes: inout MutableRawSpan, _ position: Int, _ order: Datatype.ByteOrder
) {
  bytes.storeBytes(
    of: order == .bigEndian ? value.bigEndian : value.littleEndian,
    toByteOffset: position * MemoryLayout<Stored>.size, as: Stored.self)
}

private func store24(
  _ value: UInt32, _ bytes: inout MutableRawSpan, _ position: Int, _ order: Datatype.ByteOrder
) {
  for byte in 0..<3 {
    let shift = order == .bigEndian ? 16 - 8 * byte : 8 * byte
    store(UInt8(truncatingIfNeeded: value >> shift), &bytes, 3 * position + byte, order)
  }
}

private func store12(_ value: UInt16, _ bytes: inout MutableRawSpan, _ position: Int) {
  let first = 3 * (position / 2) + position % 2
  let isEven = position.isMultiple(of: 2)
  let shared: UInt8 = load(bytes.bytes, isEven ? first + 1 : first, .bigEndian)
  // The half byte of the neighbour stays.
  let bits = isEven ? value << 4 | UInt16(shared & 0x0F) : UInt16(shared & 0xF0) << 8 | value
  store(UInt8(truncatingIfNeeded: bits >> 8), &bytes, first, .bigEndian)
  store(UInt8(truncatingIfNeeded: bits), &bytes, first + 1, .bigEndian)
}

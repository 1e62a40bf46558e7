internal import CZlib

/// An archive of one NumPy array that is stored as it is, with sizes of 64 bits.
struct ZipForm: FormLayout {
  let array: NumPyForm

  private static let name = Array("samples.npy".utf8)

  func header(dataBytes: Int, checksum: UInt32) -> [UInt8] {
    let inner = array.header(dataBytes: dataBytes, checksum: checksum)
    let sizes = sizes(dataBytes: dataBytes, inner: inner)
    return [0x50, 0x4B, 3, 4] + common(sizes, checksum: sum(inner, dataBytes, checksum))
      + Self.name + extra(sizes) + inner
  }

  func trailer(dataBytes: Int, checksum: UInt32) -> [UInt8] {
    let inner = array.header(dataBytes: dataBytes, checksum: checksum)
    let sizes = sizes(dataBytes: dataBytes, inner: inner)
    let none = [UInt8](repeating: 0, count: 14)
    let entry =
      [0x50, 0x4B, 1, 2, 45, 0] + common(sizes, checksum: sum(inner, dataBytes, checksum)) + none
      + Self.name + extra(sizes)
    let start = UInt64(30 + Self.name.count + 20) + sizes
    let one = UInt64(1).littleEndianBytes
    let length = UInt64(entry.count)
    let long: [UInt8] =
      [0x50, 0x4B, 6, 6] + UInt64(44).littleEndianBytes + [45, 0, 45, 0]
      + [UInt8](repeating: 0, count: 8) + one + one + length.littleEndianBytes
      + start.littleEndianBytes
    let locator: [UInt8] =
      [0x50, 0x4B, 6, 7, 0, 0, 0, 0] + (start + length).littleEndianBytes + [1, 0, 0, 0]
    let short = UInt32(truncatingIfNeeded: min(start, 0xFFFF_FFFF))
    let end: [UInt8] =
      [0x50, 0x4B, 5, 6, 0, 0, 0, 0, 1, 0, 1, 0] + UInt32(entry.count).littleEndianBytes
      + short.littleEndianBytes + [0, 0]
    return entry + long + locator + end
  }

  private func sizes(dataBytes: Int, inner: [UInt8]) -> UInt64 { UInt64(inner.count + dataBytes) }

  /// What the entry of the directory and the header before the member share.
  ///
  /// The time is the earliest that the format has: equal samples make equal files.
  private func common(_ size: UInt64, checksum: UInt32) -> [UInt8] {
    [45, 0, 0, 0, 0, 0, 0, 0, 0x21, 0] + checksum.littleEndianBytes
      + [UInt8](repeating: 0xFF, count: 8) + UInt16(Self.name.count).littleEndianBytes + [20, 0]
  }

  private func extra(_ size: UInt64) -> [UInt8] {
    [1, 0, 16, 0] + size.littleEndianBytes + size.littleEndianBytes
  }

  /// The CRC-32 of the array, given that of its samples.
  private func sum(_ inner: [UInt8], _ dataBytes: Int, _ checksum: UInt32) -> UInt32 {
    var header = CyclicChecksum()
    header.update(inner.span)
    return UInt32(
      truncatingIfNeeded: crc32_combine(UInt(header.value), UInt(checksum), dataBytes))
  }
}

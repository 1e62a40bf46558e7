/// The header that the firmware puts before each chirp when `lvdsStreamCfg` enables it.
struct ChirpHeader: Hashable, Sendable {
  /// What every header of ADC samples starts with.
  private static let magic = [0xDC, 0x0A, 0xDA, 0x0C, 0xDC, 0x0A, 0xDA, 0x0C] as [UInt8]

  /// The bytes of the header.
  let byteCount: Int

  /// Whether the words are as they came over two lanes, each of which carries every other one.
  let isByLane: Bool

  /// Reads the first header of a capture.
  ///
  /// - Parameters:
  ///   - file: The capture.
  ///   - packets: How packets wrap the samples in it.
  ///   - dataBytes: The bytes of samples in a chirp.
  /// - Throws: `RecordingError.invalidField` if there is no header.
  init(_ file: SampleFiles, packets: PacketFormat?, dataBytes: Int) throws(RecordingError) {
    let path = file.name
    let bytes = try Self.start(of: file, packets: packets)
    let swapped = Self.inMemoryOrder(bytes)
    isByLane = swapped.starts(with: Self.magic) && !bytes.starts(with: Self.magic)
    let header = (isByLane ? swapped : bytes)[...]
    guard header.starts(with: Self.magic), header.count == 16 else {
      let found = bytes.map { String($0, radix: 16) }.joined(separator: " ")
      throw .invalidField(
        path: path, field: "the header of the first chirp", found: found,
        expected: "one that starts with dc a da c, as lvdsStreamCfg announces it")
    }
    // The length counts what follows these 16 bytes: the rest of the header and the samples.
    byteCount = 16 + header.littleEndian(at: 8, count: 4) - dataBytes
    guard (16...4096).contains(byteCount), byteCount.isMultiple(of: 2) else {
      throw .invalidField(
        path: path, field: "the length of the first chirp",
        found: "\(byteCount + dataBytes) bytes", expected: "a header and \(dataBytes) bytes")
    }
  }

  /// How far to look for the first packet.
  private static let lookAhead = 1 << 20

  /// The start of the samples: of those in packets, only the first has it.
  private static func start(
    of file: SampleFiles, packets: PacketFormat?
  ) throws(RecordingError) -> [UInt8] {
    guard let packets else { return try file.bytes(at: 0, count: 16) }
    var parser = PacketParser(packets)
    let bytes = try file.prefix(lookAhead)
    parser.append(bytes.span)
    while let packet = try parser.next() {
      if packet.position == 0 { return Array(packet.payload.prefix(16)) }
    }
    // A stream may still bring it.
    guard file.byteCount != nil || bytes.count >= lookAhead else {
      throw .shortHeader(path: file.name, found: bytes.count, expected: 2 * bytes.count)
    }
    return []
  }

  /// The words in the order in which they were in memory: the lanes take turns.
  private static func inMemoryOrder(_ bytes: [UInt8]) -> [UInt8] {
    stride(from: 0, to: bytes.count - bytes.count % 8, by: 8).flatMap { word in
      [0, 1, 4, 5, 2, 3, 6, 7].map { bytes[word + $0] }
    }
  }
}

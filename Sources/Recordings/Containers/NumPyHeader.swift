internal import Radar

/// The header of a NumPy array: versions 1 to 3 of the `.npy` format.
struct NumPyHeader: Sendable {
  let path: String

  /// How the elements are stored.
  let datatype: Datatype

  /// Whether the first axis varies fastest.
  let isFortranOrder: Bool

  /// The number of elements along each axis.
  let shape: [Int]

  /// The bytes before the first element.
  let byteCount: Int

  /// Reads the header of the array at `path`.
  ///
  /// - Throws: `RecordingError` if it is no array of numbers, or the file is too short or long.
  init(path: String) throws(RecordingError) {
    let bytes = try ByteSource.prefix(of: path, count: 1 << 16)
    guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)), bytes.count >= 12 else {
      throw .malformedSidecar(path: path, reason: "it does not start like a NumPy array")
    }
    let lengthBytes = bytes[6] == 1 ? 2 : 4
    let start = 8 + lengthBytes
    let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard (1...3).contains(bytes[6]), start + length <= bytes.count else {
      throw .malformedSidecar(
        path: path, reason: "version \(bytes[6]) and a header of \(length) bytes are not known")
    }
    let text = String(decoding: bytes[start..<start + length], as: UTF8.self)
    self.path = path
    byteCount = start + length
    datatype = try Self.datatype(text, path: path)
    shape = try Self.shape(text, path: path)
    isFortranOrder = Self.value(of: "fortran_order", in: text)?.hasPrefix("True") ?? false

    let elements = shape.reduce(1.0) { $0 * Double($1) }
    let expected = Double(byteCount) + elements * Double(datatype.bitsPerSample / 8)
    let found = try ByteSource.size(of: path) ?? 0
    guard expected == Double(found) else {
      throw .invalidField(
        path: path, field: "shape", found: "\(shape), \(expected.quoted) bytes",
        expected: "the \(found) bytes of the file")
    }
  }

  /// The text after the key called `name` in the dictionary of the header.
  private static func value(of name: String, in text: String) -> Substring? {
    for quote in ["'", "\""] {
      let parts = text.split(
        separator: quote + name + quote, maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { return parts[1].drop { $0 == ":" || $0 == " " } }
    }
    return nil
  }

  private static func datatype(_ text: String, path: String) throws(RecordingError) -> Datatype {
    let value = value(of: "descr", in: text) ?? ""
    let name = value.dropFirst().prefix { $0 != "'" && $0 != "\"" }
    let scalars: [Substring: Datatype.Scalar] = [
      "i1": .i8, "i2": .i16, "i4": .i32, "i8": .i64, "u1": .u8, "u2": .u16, "u4": .u32, "u8": .u64,
      "f4": .f32, "f8": .f64, "c8": .f32, "c16": .f64,
    ]
    let order = name.first.map { "<=|>".contains($0) ? $0 : " " } ?? " "
    guard order != " ", let scalar = scalars[name.dropFirst()] else {
      throw .invalidField(
        path: path, field: "descr", found: String(value.prefix(20)),
        expected: "the type of plain or complex numbers, such as '<i2' or '<c8'")
    }
    return Datatype(
      name.dropFirst().first == "c" ? .complex : .real, scalar,
      order == ">" ? .bigEndian : .littleEndian)
  }

  private static func shape(_ text: String, path: String) throws(RecordingError) -> [Int] {
    let value = value(of: "shape", in: text) ?? ""
    let numbers = value.dropFirst().prefix { $0 != ")" }.split(separator: ",")
      .map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
    let shape = numbers.compactMap { Int($0) }
    guard value.first == "(", !shape.isEmpty, shape.count == numbers.count,
      shape.allSatisfy({ $0 > 0 })
    else {
      throw .invalidField(
        path: path, field: "shape", found: String(value.prefix { $0 != ")" }) + ")",
        expected: "a tuple of positive numbers")
    }
    return shape
  }
}

extension NumPyHeader {
  /// What the header says of the samples, whose axes the sidecar names.
  func container(sidecar: SigMFSidecar) throws(RecordingError) -> Container {
    var datatype = datatype
    var shape = shape
    // Integers have no complex type in NumPy: I and Q are the last axis then.
    if datatype.sampleKind == .real, try sidecar.sampleKind() == .complex, shape.last == 2,
      shape.count > 1, !isFortranOrder
    {
      datatype.sampleKind = .complex
      shape.removeLast()
    }
    let isContinuous = try sidecar.isContinuousWave()
    let axes = try sidecar.namedAxes() ?? Self.axes(count: shape.count, isContinuous: isContinuous)
    guard axes.count == shape.count else {
      throw .invalidField(
        path: path, field: "shape", found: "\(shape)",
        expected: "one of \(axes.count) axes: \(axes.map(\.rawValue).joined(separator: ", "))")
    }
    let lengths = Dictionary(zip(axes, shape)) { first, _ in first }
    var facts = ["core:datatype": JSONValue.string(datatype.description)]
    let counts =
      isContinuous
      ? ["core:num_channels": lengths[.receiver] ?? 1]
      : [
        "radar:chirps_per_frame": (lengths[.chirp] ?? 1) * (lengths[.transmitter] ?? 1),
        "radar:receivers": lengths[.receiver] ?? 1,
        "radar:samples_per_chirp": lengths[.sample] ?? 1,
      ]
    for (name, count) in counts { facts[name] = .number(Double(count)) }
    if let transmitters = lengths[.transmitter] {
      facts["radar:transmitters"] = .number(Double(transmitters))
    }
    return Container(
      format: .numPy, facts: facts, headerBytes: byteCount,
      axes: Self.stored(axes, lengths: lengths, isReversed: isFortranOrder))
  }

  /// The usual names of `count` axes.
  private static func axes(count: Int, isContinuous: Bool) -> [RecordingAxis] {
    guard !isContinuous else { return count == 1 ? [.chirp] : [.chirp, .receiver] }
    return switch count {
    case 3: [.frame, .chirp, .sample]
    case 5: [.frame, .chirp, .transmitter, .receiver, .sample]
    default: SampleEncoding.canonicalAxes
    }
  }

  /// The order of the axes in the file, with frames named even if the array has one only.
  ///
  /// The samples of a continuous wave are chirps, cut into frames as they come.
  private static func stored(
    _ axes: [RecordingAxis], lengths: [RecordingAxis: Int], isReversed: Bool
  ) -> [RecordingAxis] {
    var stored = isReversed ? axes.reversed() : axes
    if let frames = lengths[.frame] {
      guard frames == 1 else { return stored }
      stored.removeAll { $0 == .frame }
      return [.frame] + stored
    }
    guard stored.last == .chirp, stored.count == 2 else { return [.frame] + stored }
    return [.receiver, .frame, .chirp]
  }
}

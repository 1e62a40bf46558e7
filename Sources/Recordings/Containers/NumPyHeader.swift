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

  /// The bytes of the header and all elements.
  let claimedBytes: Int

  /// The longest header: one of plain numbers takes two hundred bytes.
  private static let lengthLimit = 1 << 16

  /// Reads the header of an array.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - member: The array in it, if the file is an archive of arrays.
  /// - Throws: `RecordingError` if it is no array of numbers, or the file is too short or long.
  init(_ file: SampleFiles, member: FileMember? = nil) throws(RecordingError) {
    let path = file.name
    let bytes = try file.bytes(at: 0, count: 12, of: member)
    guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)) else {
      throw .malformedFile(
        path: path, offset: member?.offset ?? 0, reason: "it does not start like a NumPy array")
    }
    let start = bytes[6] == 1 ? 10 : 12
    let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard (1...3).contains(bytes[6]), length <= Self.lengthLimit else {
      throw .malformedFile(
        path: path, offset: (member?.offset ?? 0) + 6,
        reason: "version \(bytes[6]) with a header of \(length) bytes is not known: versions 1 to 3"
          + " with up to \(Self.lengthLimit) are")
    }
    let text = String(
      decoding: try file.bytes(at: start, count: length, of: member), as: UTF8.self)
    self.path = path
    byteCount = start + length
    datatype = try Self.datatype(text, path: path)
    shape = try Self.shape(text, path: path)
    isFortranOrder = Self.value(of: "fortran_order", in: text)?.hasPrefix("True") ?? false

    let elements = shape.reduce(1.0) { $0 * Double($1) }
    let expected = Double(byteCount) + elements * Double(datatype.bitsPerSample / 8)
    let found = member?.byteCount ?? file.byteCount
    guard found.map({ expected == Double($0) }) ?? (expected < 0x1p60) else {
      let part = member.map { "array \($0.name)" } ?? "file"
      throw .invalidField(
        path: path, field: "shape", found: "\(shape), \(expected.quoted) bytes",
        expected: found.map { "the \($0) bytes of the \(part)" } ?? "less than a stream has")
    }
    claimedBytes = Int(expected)
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

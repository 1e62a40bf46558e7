/// The blocks before a member of a tar archive, and the zeros after it (POSIX.1-2001).
struct TarEntry {
  /// The name of the member: a folder if it ends with a slash.
  var name: String

  /// The bytes of the member.
  var byteCount: Int

  /// Three blocks: what does not fit the old header, and the old header.
  var header: [UInt8] {
    let records = record("path", name) + record("size", String(byteCount))
    let isFolder = name.hasSuffix("/")
    return block("PaxHeaders/\(name)", records.utf8.count, kind: 0x78)
      + Array(records.utf8) + padding(records.utf8.count)
      + block(name, byteCount, kind: isFolder ? 0x35 : 0x30)
  }

  /// The zeros until the next multiple of a block.
  var trailer: [UInt8] { padding(byteCount) }

  /// The longest name: the first block of records must hold it.
  static let nameLimit = 400

  private func padding(_ count: Int) -> [UInt8] {
    [UInt8](repeating: 0, count: (512 - count % 512) % 512)
  }

  /// A record that starts with its own length.
  private func record(_ name: String, _ value: String) -> String {
    let rest = " \(name)=\(value)\n"
    var length = rest.utf8.count + 1
    while String(length).utf8.count + rest.utf8.count != length { length += 1 }
    return "\(length)\(rest)"
  }

  private func block(_ name: String, _ count: Int, kind: UInt8) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: 512)
    func put(_ bytes: [UInt8], at offset: Int) {
      block.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    }
    func octal(_ number: Int, _ digits: Int) -> [UInt8] {
      let text = String(number, radix: 8)
      return Array((String(repeating: "0", count: max(digits - text.count, 0)) + text).utf8)
    }
    put(Array(name.utf8.prefix(100)), at: 0)
    put(octal(kind == 0x35 ? 0o755 : 0o644, 7), at: 100)
    put(octal(0, 7), at: 108)
    put(octal(0, 7), at: 116)
    // A size beyond eleven digits is in the records only.
    put(octal(count < 1 << 33 ? count : 0, 11), at: 124)
    put(octal(0, 11), at: 136)
    put([UInt8](repeating: 0x20, count: 8), at: 148)
    block[156] = kind
    put(Array("ustar".utf8) + [0, 0x30, 0x30], at: 257)
    put(octal(block.reduce(0) { $0 + Int($1) }, 6) + [0, 0x20], at: 148)
    return block
  }
}

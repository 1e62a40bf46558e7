internal import Crypto

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// The SHA-512 of bytes that come in pieces.
struct Checksum {
  private var hash = SHA512()

  mutating func update(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
  }

  /// The checksum of all bytes in lower-case hexadecimal.
  var text: String {
    let digits = Array("0123456789abcdef")
    return String(hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}

extension RecordingMetadata {
  /// Reads all samples once, in constant memory, and compares their SHA-512 to the sidecar's.
  ///
  /// - Throws: `RecordingError.wrongChecksum` if they differ. A recording without a checksum in its
  ///   sidecar passes unread.
  public func verifyChecksum() throws(RecordingError) {
    try verifyChecksum(at: files)
  }

  /// Compares the checksum to that of the files at `paths`.
  func verifyChecksum(at paths: [String]) throws(RecordingError) {
    guard let expected = checksum else { return }
    // The sum is of the samples of an archive, but of the whole of any other file.
    var source = ByteSource(paths: paths, member: format == .sigmf ? member : nil)
    var found = Checksum()
    while try source.read({ found.update($0) }) != nil {}
    guard found.text == expected else {
      throw .wrongChecksum(
        path: files.joined(separator: ", "), found: found.text, expected: expected)
    }
  }
}

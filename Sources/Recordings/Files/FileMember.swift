/// A stretch of a file that is a file of its own: what an archive holds.
struct FileMember: Hashable, Sendable {
  /// The name of the member in its archive.
  var name: String

  /// The bytes of the archive before those of the member.
  var offset: Int

  /// The bytes that the member takes in the archive.
  var storedBytes: Int

  /// The bytes of the member itself: more than it takes if it is deflated.
  var byteCount: Int

  /// Whether the bytes are deflated.
  var isDeflated = false

  /// The CRC-32 of the bytes of the member, and `nil` if the archive has none.
  var checksum: UInt32?
}

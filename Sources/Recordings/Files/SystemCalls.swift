#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What the system says about the last call that failed.
func systemReason() -> String {
  guard let text = unsafe strerror(errno) else { return "error \(errno)" }
  return unsafe String(cString: text).lowercased()
}

/// Opens a file: a name of its own, because the system's takes any number of arguments.
func openFile(_ path: String, _ flags: CInt) -> CInt {
  unsafe open(path, flags)
}

/// Sets the flags of an open file, for the same reason.
func setFlags(_ descriptor: CInt, _ flags: CInt) -> Bool {
  fcntl(descriptor, F_SETFD, flags) == 0
}

/// Reads what is there, or from `offset` on as much as there is room for.
///
/// - Returns: The number of bytes, zero at the end, and less than zero if the system failed.
func systemRead(
  _ descriptor: CInt, into buffer: inout [UInt8], at offset: Int? = nil, limit: Int = .max
) -> Int {
  unsafe buffer.withUnsafeMutableBytes { memory in
    let memory = unsafe UnsafeMutableRawBufferPointer(rebasing: memory.prefix(limit))
    guard unsafe !memory.isEmpty else { return 0 }
    var filled = 0
    while true {
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[filled...])
      let count =
        if let offset {
          unsafe pread(descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
        } else {
          unsafe read(descriptor, rest.baseAddress, rest.count)
        }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return -1 }
      filled += count
      if offset == nil || count == 0 || filled == memory.count { return filled }
    }
  }
}

/// Writes all of `bytes`, at the end of what was written or at `offset`.
///
/// - Returns: Whether the system took them.
func systemWrite(_ descriptor: CInt, _ bytes: Span<UInt8>, at offset: Int? = nil) -> Bool {
  unsafe bytes.withUnsafeBytes { memory in
    var written = 0
    while written < memory.count {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: memory[written...])
      let count =
        if let offset {
          unsafe pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + written))
        } else {
          unsafe write(descriptor, rest.baseAddress, rest.count)
        }
      guard count >= 0 || errno == EINTR else { return false }
      written += max(count, 0)
    }
    return true
  }
}

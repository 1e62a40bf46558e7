import Foundation
import Synchronization
import Testing

@Suite("Before a person")
struct TerminalTests {
  /// A terminal: what is written to one end can be read at the other.
  private func terminal() throws -> (reader: FileHandle, writer: FileHandle) {
    let control = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY)
    try #require(control >= 0)
    #if canImport(Darwin)
      try #require(grantpt(control) == 0 && unlockpt(control) == 0)
      let name = try #require(unsafe ptsname(control).map { unsafe String(cString: $0) })
    #else
      // TIOCSPTLCK and TIOCGPTN, which are too much for the importer: unlock it, and tell its number.
      var (lock, number) = (Int32(0), Int32(0))
      try #require(unsafe ioctl(control, 0x4004_5431, &lock) == 0)
      try #require(unsafe ioctl(control, 0x8004_5430, &number) == 0)
      let name = "/dev/pts/\(number)"
    #endif
    let screen = unsafe open(name, O_RDWR | O_NOCTTY)
    try #require(screen >= 0)
    return (
      FileHandle(fileDescriptor: control, closeOnDealloc: true),
      FileHandle(fileDescriptor: screen, closeOnDealloc: true)
    )
  }

  /// Runs the command before a terminal.
  ///
  /// - Returns: Its exit status, its output, and what the person saw.
  private func run(
    _ arguments: [String], input: FileHandle = .nullDevice
  ) throws -> (status: Int32, output: String, seen: String) {
    let (reader, writer) = try terminal()
    let process = Process()
    process.executableURL = try Command.executable
    process.arguments = arguments
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    process.standardError = writer
    try process.run()
    // A terminal holds little, so it is read while the command writes.
    let screen = Mutex("")
    let isRead = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      var seen = Data()
      while seen.suffix(5) != Data("end\r\n".utf8) {
        let more = reader.availableData
        guard !more.isEmpty else { break }
        seen += more
      }
      screen.withLock { $0 = String(decoding: seen, as: UTF8.self) }
      isRead.signal()
    }
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    // The screen stays open, and this line is where reading ends.
    writer.write(Data("\nend\n".utf8))
    isRead.wait()
    return (
      process.terminationStatus, String(decoding: text, as: UTF8.self), screen.withLock { $0 }
    )
  }

  @Test("Work of known length shows a bar, and a stream without an end shows none")
  func bars() throws {
    let folder = try TemporaryFolder()
    let made = try Command.run(
      "simulate", "--output", folder.url.path, "--waveform", "cw", "--count", "1", "--gestures",
      "push", "pull")
    #expect(made.status == 0)
    let recording = folder.path("cw5.8-0001.bin")
    let whole = try run([recording])
    #expect(whole.status == 0 && whole.seen.contains(" %  \(recording)"))
    #expect(whole.output.contains("push"))

    let sidecar = folder.path("cw5.8-0001.sigmf-meta")
    let input = try #require(FileHandle(forReadingAtPath: recording))
    let piped = try run(["-", "--config", sidecar], input: input)
    #expect(piped.status == 0, "\(piped.seen)")
    #expect(!piped.seen.contains("█") && !piped.seen.contains("·"))
    #expect(piped.output == whole.output)
  }
}

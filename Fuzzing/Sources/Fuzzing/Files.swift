import Foundation
import Radar
import Recordings

/// Readers of files, which are written to a folder in memory for every input.
struct Files {
  static let shared = Files()

  private let folder: String

  private init() {
    folder = "/dev/shm/fuzzing-\(ProcessInfo.processInfo.processIdentifier)/"
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    // What streams put aside goes there as well.
    setenv("TMPDIR", "/dev/shm", 1)
    let path = folder
    Self.folderToRemove = path
    atexit { try? FileManager.default.removeItem(atPath: Files.folderToRemove) }
  }

  nonisolated(unsafe) private static var folderToRemove = ""

  /// Reads `data` as the file called `name`.
  func read(
    _ data: [UInt8], as name: String, sidecar: (name: String, text: String)? = nil,
    beside neighbour: (name: String, bytes: [UInt8])? = nil, opens opened: String? = nil,
    carrier: Double? = nil, detects: Bool = false
  ) {
    if let sidecar, !FileManager.default.fileExists(atPath: folder + sidecar.name) {
      write(Array(sidecar.text.utf8), to: sidecar.name)
    }
    if let neighbour, !FileManager.default.fileExists(atPath: folder + neighbour.name) {
      write(neighbour.bytes, to: neighbour.name)
    }
    write(data, to: name)
    let isFIFO = name == "a.fifo" || neighbour?.name == "a.fifo"
    do throws(RecordingError) {
      let metadata = try RecordingMetadata(
        path: folder + (opened ?? (isFIFO ? "a.fifo" : neighbour?.name ?? name)),
        configuration: isFIFO ? folder + "config.json" : nil, carrierFrequency: carrier)
      guard !detects else {
        let evidence = try LayoutEvidence(of: metadata)
        precondition(!evidence.sentences.isEmpty)
        return
      }
      var reader = try RecordingReader(metadata)
      var frame = Frame(shape: metadata.waveform.shape)
      var count = 0
      while count < 64, try reader.read(into: &frame) { count += 1 }
    } catch {
      Streams.check(error)
    }
  }

  /// Reads a stream of any form: the first byte is the length of its pieces, the second chooses what
  /// is known of it.
  func stream(_ data: [UInt8]) {
    guard data.count > 2 else { return }
    let sidecars = [
      ("s.sigmf-meta", Self.frameSidecar.1), ("s.cfg", Self.profileWithHeaders),
      ("config.json", Self.config), ("t.sigmf-meta", Self.layoutSidecar.1),
    ]
    let choice = Int(data[1]) % (sidecars.count + 1)
    if choice < sidecars.count, !FileManager.default.fileExists(atPath: folder + sidecars[choice].0)
    {
      write(Array(sidecars[choice].1.utf8), to: sidecars[choice].0)
    }
    var stream = RecordingStream(
      configuration: choice < sidecars.count ? folder + sidecars[choice].0 : nil,
      hints: RecordingHints(carrierFrequency: choice < sidecars.count ? nil : 24e9))
    var frame: Frame?
    var count = 0
    do throws(RecordingError) {
      var rest = data.dropFirst(2)
      while !rest.isEmpty {
        let length = min(Int(data[0]) * 8 + 1, rest.count)
        try stream.append(Array(rest.prefix(length)).span)
        rest = rest.dropFirst(length)
        try take(&stream, &frame, &count)
      }
      try stream.finish()
      try take(&stream, &frame, &count)
    } catch {
      Streams.check(error)
    }
  }

  private func take(
    _ stream: inout RecordingStream, _ frame: inout Frame?, _ count: inout Int
  ) throws(RecordingError) {
    guard let shape = stream.metadata?.waveform.shape else { return }
    var next = frame ?? Frame(shape: shape)
    while count < 64, try stream.decode(into: &next) { count += 1 }
    frame = next
  }

  private func write(_ bytes: [UInt8], to name: String) {
    let descriptor = unsafe open(folder + name, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    precondition(descriptor >= 0, "the folder in memory takes no files")
    let count = unsafe bytes.withUnsafeBytes {
      unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
    }
    precondition(count == bytes.count, "the folder in memory is full")
    close(descriptor)
  }

  /// Samples for sidecars to speak of.
  static let samples = (0..<6144).map { UInt8(truncatingIfNeeded: $0 &* 37) }

  static let frameSidecar = (
    "a.sigmf-meta",
    """
    {"global": {"core:version": "1.2.5", "radar:waveform": "fmcw",
      "radar:center_frequency_hz": 6e10, "radar:bandwidth_hz": 4e9, "radar:chirp_interval_s": 1e-3,
      "radar:frame_interval_s": 5e-3}}
    """
  )

  static let layoutSidecar = (
    "a.sigmf-meta",
    """
    {"global": {"core:datatype": "ci16_le", "core:dataset": "a.bin", "radar:waveform": "fmcw",
      "radar:center_frequency_hz": 6e10, "radar:bandwidth_hz": 4e9, "radar:chirp_interval_s": 1e-3,
      "radar:frame_interval_s": 5e-3, "radar:chirps_per_frame": 4, "radar:receivers": 4,
      "radar:samples_per_chirp": 16}}
    """
  )

  static let profile = """
    channelCfg 5 3 0
    adcCfg 2 1
    adcbufCfg -1 0 1 1 1
    profileCfg 0 77 30 6 62 0 0 60 1 16 2500 0 0 30
    chirpCfg 0 1 0 0 0 0 0 1
    frameCfg 0 1 4 0 50 1 0
    """

  static let profileWithHeaders = profile + "\nlvdsStreamCfg -1 1 1 0"

  static let config = """
    {"device_config": {"fmcw_single_shape": {"rx_antennas": [1, 2], "tx_antennas": [1],
      "start_frequency_Hz": 5.8e10, "end_frequency_Hz": 6.3e10, "num_chirps_per_frame": 4,
      "num_samples_per_chirp": 8, "chirp_repetition_time_s": 1e-3, "frame_repetition_time_s": 0.1,
      "mimo_mode": "off"}}}
    """
}

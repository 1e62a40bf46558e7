import Foundation
import Radar
import Recordings
import Testing

/// Opens and reads what may be nonsense: the only way out is a result or a `RecordingError`.
private func survive(_ path: String) throws {
  do throws(RecordingError) {
    var reader = try RecordingReader(path: path)
    var frame = Frame(shape: reader.metadata.waveform.shape)
    var count = 0
    while try reader.read(into: &frame), count < 100 { count += 1 }
  } catch {
    #expect(!error.description.isEmpty && !error.description.contains("\n"))
  }
}

@Suite("Untrusted input")
struct UntrustedInputTests {
  private static let values: [any Sendable] = [
    0, -1, 3, 1e-300, 1e300, 9_007_199_254_740_993, Int.min, 0.5, "", true, [1, 2],
    [[1e300, 1]], [String: Int](),
  ]

  @Test("No field of a sidecar can stop the program", arguments: ["fmcw", "cw", "pulsed"])
  func sidecar(waveform: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a.sigmf-data", [UInt8](repeating: 1, count: 4 * smallFrameBytes))
    let fields = smallFields.merging([
      "radar:waveform": waveform, "core:sample_rate": 1000, "radar:iq_order": "qi",
      "radar:sample_bits": 12, "radar:range_start_m": 0.1, "radar:range_step_m": 0.1,
      "core:num_channels": 2, "core:trailing_bytes": 0, "core:offset": 0, "radar:label": "x",
      "radar:receiver_positions_m": [[0.0, 0.0], [1.0, 1.0]], "core:dataset": "a.sigmf-data",
      "core:sha512": "x", "radar:session": "s",
    ]) { $1 }
    for name in fields.keys {
      for value in Self.values {
        try folder.write("a.sigmf-meta", global: fields.merging([name: value]) { $1 })
        try survive(path)
      }
    }
    for name in ["core:sample_start", "core:sample_count", "core:header_bytes", "core:label"] {
      for value in Self.values {
        var entry: [String: any Sendable] = ["core:sample_start": 1, "core:label": "x"]
        entry[name] = value
        try folder.write(
          "a.sigmf-meta", global: fields, captures: [entry, entry], annotations: [entry, entry])
        try survive(path)
      }
    }
  }

  @Test("No number of a profile can stop the program")
  func profile() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a.bin", [UInt8](repeating: 1, count: 4096))
    let words = """
      channelCfg 5 3 0 \n adcCfg 2 1 \n adcbufCfg -1 0 1 1 1 \n lvdsStreamCfg -1 1 1 0 \n
      profileCfg 0 77 30 6 62 0 0 60 1 16 2500 0 0 30 \n chirpCfg 0 1 0 0 0 0 0 1 \n
      frameCfg 0 1 4 0 50 1 0
      """.split(separator: " ")
    for index in words.indices {
      for value in ["0", "-1", "1e300", "nan", "inf", "511", "99999999999999999999", "x", "\n"] {
        var changed = words
        changed[index] = Substring(value)
        try folder.write("a.cfg", Array(changed.joined(separator: " ").utf8))
        try survive(path)
      }
    }
  }

  /// A file with some of its bytes replaced.
  private func damage(
    _ bytes: [UInt8], within range: Int, using random: inout some RandomNumberGenerator
  ) -> [UInt8] {
    var bytes = bytes
    for _ in 0...Int.random(in: 0...3, using: &random) {
      bytes[Int.random(in: 0..<min(range, bytes.count), using: &random)] =
        [0, 1, 0x7F, 0x80, 0xFF, 0x2C].randomElement(using: &random) ?? 0
    }
    return Bool.random(using: &random)
      ? bytes : Array(bytes.prefix(Int.random(in: 1...bytes.count, using: &random)))
  }

  @Test(
    "No byte of a file can stop the program",
    arguments: ["a.npy", "a.wav", "a.pcap", "a_Raw_0.bin"])
  func files(name: String) throws {
    let folder = try TemporaryFolder()
    var random = SystemRandomNumberGenerator()
    let payload = [UInt8](repeating: 1, count: 192)
    let packet = bytes([1], width: 4) + bytes([0], width: 6) + payload
    let whole: [UInt8]
    switch name {
    case "a.npy":
      let text = "{'descr': '<i2', 'fortran_order': True, 'shape': (2, 4, 2, 3, 2), }          \n"
      whole =
        [0x93] + Array("NUMPY".utf8) + [1, 0] + bytes([text.utf8.count]) + Array(text.utf8)
        + payload
    case "a.wav":
      let format = bytes([1, 2, 1000, 0, 4000, 0, 4, 16])
      whole =
        Array("RIFF\0\0\0\0WAVEfmt ".utf8) + bytes([16], width: 4) + format
        + Array("data".utf8) + bytes([192], width: 4) + payload
    case "a.pcap":
      let frame =
        [UInt8](repeating: 2, count: 12) + [8, 0, 0x45, 0, 0, 230, 0, 0, 0, 0, 64, 17]
        + [UInt8](repeating: 0, count: 10) + [0x10, 2, 0x10, 2, 0, 210, 0, 0] + packet
      whole =
        bytes([0xA1B2_C3D4, 0, 0, 0, 0, 1], width: 4)
        + bytes([0, 0, frame.count, frame.count], width: 4) + frame
    default: whole = bytes([1, 192], width: 4) + bytes([0], width: 6) + payload
    }
    var fields = smallFields.filter { $0.key != "radar:axes" }
    fields["core:dataset"] = name
    let sidecar = name.split(separator: ".")[0] + ".sigmf-meta"
    try folder.write(String(sidecar), global: fields)
    for _ in 0..<250 {
      try survive(folder.write(name, damage(whole, within: 128, using: &random)))
    }
  }

  /// The files that are damaged of each kind: more if the environment asks for them.
  private static let runs =
    ProcessInfo.processInfo.environment["FUZZ_RUNS"].flatMap { Int($0) } ?? 150

  @Test("No byte of another program's file can stop the program", arguments: ForeignFile.all)
  func foreignFiles(file: ForeignFile) throws {
    let folder = try TemporaryFolder()
    let path = try file.write(to: folder)
    var random = SystemRandomNumberGenerator()
    for _ in 0..<Self.runs {
      // The directory of an archive is at its end, the headers of the others at the start.
      let isAtEnd = file.name.hasSuffix(".npz") && Bool.random(using: &random)
      let bytes = isAtEnd ? Array(file.bytes.reversed()) : file.bytes
      let damaged = damage(bytes, within: 1800, using: &random)
      try folder.write(file.name, isAtEnd ? damaged.reversed() : damaged)
      try survive(path)
    }
  }
}

import Foundation
import Radar
import Recordings
import Testing

@Suite("Samples that need hints")
struct SoftwareRadioTests {
  private static let floats: [Float] = [1, -2, 0.5, 3, 1e-3, -7]
  private static let bytes = floats.flatMap {
    RecordingsTests.bytes([Int($0.bitPattern)], width: 4)
  }

  @Test("A file of GNU Radio needs a carrier and a rate only")
  func hints() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a.cfile", Self.bytes)
    let hints = RecordingHints(carrierFrequency: 5.8e9, sampleRate: 1000)
    let metadata = try RecordingMetadata(path: path, hints: hints)
    #expect(metadata.format == .softwareRadio && metadata.waveform.kind == .cw)
    #expect(metadata.encoding.datatype == Datatype(.complex, .f32))
    #expect(metadata.origins[.centerFrequency] == "the command line")
    #expect(metadata.origins[.datatype] == "what is usual for \(path)")
    var reader = try RecordingReader(metadata)
    var frame = Frame(shape: metadata.waveform.shape)
    #expect(try reader.read(into: &frame))
    #expect(Array(frame.samples[..<6]) == Self.floats)
    #expect(throws: RecordingError.missingField(path: path, field: "core:sample_rate")) {
      try RecordingMetadata(path: path, carrierFrequency: 5.8e9)
    }
  }

  @Test("Integers and exchanged numbers can be said")
  func integers() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a.cfile", RecordingsTests.bytes([1, 2, 3, 4]))
    let hints = RecordingHints(
      carrierFrequency: 5.8e9, sampleRate: 1000, datatype: Datatype(.complex, .i16), order: .qi)
    var reader = try RecordingReader(path: path, hints: hints)
    var frame = Frame(shape: reader.metadata.waveform.shape)
    #expect(try reader.read(into: &frame))
    #expect(Array(frame.samples[..<4]) == [2, 1, 4, 3])
  }

  @Test("A hint may not contradict a sidecar")
  func contradiction() throws {
    let folder = try TemporaryFolder()
    let sidecar = try folder.write(
      "a.sigmf-meta",
      global: [
        "core:datatype": "cf32_le", "core:sample_rate": 1000, "radar:waveform": "cw",
        "radar:center_frequency_hz": 5.8e9,
      ])
    let path = try folder.write("a.cfile", Self.bytes)
    #expect(try RecordingMetadata(path: sidecar).files == [path])
    #expect(
      throws: RecordingError.invalidField(
        path: sidecar, field: "radar:center_frequency_hz", found: "5800000000",
        expected: "24000000000 as in the command line")
    ) { try RecordingMetadata(path: path, carrierFrequency: 24e9) }
  }

  @Test("The frequency of the first capture is the carrier of a plain SigMF recording")
  func plainSigMF() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "a.sigmf-meta",
      global: ["core:datatype": "cf32_le", "core:sample_rate": 1000, "radar:waveform": "cw"],
      captures: [
        ["core:sample_start": 0, "core:frequency": 24e9, "core:datetime": "2026-01-01T00:00:00Z"]
      ])
    let metadata = try RecordingMetadata(path: folder.write("a.sigmf-data", Self.bytes))
    #expect(metadata.waveform.centerFrequency == 24e9)
    #expect(metadata.startTime == "2026-01-01T00:00:00Z")
    #expect(metadata.origins[.centerFrequency]?.hasPrefix("core:frequency") == true)
  }

  @Test("What came out of the queue of a BGT60 is unpacked by its configuration")
  func packedQueue() throws {
    let folder = try TemporaryFolder()
    let configuration = """
      {"device_config": {"fmcw_single_shape": {"rx_antennas": [1, 3], "tx_antennas": [1],
        "start_frequency_Hz": 5.8e10, "end_frequency_Hz": 6.3e10, "num_chirps_per_frame": 2,
        "num_samples_per_chirp": 3, "chirp_repetition_time_s": 1e-3,
        "frame_repetition_time_s": 0.1, "mimo_mode": "off"}}}
      """
    let sidecar = try folder.write("config.json", Array(configuration.utf8))
    // Sample s of receiver r in chirp c is 1000 c + 100 r + s, two in three bytes.
    let numbers = (0..<2).flatMap { c in
      (0..<3).flatMap { s in (0..<2).map { 1000 * c + 100 * $0 + s } }
    }
    let packed = stride(from: 0, to: numbers.count, by: 2).flatMap { index -> [UInt8] in
      let (a, b) = (numbers[index], numbers[index + 1])
      return [UInt8(a >> 4), UInt8((a & 15) << 4 | b >> 8), UInt8(b & 255)]
    }
    let path = try folder.write("radar.fifo", packed)
    let metadata = try RecordingMetadata(path: path, configuration: sidecar)
    #expect(metadata.format == .infineon && metadata.encoding.datatype.scalar == .u12)
    let frames = try readFrames(path, configuration: sidecar)
    #expect(
      frames.map(\.samples) == [[0, 1, 2, 100, 101, 102, 1000, 1001, 1002, 1100, 1101, 1102]])
    #expect(throws: RecordingError.partialFrame(offset: 0, frames: 0, found: 17, expected: 18)) {
      try RecordingMetadata(
        path: folder.write("radar.fifo", packed.dropLast()), configuration: sidecar)
    }
  }
}

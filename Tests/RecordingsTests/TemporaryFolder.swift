import Foundation
import Radar
import Recordings

/// A folder that is removed with everything in it.
struct TemporaryFolder: ~Copyable {
  let path = FileManager.default.temporaryDirectory
    .appendingPathComponent("recordings-\(UUID().uuidString)").path

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The names of everything in the folder.
  var contents: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }

  /// Writes `bytes` to the file called `name`, and returns its path.
  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let url = URL(fileURLWithPath: path).appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path
  }

  /// Writes a SigMF sidecar of these fields, and returns its path.
  @discardableResult
  func write(
    _ name: String, global: [String: any Sendable], captures: [[String: any Sendable]] = [],
    annotations: [[String: any Sendable]] = []
  ) throws -> String {
    let document = try JSONSerialization.data(withJSONObject: [
      "global": global, "captures": captures, "annotations": annotations,
    ])
    return try write(name, [UInt8](document))
  }
}

/// The fields of a small FMCW recording: 4 chirps of 2 receivers and 3 complex samples.
let smallFields: [String: any Sendable] = [
  "core:datatype": "ci16_le", "core:version": "1.2.5", "radar:waveform": "fmcw",
  "radar:center_frequency_hz": 60e9, "radar:bandwidth_hz": 4e9, "radar:chirp_interval_s": 1e-3,
  "radar:frame_interval_s": 5e-3, "radar:samples_per_chirp": 3, "radar:chirps_per_frame": 4,
  "radar:receivers": 2, "radar:transmitters": 1,
  "radar:axes": ["frame", "chirp", "receiver", "sample"],
]

/// The bytes of a frame of ``smallFields``.
let smallFrameBytes = 4 * 2 * 3 * 4

/// All frames of the recording at `path`.
func readFrames(_ path: String, configuration: String? = nil) throws -> [Frame] {
  var reader = try RecordingReader(path: path, configuration: configuration)
  var frame = Frame(shape: reader.metadata.waveform.shape)
  var frames: [Frame] = []
  while try reader.read(into: &frame) { frames.append(frame) }
  return frames
}

/// Little-endian integers of `width` bytes.
func bytes(_ values: [Int], width: Int = 2) -> [UInt8] {
  values.flatMap { value in
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}

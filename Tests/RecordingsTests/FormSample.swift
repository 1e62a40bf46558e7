import Foundation
import Radar
import Recordings
import Testing

/// A file of one form, small or large, with what a reader must be told of it.
struct FormSample: Sendable, CustomTestStringConvertible {
  /// The name of the file, or of its folder with a slash.
  var name: String
  var testDescription: String { name + (note.isEmpty ? "" : " \(note)") }

  private var note = ""
  private var carrier: Double?

  /// Writes a recording of so many frames to a folder.
  private var make: @Sendable (_ folder: String, _ frames: Int) throws -> Void

  /// The file and its sidecar, if it has one.
  struct Files {
    var path: String
    var sidecar: String?
    var hints: RecordingHints
  }

  /// Writes the file to `folder`.
  func write(to folder: borrowing TemporaryFolder, frames: Int) throws -> Files {
    try make(folder.path, frames)
    let path = "\(folder.path)/\(name)" + (name.hasSuffix("/") ? "radar.npy" : "")
    let base = String(path.prefix(upTo: path.lastIndex(of: ".") ?? path.endIndex))
    let folderOfFile = path.prefix(upTo: path.lastIndex(of: "/") ?? path.endIndex)
    let sidecars = [base + ".cfg", base + ".sigmf-meta", folderOfFile + "/config.json"]
    return Files(
      path: path, sidecar: sidecars.first { FileManager.default.fileExists(atPath: $0) },
      hints: RecordingHints(carrierFrequency: carrier))
  }
}

extension FormSample {
  /// A file that the writer makes.
  private static func written(
    _ name: String, _ datatype: Datatype, _ order: SampleOrder = .iq,
    axes: [RecordingAxis] = SampleEncoding.canonicalAxes, isContinuous: Bool = false
  ) -> FormSample {
    FormSample(name: name, note: "\(datatype) \(order.rawValue)") { folder, count in
      let waveform = Waveform(
        ranging: isContinuous ? .none : .beat(bandwidth: 4e9), centerFrequency: 60e9,
        chirpInterval: 1e-3, frameInterval: isContinuous ? 16e-3 : 5e-3,
        shape: FrameShape(
          chirps: isContinuous ? 16 : 4, receivers: 2, samplesPerChirp: isContinuous ? 1 : 4,
          sampleKind: datatype.sampleKind))
      let path = "\(folder)/\(name)"
      let encoding = SampleEncoding(datatype: datatype, order: order, axes: axes)
      var writer = try RecordingWriter(path: path, waveform: waveform, encoding: encoding)
      for index in 0..<count {
        var frame = Frame(shape: waveform.shape, index: index)
        frame.samples = frame.samples.indices.map { Float(1 + (index * 53 + $0 * 7) % 120) }
        try writer.write(frame)
      }
      try writer.finish(annotations: [Annotation(label: "tap", start: 0, end: 5e-3)])
    }
  }

  /// A capture of TI's boards with a profile, of which some lines are replaced.
  private static func capture(
    _ name: String, note: String, headerBytes: Int = 0, lanes: Int = 2,
    replacing lines: [(String, String)] = []
  ) -> FormSample {
    FormSample(name: name, note: note) { folder, count in
      var profile = """
        channelCfg 5 3 0
        adcCfg 2 1
        adcbufCfg -1 0 1 1 1
        profileCfg 0 77 30 6 62 0 0 60 1 8 2500 0 0 30
        chirpCfg 0 0 0 0 0 0 0 1
        chirpCfg 1 1 0 0 0 0 0 2
        frameCfg 0 1 2 0 50 1 0
        lvdsStreamCfg -1 0 1 0
        """
      for (old, new) in lines { profile = profile.replacing(old, with: new) }
      let base = "\(folder)/\(name.split(separator: ".")[0])"
      try Data(profile.utf8).write(to: URL(fileURLWithPath: base + ".cfg"))
      var stored: [UInt8] = []
      for chirp in 0..<4 * count {
        if headerBytes > 0 {
          let length = headerBytes - 16 + 8 * lanes * 4
          stored += bytes([0x0ADC, 0x0CDA, 0x0ADC, 0x0CDA, length, 0, 0, 0])
          stored += [UInt8](repeating: 0x0F, count: headerBytes - 16)
        }
        stored += (0..<8 * lanes * 4).map { UInt8(1 + (chirp * 31 + $0 * 3) % 250) }
      }
      try Data(stored).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }
  }

  /// A file that Python wrote, whose length cannot be chosen.
  private static func foreign(_ file: ForeignFile) -> FormSample {
    FormSample(
      name: file.name, note: "of Python", carrier: file.name.hasSuffix(".wav") ? 24e9 : nil
    ) { folder, _ in
      let base = "\(folder)/\(file.name.split(separator: ".")[0])"
      if file.name.hasSuffix(".npy") || file.name.hasSuffix(".npz") {
        try JSONSerialization.data(withJSONObject: ["global": file.fields])
          .write(to: URL(fileURLWithPath: base + ".sigmf-meta"))
      }
      // Python fills archives up to 10 KiB: two blocks of zeros are an end as well.
      let end = file.bytes.lastIndex { $0 != 0 } ?? 0
      let count = file.name.hasSuffix(".sigmf") ? (end / 512 + 3) * 512 : file.bytes.count
      try Data(file.bytes.prefix(count))
        .write(to: URL(fileURLWithPath: "\(folder)/\(file.name)"))
    }
  }

  /// Samples with bytes before, between and after them, as SigMF allows.
  private static let surrounded = FormSample(name: "a.raw", note: "with headers") {
    folder, count in
    let frames = smallFrameBytes * count
    let global = smallFields.merging(["core:dataset": "a.raw", "core:trailing_bytes": 7]) { $1 }
    let captures: [[String: any Sendable]] = [
      ["core:sample_start": 0, "core:header_bytes": 5],
      ["core:sample_start": 13, "core:header_bytes": 3],
    ]
    try JSONSerialization.data(withJSONObject: ["global": global, "captures": captures])
      .write(to: URL(fileURLWithPath: folder + "/a.sigmf-meta"))
    let stored = (0..<frames + 15).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    try Data(stored).write(to: URL(fileURLWithPath: folder + "/a.raw"))
  }

  /// What comes out of the queue of a BGT60.
  private static let queue = FormSample(name: "radar.fifo", note: "of a BGT60") { folder, count in
    let configuration = """
      {"device_config": {"fmcw_single_shape": {"rx_antennas": [1, 3], "tx_antennas": [1],
        "start_frequency_Hz": 5.8e10, "end_frequency_Hz": 6.3e10, "num_chirps_per_frame": 2,
        "num_samples_per_chirp": 3, "chirp_repetition_time_s": 1e-3,
        "frame_repetition_time_s": 0.1, "mimo_mode": "off"}}}
      """
    try Data(configuration.utf8).write(to: URL(fileURLWithPath: folder + "/config.json"))
    try Data((0..<18 * count).map { UInt8(truncatingIfNeeded: $0 &* 37) })
      .write(to: URL(fileURLWithPath: folder + "/radar.fifo"))
  }

  /// A folder of the Radar Fusion GUI with nothing but its own configuration.
  private static let fusion: FormSample = {
    var sample = written(
      "b/", Datatype(.real, .u16), axes: [.frame, .receiver, .chirp, .sample])
    let make = sample.make
    sample.note = "with its own configuration"
    sample.make = { folder, count in
      try make(folder, count)
      try FileManager.default.removeItem(atPath: folder + "/b/radar.sigmf-meta")
    }
    return sample
  }()

  private static let i16 = Datatype(.complex, .i16)
  private static let f32 = Datatype(.complex, .f32)

  /// One of each form that is read, in the variants that are decoded in different ways.
  static let written: [FormSample] =
    SampleOrder.allCases.map { order in
      written(
        "a.bin", i16, order,
        axes: order.groupLength == 4
          ? [.frame, .chirp, .sample, .receiver] : SampleEncoding.canonicalAxes)
    } + [
      written("a.bin", Datatype(.real, .u12)), written("a.bin", Datatype(.real, .i24, .bigEndian)),
      written("a.sigmf-data", f32), written("a.sigmf-data", i16, isContinuous: true),
      written("a.sigmf", i16),
      written("a.npy", i16), written("a.npy", f32), written("a.npy", i16, isContinuous: true),
      written("a.npz", i16), written("a.npz", Datatype(.real, .f64)),
      written("a/", Datatype(.real, .u16), axes: [.frame, .receiver, .chirp, .sample]),
      written("a.wav", i16, isContinuous: true),
      written("a.wav", Datatype(.real, .i24), isContinuous: true),
      written("a.wav", Datatype(.complex, .i32), isContinuous: true),
      written("a.wav", f32, isContinuous: true), written("a.cfile", f32, isContinuous: true),
      written("a_Raw_0.bin", i16), written("a.pcap", i16), written("a.pcapng", i16), surrounded,
      queue, fusion, capture("adc.bin", note: "two lanes"),
      capture(
        "adc.bin", note: "two lanes, real", lanes: 1,
        replacing: [("adcCfg 2 1", "adcCfg 2 0"), ("adcbufCfg -1 0", "adcbufCfg -1 1")]),
      capture(
        "adc.bin", note: "four lanes", lanes: 4,
        replacing: [("adcbufCfg -1 0 1 1 1", "adcbufCfg -1 0 0 0 1")]),
      capture(
        "adc.bin", note: "HSI headers", headerBytes: 64,
        replacing: [("lvdsStreamCfg -1 0", "lvdsStreamCfg -1 1")]),
    ]

  static let all = written + ForeignFile.all.map(foreign)
}

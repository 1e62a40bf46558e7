public import Radar

/// The forms of files that a recording can be written in.
///
/// Each has a SigMF sidecar beside it, which holds what the file itself cannot: only the archive
/// has it inside.
public enum RecordingForm: String, CaseIterable, Hashable, Sendable {
  /// Nothing but samples: `NAME.sigmf-data`, `NAME.bin`, or any other name.
  case samples

  /// A SigMF archive: `NAME.sigmf`.
  case archive

  /// A NumPy array: `NAME.npy`.
  case array

  /// An archive of one NumPy array, stored: `NAME.npz`.
  case arrayArchive

  /// A folder as Infineon's Radar Fusion GUI writes it: a name that ends with a slash.
  case infineonFolder

  /// Audio of a continuous wave: `NAME.wav`.
  case wave

  /// Complex numbers of 32 bits as GNU Radio writes them: `NAME.cfile`.
  case softwareRadio

  /// Records of mmWave Studio: `NAME_Raw_0.bin`.
  case records

  /// A capture of the UDP packets of a DCA1000: `NAME.pcap`.
  case capture

  /// The same in the newer format: `NAME.pcapng`.
  case nextGenerationCapture

  /// The form that a name asks for.
  public init(path: String) {
    let endings: [(String, RecordingForm)] = [
      ("/", .infineonFolder), (".sigmf", .archive), (".npy", .array), (".npz", .arrayArchive),
      (".wav", .wave), (".cfile", .softwareRadio), (".pcap", .capture), (".cap", .capture),
      (".pcapng", .nextGenerationCapture),
    ]
    // Recorders and their systems write some endings in capitals.
    let lowercased = path.lowercased()
    let found = endings.first { lowercased.hasSuffix($0.0) }?.1
    self = found ?? (PacketFormat(path: path) == .records ? .records : .samples)
  }

  /// The bytes at the start of a file that tell its form.
  static let recognisableBytes = 512

  /// The form of a file that starts with `bytes`, and `nil` if nothing in them tells.
  ///
  /// - Parameter bytes: The first ``recognisableBytes`` of the file, or all of it.
  init?(start bytes: [UInt8]) {
    func has(_ text: String, at offset: Int = 0) -> Bool {
      bytes.dropFirst(offset).starts(with: text.utf8)
    }
    if bytes.starts(with: [0x93] + Array("NUMPY".utf8)) {
      self = .array
    } else if bytes.starts(with: [0x50, 0x4B, 3, 4]) {
      self = .arrayArchive
    } else if ["RIFF", "RF64", "BW64"].contains(where: { has($0) }), has("WAVE", at: 8) {
      self = .wave
    } else if has("ustar", at: 257) {
      self = .archive
    } else if NetworkCapture.starts(bytes[...]) {
      self = .capture
    } else if bytes.starts(with: [1, 0, 0, 0, 0xB0, 5, 0, 0, 0, 0, 0, 0, 0, 0]) {
      // The first record of a capture: number 1, 1456 bytes, none before it.
      self = .records
    } else {
      return nil
    }
  }

  /// How packets wrap the samples, and `nil` if they do not.
  var packets: PacketFormat? {
    switch self {
    case .records: .records
    case .capture, .nextGenerationCapture: .networkCapture
    default: nil
    }
  }
}

extension RecordingForm {
  /// The encoding nearest to `encoding` that the form can hold, without loss of a bit.
  ///
  /// - Parameters:
  ///   - encoding: How samples are stored elsewhere.
  ///   - waveform: What the radar transmits.
  /// - Returns: Only how the samples lie, without gaps and headers.
  public func encoding(like encoding: SampleEncoding, of waveform: Waveform) -> SampleEncoding {
    let isContinuous = waveform.kind == .cw
    var result = SampleEncoding(
      datatype: encoding.datatype, order: encoding.lanes == nil ? encoding.order : .iq,
      axes: isContinuous ? [.frame, .chirp, .receiver] : Self.framesFirst(encoding.axes),
      significantBits: encoding.significantBits)
    switch self {
    case .samples, .archive, .records, .capture, .nextGenerationCapture:
      result.packets = packets
    case .array, .arrayArchive:
      result.order = .iq
      result.datatype = Datatype(
        encoding.datatype.sampleKind, Self.wider(encoding.datatype.scalar),
        encoding.datatype.byteOrder)
    case .infineonFolder:
      result = SampleEncoding(
        datatype: Datatype(.real, .u16), axes: [.frame, .receiver, .chirp, .sample],
        significantBits: encoding.datatype.scalar == .u12 ? 12 : encoding.significantBits)
    case .wave:
      result.order = encoding.order == .qi ? .qi : .iq
      result.datatype = Datatype(encoding.datatype.sampleKind, Self.audio(encoding.datatype.scalar))
    case .softwareRadio:
      result.order = .iq
      result.datatype = Datatype(.complex, .f32)
    }
    if !result.datatype.scalar.isInteger || result.datatype.scalar != encoding.datatype.scalar,
      self != .infineonFolder
    {
      result.significantBits = nil
    }
    // Twelve bits are unsigned, so the wider number has as many that mean something.
    if encoding.datatype.scalar == .u12, result.datatype.scalar == .u16 {
      result.significantBits = 12
    }
    return result
  }

  private static func framesFirst(_ axes: [RecordingAxis]) -> [RecordingAxis] {
    [.frame] + axes.filter { $0 != .frame }
  }

  /// The narrowest number of NumPy that holds every number of `scalar`.
  private static func wider(_ scalar: Datatype.Scalar) -> Datatype.Scalar {
    switch scalar {
    case .i24: .i32
    case .u12: .u16
    default: scalar
    }
  }

  /// The narrowest number of a WAV file that holds every number of `scalar`.
  private static func audio(_ scalar: Datatype.Scalar) -> Datatype.Scalar {
    switch scalar {
    case .u8, .i16, .i24, .i32, .f32, .f64: scalar
    case .i8, .u12: .i16
    case .u16: .i24
    case .u32, .i64, .u64: .f64
    }
  }
}

internal import Radar

/// What a file has before and after its samples.
///
/// Its length before them does not depend on how many there are, so that it can be written first
/// and put right in the end.
protocol FormLayout {
  /// The bytes before the samples.
  func header(dataBytes: Int, checksum: UInt32) -> [UInt8]

  /// The bytes after the samples.
  func trailer(dataBytes: Int, checksum: UInt32) -> [UInt8]
}

extension FormLayout {
  func trailer(dataBytes: Int, checksum: UInt32) -> [UInt8] { [] }
}

/// Nothing but samples.
struct PlainForm: FormLayout {
  func header(dataBytes: Int, checksum: UInt32) -> [UInt8] { [] }
}

extension FixedWidthInteger {
  /// The bytes of the number, least significant first.
  var littleEndianBytes: [UInt8] {
    (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> (8 * $0)) }
  }

  /// The bytes of the number, most significant first.
  var bigEndianBytes: [UInt8] { littleEndianBytes.reversed() }
}

extension RecordingForm {
  /// What the form has around samples of this kind.
  ///
  /// - Throws: `RecordingError.invalidField` if the form cannot hold them.
  func layout(
    path: String, waveform: Waveform, encoding: SampleEncoding
  ) throws(RecordingError) -> any FormLayout {
    func refuse(_ field: String, _ found: String, _ expected: String) -> RecordingError {
      .invalidField(path: path, field: field, found: found, expected: expected)
    }
    let datatype = encoding.datatype
    guard encoding.chirpHeaderBytes == 0, encoding.lanes == nil
    else {
      throw refuse("the encoding", "one with headers or empty lanes", "nothing but samples")
    }
    guard datatype.sampleKind == waveform.shape.sampleKind else {
      throw refuse(
        "the datatype", datatype.description,
        "\(waveform.shape.sampleKind.rawValue) as the samples of the radar are")
    }
    switch self {
    case .samples, .archive, .records: return PlainForm()
    case .capture: return CaptureForm(isNextGeneration: false)
    case .nextGenerationCapture: return CaptureForm(isNextGeneration: true)
    case .softwareRadio:
      guard datatype == Datatype(.complex, .f32), encoding.order == .iq else {
        throw refuse("the datatype", datatype.description, "cf32_le with I before Q")
      }
      return PlainForm()
    case .wave:
      guard waveform.kind == .cw else {
        throw refuse("the waveform", waveform.kind.rawValue, "cw: audio has no frames")
      }
      guard let form = WaveForm(waveform: waveform, encoding: encoding) else {
        throw refuse(
          "the datatype", datatype.description,
          "one that WAV has (u8, i16, i24, i32, f32, f64), little-endian, at less than 4 GHz")
      }
      return form
    case .array, .infineonFolder, .arrayArchive:
      guard let array = NumPyForm(waveform: waveform, encoding: encoding) else {
        throw refuse(
          "the datatype", datatype.description,
          "one that NumPy has, with I before Q sample by sample")
      }
      guard self != .infineonFolder || waveform.kind == .fmcw && datatype.sampleKind == .real else {
        throw refuse("the waveform", "\(waveform.kind.rawValue) of \(datatype)", "fmcw and real")
      }
      return self == .arrayArchive ? ZipForm(array: array) : array
    }
  }
}

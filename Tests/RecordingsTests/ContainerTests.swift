import Foundation
import Radar
import Recordings
import Testing

@Suite("NumPy array")
struct NumPyTests {
  /// An array file as NumPy writes it: 64 bytes divide the header.
  private func array(
    _ descr: String, _ shape: String, fortran: Bool = false, version: UInt8 = 1, _ data: [UInt8]
  ) -> [UInt8] {
    var text = "{'descr': \(descr), 'fortran_order': \(fortran ? "True" : "False"), "
    text += "'shape': \(shape), }"
    let prefix = version == 1 ? 10 : 12
    text += String(repeating: " ", count: 63 - (prefix + text.utf8.count) % 64) + "\n"
    let length = text.utf8.count
    let lengthBytes = bytes([length], width: version == 1 ? 2 : 4)
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + lengthBytes + Array(text.utf8) + data
  }

  private static let fields = smallFields.filter {
    !["core:datatype", "radar:axes"].contains($0.key)
  }

  private func read(
    _ bytes: [UInt8], _ changes: [String: any Sendable] = [:]
  ) throws -> [Frame] {
    let folder = try TemporaryFolder()
    try folder.write("a.sigmf-meta", global: Self.fields.merging(changes) { $1 })
    let path = try folder.write("a.npy", bytes)
    let frames = try readFrames(path)
    #expect(try RecordingMetadata(path: path).frameCount == frames.count)
    #expect(try RecordingMetadata(path: folder.path + "/a.sigmf-meta").format == .numPy)
    return frames
  }

  /// Two frames of 4 chirps, 2 receivers, 3 samples, of which each is its own number.
  private static let numbers = Array(0..<48)

  @Test("Every version of the header is read", arguments: 1...3)
  func versions(version: Int) throws {
    let frames = try read(
      array("'<i2'", "(2, 4, 2, 3)", version: UInt8(version), bytes(Self.numbers)))
    #expect(frames.flatMap(\.samples) == Self.numbers.map(Float.init))
  }

  @Test("Big-endian and complex numbers are read")
  func types() throws {
    let swapped: [UInt8] = Self.numbers.flatMap { [0, UInt8($0)] as [UInt8] }
    let frames = try read(array("'>u2'", "(2, 4, 2, 3)", swapped))
    #expect(frames.flatMap(\.samples) == Self.numbers.map(Float.init))
    let floats = bytes(
      Self.numbers.map { Int(bitPattern: UInt(Double($0).bitPattern)) }, width: 8)
    let complex = try read(array("'<c16'", "(1, 4, 2, 3)", floats))
    #expect(complex.map(\.samples) == [Self.numbers.map(Float.init)])
    let pairs = try read(
      array("'<i2'", "(1, 4, 2, 3, 2)", bytes(Self.numbers)), ["core:datatype": "ci16_le"])
    #expect(pairs.map(\.samples) == [Self.numbers.map(Float.init)])
  }

  @Test("Arrays in the order of Fortran have the same frames")
  func fortranOrder() throws {
    // The first axis varies fastest: number [f, c, r, s] lies at f + 2 (c + 4 (r + 2 s)).
    var stored = [Int](repeating: 0, count: 48)
    for number in Self.numbers {
      let (f, c, r, s) = (number / 24, number / 6 % 4, number / 3 % 2, number % 3)
      stored[f + 2 * (c + 4 * (r + 2 * s))] = number
    }
    let frames = try read(array("'<i2'", "(2, 4, 2, 3)", fortran: true, bytes(stored)))
    #expect(frames.flatMap(\.samples) == Self.numbers.map(Float.init))
  }

  @Test("A continuous wave can have its receivers outside")
  func continuousWave() throws {
    let wave: [String: any Sendable] = ["radar:waveform": "cw", "core:sample_rate": 250]
    let frames = try read(
      array("'<i2'", "(6, 2)", fortran: true, bytes([0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15])),
      wave)
    #expect(
      frames.map(\.samples) == [[0, 10, 1, 11, 2, 12, 3, 13], [4, 14, 5, 15, 0, 0, 0, 0]])
    #expect(frames[1].validity == [true, true, false, false])
    let single = try read(
      array("'<i2'", "(4,)", bytes([0, 1, 2, 3])), wave.merging(["radar:receivers": 1]) { $1 })
    #expect(single.map(\.samples) == [[0, 1, 2, 3]])
  }

  @Test(
    "What is no array of samples is refused",
    arguments: [
      ("'<i2'", "(2, 4, 2, 4)", 128, "radar:samples_per_chirp is 3, not 4 as in a.npy"),
      (
        "'<i2'", "(2, 4, 2, 3)", 90,
        "shape is [2, 4, 2, 3], 224 bytes, not the 218 bytes of the"
          + " file"
      ),
      ("'<i2'", "(99999999999, 99999999999)", 96, "bytes of the file"),
      ("'<i2'", "(48,)", 96, "shape is [48], not one of 4 axes: frame, chirp, receiver, sample"),
      ("'<i2'", "()", 2, "shape is (), not a tuple of positive numbers"),
      ("'|O'", "(2, 4, 2, 3)", 96, "not the type of plain or complex numbers"),
      ("[('a', '<i2')]", "(2, 4, 2, 3)", 96, "not the type of plain or complex numbers"),
    ])
  func refusals(descr: String, shape: String, count: Int, sentence: String) throws {
    let bytes = array(descr, shape, Array(repeating: 0, count: count))
    let error = #expect(throws: RecordingError.self) { try read(bytes) }
    let description = try #require(error?.description)
    let relative = description.split(separator: " ").map { word in
      word.split(separator: "/").last.map(String.init) ?? ""
    }.joined(separator: " ")
    #expect(relative.contains(sentence))
  }

  @Test(
    "The arrays of a TI radar are read as they are",
    .enabled(if: hasSharedData("golden/openradar"), "../shared/data/golden/openradar is absent"))
  func openRadar() throws {
    let folder = try TemporaryFolder()
    let source = sharedData + "/golden/openradar/simple_frame_1.npy"
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: source)))
    let header = String(decoding: bytes.prefix(128), as: UTF8.self)
    #expect(header.contains("(128, 128)"))
    try folder.write(
      "a.sigmf-meta",
      global: Self.fields.merging([
        "radar:axes": ["chirp", "sample"], "radar:receivers": 1, "radar:chirps_per_frame": 128,
        "radar:samples_per_chirp": 128, "radar:frame_interval_s": 1,
      ]) { $1 })
    let frames = try readFrames(folder.write("a.npy", bytes))
    #expect(frames.count == 1 && frames[0].shape.sampleKind == .complex)
    let last = bytes.suffix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    #expect(frames[0].samples.last == Float(Double(bitPattern: last)))
  }
}

@Suite("WAV recording")
struct WaveTests {
  private func chunk(_ name: String, _ data: [UInt8], length: Int? = nil) -> [UInt8] {
    let count = length ?? data.count
    return Array(name.utf8) + bytes([count], width: 4) + data
      + (data.count % 2 == 1 ? [0] : [])
  }

  private func file(
    _ code: Int, channels: Int, bits: Int, rate: Int = 1000, extensible: Bool = false,
    length: Int? = nil, _ data: [UInt8]
  ) -> [UInt8] {
    let block = channels * bits / 8
    var format = bytes([extensible ? 0xFFFE : code, channels, rate, rate >> 16])
    format += bytes([rate * block, rate * block >> 16, block, bits])
    if extensible { format += bytes([22, bits, 3, 0, code] + [Int](repeating: 0, count: 7)) }
    let chunks =
      chunk("LIST", [1, 2, 3]) + chunk("fmt ", format) + chunk("data", data, length: length)
      + chunk("LIST", [9, 9])
    return chunk("RIFF", Array("WAVE".utf8) + chunks)
  }

  private func read(_ bytes: [UInt8]) throws -> [Float] {
    let folder = try TemporaryFolder()
    let path = try folder.write("a.wav", bytes)
    var reader = try RecordingReader(path: path, carrierFrequency: 24.125e9)
    #expect(reader.metadata.format == .wave && reader.metadata.waveform.kind == .cw)
    #expect(reader.metadata.waveform.centerFrequency == 24.125e9)
    #expect(abs(reader.metadata.waveform.chirpInterval - 1e-3) < 1e-15)
    var frame = Frame(shape: reader.metadata.waveform.shape)
    #expect(frame.shape.chirps == 16)
    guard try reader.read(into: &frame) else { return [] }
    let received = frame.validity.count { $0 } * frame.shape.scalarsPerChirp
    return Array(frame.samples[..<received])
  }

  @Test("Two channels are I and Q, in every width")
  func widths() throws {
    let values = [0, 1, -1, -32768]
    let expected: [Float] = [0, 1, -1, -32768]
    #expect(try read(file(1, channels: 2, bits: 16, bytes(values))) == expected)
    #expect(try read(file(1, channels: 2, bits: 24, bytes(values, width: 3))) == expected)
    #expect(try read(file(1, channels: 2, bits: 32, bytes(values, width: 4))) == expected)
    #expect(
      try read(file(1, channels: 2, bits: 32, extensible: true, bytes(values, width: 4)))
        == expected)
    let floats = bytes(expected.map { Int($0.bitPattern) }, width: 4)
    #expect(try read(file(3, channels: 2, bits: 32, floats)) == expected)
    #expect(try read(file(1, channels: 2, bits: 8, [0, 128, 255, 1])) == [0, 128, 255, 1])
  }

  @Test("One channel is real")
  func mono() throws {
    #expect(try read(file(1, channels: 1, bits: 16, bytes([5, 6, 7]))) == [5, 6, 7])
  }

  @Test("A length that was never written means the rest of the file")
  func unknownLength() throws {
    let bytes = file(1, channels: 1, bits: 16, length: 0, [5, 0, 6, 0])
    #expect(try read(bytes).prefix(2) == [5, 6])
  }

  @Test("A sidecar can name the receivers and the labels")
  func sidecar() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "a.sigmf-meta",
      global: [
        "core:datatype": "ri16_le", "radar:center_frequency_hz": 24e9, "core:sample_rate": 999.7,
        "radar:label": "wave",
      ])
    try folder.write("a.wav", file(1, channels: 2, bits: 16, bytes([1, 2, 3, 4])))
    let metadata = try RecordingMetadata(path: folder.path + "/a.sigmf-meta")
    #expect(metadata.waveform.shape.receivers == 2 && metadata.isLabelled)
    #expect(try DataSet(path: folder.path).labels == ["wave"])
  }

  @Test("What is no recording is refused")
  func refusals() throws {
    #expect(throws: RecordingError.self) { try read(Array("RIFFxxxxWAVE".utf8)) }
    #expect(throws: RecordingError.self) { try read(Array("ID3".utf8)) }
    #expect(throws: RecordingError.self) { try read(file(2, channels: 2, bits: 4, [1, 2])) }
    #expect(throws: RecordingError.self) {
      try read(file(1, channels: 2, bits: 16, length: 1000, [1, 2, 3, 4]))
    }
    let folder = try TemporaryFolder()
    let path = try folder.write("a.wav", file(1, channels: 2, bits: 16, bytes([1, 2])))
    let error = #expect(throws: RecordingError.self) { try RecordingMetadata(path: path) }
    #expect(error?.description.contains("has no sidecar") == true)
  }
}

@Suite("Infineon folder")
struct InfineonTests {
  @Test(
    "The folder of a real sensor is read as it is",
    .enabled(if: hasSharedData("golden/bgt60-npy"), "../shared/data/golden/bgt60-npy is absent"))
  func golden() throws {
    let path = sharedData + "/golden/bgt60-npy"
    let metadata = try RecordingMetadata(path: path)
    #expect(metadata.format == .infineon && metadata.frameCount == 256)
    #expect(
      metadata.waveform.shape
        == FrameShape(chirps: 8, receivers: 3, samplesPerChirp: 64, sampleKind: .real))
    #expect(metadata.waveform.centerFrequency == 60.75e9)
    #expect(metadata.waveform.rangeBins == 32)
    let frames = try readFrames(path + "/radar.npy")
    #expect(frames.count == 256)

    // Receiver 1, chirp 5, sample 7 of frame 100, by its place in the file.
    let data = try Data(contentsOf: URL(fileURLWithPath: path + "/radar.npy"))
    let offset = data.count - (256 - 100) * 8 * 3 * 64 * 2 + ((8 + 5) * 64 + 7) * 2
    #expect(
      frames[100].samples[(5 * 3 + 1) * 64 + 7]
        == Float(Int(data[offset]) | Int(data[offset + 1]) << 8))

    // The steady echo at 0.33 m.
    let chirp = (0..<64).map { sample in
      frames.reduce(0.0) { $0 + Double($1.samples[sample]) } / 256
    }
    let mean = chirp.reduce(0, +) / 64
    let power = (1..<32).map { bin in
      let angles = (0..<64).map { 2 * Double.pi * Double(bin * $0) / 64 }
      let taper = (0..<64).map { 0.5 - 0.5 * cos(2 * Double.pi * Double($0) / 64) }
      let parts = (0..<64).map { (chirp[$0] - mean) * taper[$0] }
      let real = zip(parts, angles).reduce(0) { $0 + $1.0 * cos($1.1) }
      let imaginary = zip(parts, angles).reduce(0) { $0 + $1.0 * sin($1.1) }
      return real * real + imaginary * imaginary
    }
    let peak = (5..<31).max { power[$0 - 1] < power[$1 - 1] }
    #expect(peak == 12)
    #expect(abs(try #require(metadata.waveform.range(ofBin: 12)) - 0.33) < 0.01)
  }

  @Test("A configuration for another array is refused")
  func contradiction() throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    try folder.write("config.json", Array("{\"device_config\": {}}".utf8))
    try folder.write("radar.npy", [1, 2, 3])
    #expect(
      throws: RecordingError.missingField(
        path: path + "/config.json", field: "fmcw_single_shape")
    ) { try RecordingMetadata(path: path) }
  }
}

internal import Autodiff
internal import Networks
public import Radar

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// A trained network that gives gestures codes, so that like gestures have like codes.
///
/// It need not know a gesture to recognise it: one to five examples in a gallery are enough.
public struct CodeModel: Sendable {
  /// The version of the files that this code writes and reads.
  public static let formatVersion = 1

  /// The axes on which the network sees motion.
  public let grid: FeatureGrid

  /// The waveforms that the model can judge.
  public let waveforms: WaveformFamily

  /// The number of bits of a code.
  public let bitCount: Int

  /// The names of the gestures that it learned from.
  public let labels: [String]

  /// The most bits in which two performances of one gesture usually differ.
  public let acceptance: Int

  /// The code of what is no gesture.
  let background: BinaryCode

  let network: CodeNetwork

  init(
    grid: FeatureGrid, waveforms: WaveformFamily, labels: [String], acceptance: Int,
    background: BinaryCode, network: CodeNetwork
  ) {
    self.grid = grid
    self.waveforms = waveforms
    self.labels = labels
    self.acceptance = acceptance
    self.background = background
    self.network = network
    bitCount = background.bitCount
  }

  /// The number of numbers that were learned.
  public var parameterCount: Int { network.parameterCount }

  /// A number that is the same for the same weights, and another for others.
  public var fingerprint: UInt64 {
    // Fowler–Noll–Vo, over all that was learned.
    network.parameters.flatMap(\.value.elements).reduce(0xCBF2_9CE4_8422_2325) { hash, element in
      (hash ^ UInt64(element.bitPattern)) &* 0x100_0000_01B3
    }
  }

  /// The codes of windows of features, `[step, velocityBin, channel]` each.
  func codes(of windows: [[Float]]) -> [BinaryCode] {
    var codes: [BinaryCode] = []
    for start in stride(from: 0, to: windows.count, by: 32) {
      let part = windows[start..<min(start + 32, windows.count)]
      let shape = [part.count, grid.steps, grid.velocityBins, grid.channels]
      let values = network.values(of: Tensor(Array(part.joined()), shape: shape)).elements
      for row in 0..<part.count {
        codes.append(BinaryCode(signsOf: values[row * bitCount..<(row + 1) * bitCount]))
      }
    }
    return codes
  }

  /// The code of what a recording shows around each of some moments.
  public func codes(of features: FeatureSequence, at moments: [Double]) -> [BinaryCode] {
    codes(of: moments.map { features.window(centeredAt: $0) })
  }

  /// Refuses a waveform that the model cannot judge.
  ///
  /// - Throws: ``GestureError`` that says what was found and what was expected.
  public func check(_ waveform: Waveform, named name: String) throws {
    guard waveforms.contains(waveform) else {
      throw GestureError.otherWaveform(
        recording: name, found: waveform.summary, expected: waveforms.summary)
    }
    try grid.requireQuantities(of: waveform, named: name)
  }
}

// MARK: - Files

extension CodeModel {
  private static let format = "doppler-gestures-codes"

  /// What a model file notes beside the weights.
  private struct Notes: Codable {
    var labels: [String]
    var grid: FeatureGrid
    var waveforms: WaveformFamily
    var acceptance: Int
    var bits: Int
    var background: [UInt64]
  }

  /// Whether the bytes of a model file say that it is one of codes, not of classes.
  public static func isCodeModel(path: String) -> Bool {
    (try? SafeTensors(path: path))?.notes["format"] == format
  }

  /// Reads the model at `path`.
  ///
  /// - Throws: An error that says in one sentence why the file is not a code model of ours.
  public init(path: String) throws { try self.init(file: SafeTensors(path: path)) }

  /// Reads a model from the bytes of a file.
  ///
  /// - Throws: An error that says in one sentence why these are not a code model of ours.
  public init(bytes: [UInt8]) throws { try self.init(file: SafeTensors(bytes: bytes)) }

  /// Writes the model to `path`, which holds either what it held before or the whole model.
  ///
  /// - Throws: An error that says in one sentence why it cannot be written.
  public func write(to path: String) throws {
    let notes = Notes(
      labels: labels, grid: grid, waveforms: waveforms, acceptance: acceptance, bits: bitCount,
      background: background.words)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(notes), as: UTF8.self)
    let tensors = network.parameters.map { ($0.name, $0.value) }
    try SafeTensors(
      tensors: Dictionary(tensors, uniquingKeysWith: { first, _ in first }),
      notes: ["format": Self.format, "format_version": "\(Self.formatVersion)", "model": text]
    ).write(to: path)
  }

  private init(file: SafeTensors) throws {
    guard file.notes["format"] == Self.format, let text = file.notes["model"] else {
      throw GestureError.badModel("it does not hold a network that gives gestures codes")
    }
    guard file.notes["format_version"] == "\(Self.formatVersion)" else {
      throw GestureError.badModel(
        "its format version is \(file.notes["format_version"] ?? "missing"), and this program"
          + " reads version \(Self.formatVersion)")
    }
    guard let notes = try? JSONDecoder().decode(Notes.self, from: Data(text.utf8)),
      notes.grid.isSound, (1...4096).contains(notes.bits),
      notes.background.count == (notes.bits + 63) / 64,
      notes.bits % 64 == 0 || notes.background[notes.bits / 64] >> UInt64(notes.bits % 64) == 0,
      (0...notes.bits).contains(notes.acceptance)
    else { throw GestureError.badModel("its description is damaged") }
    var generator = SeededGenerator(seed: 0)
    var network = CodeNetwork(grid: notes.grid, bits: notes.bits, using: &generator)
    var complaint: String?
    network.visitParameters { name, parameter in
      guard let tensor = file.tensors[name], tensor.shape == parameter.shape,
        tensor.elements.allSatisfy(\.isFinite)
      else {
        complaint = complaint ?? "tensor \(name) is missing or damaged"
        return
      }
      parameter = tensor
    }
    if let complaint { throw GestureError.badModel(complaint) }
    self.init(
      grid: notes.grid, waveforms: notes.waveforms, labels: notes.labels,
      acceptance: notes.acceptance,
      background: BinaryCode(words: notes.background, bitCount: notes.bits), network: network)
  }
}

internal import Autodiff
internal import Networks
public import Radar

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

  /// The most bits in which a gesture may differ from an example of its kind: half way between the
  /// usual distance within a kind and that to the nearest of another.
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
    var hash = ContentHash()
    for parameter in network.parameters {
      for element in parameter.value.elements { hash.add(element) }
    }
    return hash.value
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
    // An hour has more moments than there is room for all their windows.
    stride(from: 0, to: moments.count, by: 64).flatMap { start in
      codes(
        of: moments[start..<min(start + 64, moments.count)].map {
          features.window(centeredAt: $0)
        })
    }
  }

  /// Refuses a waveform that the model cannot judge.
  ///
  /// - Throws: ``GestureError`` that says what was found and what was expected.
  public func check(_ waveform: Waveform, named name: String) throws {
    try waveforms.require(waveform, grid: grid, named: name)
  }
}

// MARK: - Files

extension CodeModel {
  private static let format = ModelFormat(
    name: "doppler-gestures-codes", version: formatVersion,
    content: "a network that gives gestures codes")

  /// What a model file notes beside the weights.
  private struct Notes: ModelDescription {
    var labels: [String]
    var grid: FeatureGrid
    var waveforms: WaveformFamily
    var acceptance: Int
    var bits: Int
    var background: [UInt64]

    var isSound: Bool {
      guard grid.isSound, waveforms.isSound, (1...4096).contains(bits),
        background.count == (bits + 63) / 64
      else {
        return false
      }
      let spare = bits % 64
      return (spare == 0 || background[bits / 64] >> UInt64(spare) == 0)
        && (0...bits).contains(acceptance)
    }
  }

  /// Whether the bytes of a model file say that it is one of codes, not of classes.
  public static func isCodeModel(path: String) -> Bool {
    format.isFormat(ofFile: path)
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
    try Self.format.file(describing: notes, weights: network.parameters).write(to: path)
  }

  private init(file: SafeTensors) throws {
    let notes: Notes = try Self.format.description(in: file)
    var generator = SeededGenerator(seed: 0)
    var network = CodeNetwork(grid: notes.grid, bits: notes.bits, using: &generator)
    try network.load(from: file.tensors)
    self.init(
      grid: notes.grid, waveforms: notes.waveforms, labels: notes.labels,
      acceptance: notes.acceptance,
      background: BinaryCode(words: notes.background, bitCount: notes.bits), network: network)
  }
}

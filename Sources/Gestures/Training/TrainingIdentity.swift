internal import Autodiff
internal import Networks
internal import Radar

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

extension GestureTrainer {
  /// A number that differs between trainings which end differently: it is made of the options, and of
  /// all that is learned from.
  func identity(
    of sequences: [LabelledSequence], blank: GestureModel, includes: (Int, Double) -> Bool
  ) -> String {
    var hash = ContentHash(
      of: "\(network.rawValue) \(blank.labels)", epochs: epochs, seed: seed, batchSize: batchSize,
      learningRate: learningRate)
    hash.add(validationFraction)
    hash.add(sparsity?.share ?? 0)
    hash.add(sequences, grid: blank.grid, waveforms: blank.waveforms, includes: includes)
    for parameter in start?.network.parameters ?? [] { hash.add(parameter.value.elements) }
    return String(hash.value, radix: 16)
  }
}

extension BayesianTrainer {
  /// A number that differs between trainings which end differently.
  func identity(
    of sequences: [LabelledSequence], blank: GestureModel, includes: (Int, Double) -> Bool
  ) -> String {
    var hash = ContentHash()
    hash.add(base.identity(of: sequences, blank: blank, includes: includes))
    hash.add(method.rawValue)
    hash.add(divergenceWeight)
    return String(hash.value, radix: 16)
  }
}

extension CodeTrainer {
  /// A number that differs between trainings which end differently.
  func identity(
    of sequences: [LabelledSequence], grid: FeatureGrid, waveforms: WaveformFamily,
    includes: (Int, Double) -> Bool
  ) -> String {
    var hash = ContentHash(
      of: "codes", epochs: epochs, seed: seed, batchSize: batchSize, learningRate: learningRate)
    hash.add(bits)
    hash.add(sequences, grid: grid, waveforms: waveforms, includes: includes)
    return String(hash.value, radix: 16)
  }
}

extension PointGraphTrainer {
  /// A number that differs between trainings which end differently.
  func identity(of sequences: [PointSequence]) -> String {
    var hash = ContentHash(
      of: "points", epochs: epochs, seed: seed, batchSize: batchSize, learningRate: learningRate)
    hash.add(members)
    for sequence in sequences {
      hash.add(sequence.label ?? "")
      hash.add(sequence.subject ?? "")
      for point in sequence.points {
        let place = point.position
        hash.add([place.x, place.y, place.z, point.velocity, point.intensity, point.time])
      }
    }
    return String(hash.value, radix: 16)
  }
}

/// A hash of contents that is the same in every process (Fowler, Noll and Vo's, of 64 bits).
struct ContentHash {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The version of the recipes: a checkpoint of another one would not end with the same bits.
  private static let recipe = 5

  /// Begins with nothing.
  init() {}

  /// Begins with what every training has.
  ///
  /// - Parameters:
  ///   - kind: What learns.
  ///   - epochs: The times every gesture is shown.
  ///   - seed: Where chance begins.
  ///   - batchSize: The gestures of a step.
  ///   - learningRate: The highest learning rate.
  init(of kind: String, epochs: Int, seed: UInt64, batchSize: Int, learningRate: Double) {
    add(Self.recipe)
    add(kind)
    add(epochs)
    add(Int(truncatingIfNeeded: seed))
    add(batchSize)
    add(learningRate)
  }

  private mutating func add(bits: UInt64) { value = (value ^ bits) &* 0x100_0000_01B3 }

  mutating func add(_ number: Int) { add(bits: UInt64(bitPattern: Int64(number))) }

  mutating func add(_ number: Double) { add(bits: number.bitPattern) }

  mutating func add(_ text: String) {
    for byte in text.utf8 { add(bits: UInt64(byte)) }
    add(bits: UInt64(text.utf8.count))
  }

  /// Adds all that is learned from.
  mutating func add(
    _ sequences: [LabelledSequence], grid: FeatureGrid, waveforms: WaveformFamily,
    includes: (Int, Double) -> Bool
  ) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    for data in [try? encoder.encode(grid), try? encoder.encode(waveforms)] {
      add(data.map { String(decoding: $0, as: UTF8.self) } ?? "")
    }
    for (index, sequence) in sequences.enumerated() {
      for annotation in sequence.annotations {
        add(annotation.label)
        add(annotation.start)
        add(annotation.end)
        add(includes(index, annotation.middle) ? 1 : 0)
      }
      add(sequence.features.values)
    }
  }

  mutating func add(_ number: Float) { add(bits: UInt64(number.bitPattern)) }

  mutating func add(_ numbers: [Float]) {
    for number in numbers { add(number) }
    add(bits: UInt64(numbers.count))
  }
}

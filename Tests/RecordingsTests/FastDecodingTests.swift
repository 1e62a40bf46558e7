import CKernels
import Foundation
import Radar
import Recordings
import Testing

@Suite("Decoding by a kernel")
struct FastDecodingTests {
  private static let orders: [SampleOrder] = [.iq, .qi, .i0i1q0q1, .q0q1i0i1]

  private static func waveform(_ shape: FrameShape) -> Waveform {
    Waveform(
      ranging: .beat(bandwidth: 4e9), centerFrequency: 60e9, chirpInterval: 1e-3,
      frameInterval: 0.1, shape: shape)
  }

  private static func decode(
    _ stored: [UInt8], _ shape: FrameShape, _ encoding: SampleEncoding, taper: [Float]? = nil
  ) throws -> [Float] {
    var decoder = try FrameDecoder(
      waveform: waveform(shape), encoding: encoding, rangeTaper: taper)
    decoder.append(stored.span)
    var frame = Frame(shape: shape)
    #expect(try decoder.decode(into: &frame))
    return frame.samples
  }

  @Test("It finds what the general way finds", arguments: orders, [1, 3, 8, 31])
  func equality(order: SampleOrder, samples: Int) throws {
    var random = SystemRandomNumberGenerator()
    for bits in [nil, 12, 14] as [Int?] {
      for header in [0, 6] {
        let shape = FrameShape(
          chirps: 3, receivers: 2, samplesPerChirp: samples, sampleKind: .complex)
        let stored = (0..<3 * (header + 4 * 2 * samples)).map { _ in
          UInt8.random(in: 0...255, using: &random)
        }
        // Big-endian numbers go the general way.
        let swapped = stride(from: 0, to: stored.count, by: 2).flatMap {
          [stored[$0 + 1], stored[$0]]
        }
        let fast = try Self.decode(
          stored, shape,
          SampleEncoding(
            datatype: Datatype(.complex, .i16), order: order, significantBits: bits,
            chirpHeaderBytes: header))
        let slow = try Self.decode(
          swapped, shape,
          SampleEncoding(
            datatype: Datatype(.complex, .i16, .bigEndian), order: order, significantBits: bits,
            chirpHeaderBytes: header))
        #expect(fast == slow)
      }
    }
  }

  @Test("Samples are multiplied by the weights of their place", arguments: [0, 1])
  func taper(path: Int) throws {
    let shape = FrameShape(chirps: 2, receivers: 3, samplesPerChirp: 10, sampleKind: .complex)
    let order: Datatype.ByteOrder = path == 0 ? .littleEndian : .bigEndian
    let stored = [UInt8](repeating: 1, count: 2 * shape.scalarCount)
    let weights = (0..<10).map { Float($0) / 4 }
    let samples = try Self.decode(
      stored, shape,
      SampleEncoding(datatype: Datatype(.complex, .i16, order), order: .i0i1q0q1), taper: weights)
    for scalar in samples.indices { #expect(samples[scalar] == 257 * weights[scalar / 2 % 10]) }
  }

  @Test("Any address and any number of integers will do")
  func addresses() {
    let bytes = (0..<260).map { UInt8(truncatingIfNeeded: $0 &* 91) }
    for offset in 0..<8 {
      for count in stride(from: 0, through: 120, by: 4) {
        var samples = [Float](repeating: .nan, count: count + 1)
        unsafe bytes.withUnsafeBufferPointer { bytes in
          unsafe samples.withUnsafeMutableBufferPointer { samples in
            guard let source = bytes.baseAddress, let target = samples.baseAddress else { return }
            unsafe unpackInt16(source + offset, Int64(count), Int32(SamplesIQ), 0, nil, target)
          }
        }
        let expected = (0..<count).map { index in
          let low = UInt16(bytes[offset + 2 * index])
          return Float(Int16(bitPattern: UInt16(bytes[offset + 2 * index + 1]) << 8 | low))
        }
        #expect(Array(samples[..<count]) == expected && samples[count].isNaN)
      }
    }
  }
}

import Foundation
import Radar
import Recordings

/// Captures of a board with two lanes to tapered samples, and a copy of as many bytes as come out.
///
/// Each works through 64 frames in turn, so that what goes in and out is not in the nearest cache.
func decodingBenches() -> [Bench] {
  let shapes: [(name: String, shape: FrameShape)] = [
    ("A", FrameShape(chirps: 64, receivers: 4, samplesPerChirp: 64, sampleKind: .complex)),
    ("B", FrameShape(chirps: 128, receivers: 4, samplesPerChirp: 256, sampleKind: .complex)),
  ]
  return shapes.flatMap { name, shape in
    [
      Bench(name: "decode", workload: name) { decoding(of: shape) },
      Bench(name: "decode_copy", workload: name) { copying(of: shape) },
    ]
  }
}

private let frameCount = 64

/// Bytes in the order of two lanes, whole frames at a time, to complex floats times a taper.
private func decoding(of shape: FrameShape) -> () -> Void {
  let waveform = Waveform(
    ranging: .beat(bandwidth: 4e9), centerFrequency: 77e9, chirpInterval: 1e-4,
    frameInterval: 0.05, shape: shape)
  let taper = (0..<shape.samplesPerChirp).map { sample in
    let turn = 2 * Double.pi * Double(sample) / Double(shape.samplesPerChirp)
    return Float(0.5 - 0.5 * cos(turn))
  }
  let encoding = SampleEncoding(datatype: Datatype(.complex, .i16), order: .i0i1q0q1)
  guard var decoder = try? FrameDecoder(waveform: waveform, encoding: encoding, rangeTaper: taper)
  else { preconditionFailure("frames of two lanes can be decoded") }
  let captures = (0..<frameCount).map { index in
    (0..<2 * shape.scalarCount).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ index) }
  }
  var frames = (0..<frameCount).map { _ in Frame(shape: shape) }
  var next = 0
  return {
    let capture = captures[next]
    decoder.append(capture.span)
    let isWhole = try? decoder.decode(into: &frames[next])
    precondition(isWhole == true, "each capture is a frame")
    next = (next + 1) % frameCount
  }
}

/// The bytes of as many samples, copied by the system's own function.
private func copying(of shape: FrameShape) -> () -> Void {
  let sources = (0..<frameCount).map { _ in noise(shape.scalarCount, scale: 1000) }
  var targets = (0..<frameCount).map { _ in [Float](repeating: 0, count: shape.scalarCount) }
  var next = 0
  return {
    unsafe sources[next].withUnsafeBytes { source in
      unsafe targets[next].withUnsafeMutableBytes { unsafe $0.copyMemory(from: source) }
    }
    next = (next + 1) % frameCount
  }
}

import Foundation
import Radar
import Recordings

/// The decoders that can be fuzzed, by the name in the environment variable `FUZZ_TARGET`.
enum Target: String, CaseIterable {
  /// Streams of bytes, whose encoding the first bytes choose.
  case frames, datagrams, records, captures

  /// Streams of any form, which their first bytes tell.
  case stream

  /// Files with a header or a directory of their own, with a sidecar that is right.
  case npy, npz, wav, sigmf, fifo

  /// Sidecars, beside samples that are right.
  case meta, cfg, mmwave, setup, config

  /// What the samples say of their own layout.
  case layout

  /// Decodes `data`: the only way out is a result or a `RecordingError`.
  func run(_ data: [UInt8]) {
    switch self {
    case .frames: Streams.frames(data)
    case .datagrams: Streams.packets(data, .datagrams)
    case .records: Streams.packets(data, .records)
    case .captures: Streams.packets(data, .networkCapture)
    case .stream: Files.shared.stream(data)
    case .npy: Files.shared.read(data, as: "a.npy", sidecar: Files.frameSidecar)
    case .npz: Files.shared.read(data, as: "a.npz", sidecar: Files.frameSidecar)
    case .wav: Files.shared.read(data, as: "a.wav", carrier: 24e9)
    case .sigmf: Files.shared.read(data, as: "a.sigmf")
    case .fifo: Files.shared.read(data, as: "a.fifo", sidecar: ("config.json", Files.config))
    case .meta:
      Files.shared.read(data, as: "a.sigmf-meta", beside: ("a.sigmf-data", Files.samples))
    case .cfg: Files.shared.read(data, as: "a.cfg", beside: ("a.bin", Files.samples))
    case .mmwave: Files.shared.read(data, as: "a.mmwave.json", beside: ("a.bin", Files.samples))
    case .setup:
      Files.shared.read(
        data, as: "a.setup.json", sidecar: ("b.cfg", Files.profile),
        beside: ("a.bin", Files.samples), opens: "a.setup.json")
    case .config: Files.shared.read(data, as: "config.json", beside: ("a.fifo", Files.samples))
    case .layout: Files.shared.read(data, as: "a.bin", sidecar: Files.layoutSidecar, detects: true)
    }
  }
}

private let target: Target = {
  let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
  guard let target = Target(rawValue: name) else {
    let known = Target.allCases.map(\.rawValue).joined(separator: " ")
    fatalError("FUZZ_TARGET is \(name), not one of \(known)")
  }
  return target
}()

/// What libFuzzer calls for every input.
@c public func LLVMFuzzerTestOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  unsafe target.run(Array(UnsafeBufferPointer(start: data, count: count)))
  return 0
}

import Foundation
import Spectra
import Testing

/// Each test runs in a process of its own, because what FFTW has learnt belongs to the process.
@Suite("What FFTW has learnt")
struct FourierWisdomTests {
  @Test("Is kept in the user's cache folder, and read by the next plan")
  func kept() async {
    await #expect(processExitsWith: .success) {
      let file = try Cache.make()
      defer { Cache.remove(file) }
      Cache.plan(length: 96, effort: .measure)
      let learnt = try String(contentsOf: file, encoding: .utf8)
      precondition(learnt.contains("fftw") && learnt.contains("fftwf_codelet"))
      // A plan that is known is not timed again: nothing new is learnt.
      Cache.plan(length: 96, effort: .measure)
      let again = try String(contentsOf: file, encoding: .utf8)
      precondition(Cache.entries(again) == Cache.entries(learnt))
      Cache.plan(length: 80, effort: .patient)
      let more = try String(contentsOf: file, encoding: .utf8)
      precondition(more.count > learnt.count)
      // What earlier runs have learnt is still there.
      precondition(Cache.entries(more).isSuperset(of: Cache.entries(learnt)))
    }
  }

  @Test("Has no say where a plan is made by rule")
  func estimate() async {
    await #expect(processExitsWith: .success) {
      let file = try Cache.make()
      defer { Cache.remove(file) }
      Cache.plan(length: 96, effort: .estimate)
      precondition(!FileManager.default.fileExists(atPath: file.path))
      let before = Cache.spectrum(length: 96)
      Cache.plan(length: 96, effort: .patient)
      precondition(Cache.spectrum(length: 96) == before)
    }
  }

  @Test("Is learnt anew where the file says something else, or cannot be written")
  func broken() async {
    await #expect(processExitsWith: .success) {
      let file = try Cache.make()
      defer { Cache.remove(file) }
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try "(this is no wisdom".write(to: file, atomically: true, encoding: .utf8)
      Cache.plan(length: 96, effort: .measure)
      let learnt = try String(contentsOf: file, encoding: .utf8)
      precondition(learnt.contains("fftwf_codelet"))
    }
    await #expect(processExitsWith: .success) {
      let file = try Cache.make()
      defer { Cache.remove(file) }
      // A file where the folder should be.
      try "".write(to: file.deletingLastPathComponent(), atomically: true, encoding: .utf8)
      Cache.plan(length: 96, effort: .measure)
      precondition(!FileManager.default.fileExists(atPath: file.path))
    }
  }
}

/// A cache folder of this process alone.
private enum Cache {
  /// Makes one the user's, and says where wisdom is to be.
  static func make() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "wisdom-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    guard unsafe setenv("XDG_CACHE_HOME", folder.path, 1) == 0 else {
      throw CocoaError(.fileNoSuchFile)
    }
    return folder.appending(path: "doppler-gestures/fftw3f-wisdom")
  }

  static func remove(_ file: URL) {
    let folder = file.deletingLastPathComponent().deletingLastPathComponent()
    try? FileManager.default.removeItem(at: folder)
  }

  /// What a text of wisdom says, in whatever order.
  static func entries(_ text: String) -> Set<Substring> {
    Set(text.split(separator: "\n").filter { $0.contains("codelet") })
  }

  static func plan(length: Int, effort: PlanningEffort) {
    _ = FourierPlan([.init(length: length, inputStride: 1, outputStride: 1)], effort: effort)
  }

  /// The bits of a transform whose plan is made by rule.
  static func spectrum(length: Int) -> [UInt32] {
    let plan = FourierPlan([.init(length: length, inputStride: 1, outputStride: 1)])
    var samples = AlignedBuffer<Float>((0..<2 * length).map { Float($0 * 37 % 101) })
    var spectrum = AlignedBuffer<Float>(repeating: 0, count: 2 * length)
    plan.transform(&samples, into: &spectrum)
    return (0..<2 * length).map { spectrum.span[$0].bitPattern }
  }
}

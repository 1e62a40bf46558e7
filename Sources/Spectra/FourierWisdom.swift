internal import CFFTW

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// What FFTW has learnt by timing plans, kept in the user's cache folder from run to run.
///
/// Plans made by rule must not depend on it, so FFTW knows it only while a plan is being timed.
struct FourierWisdom {
  private var text: String?
  private var isRead = false

  /// Tells FFTW what is known, if a plan of `effort` may make use of it.
  mutating func recall(for effort: PlanningEffort) {
    fftwf_forget_wisdom()
    guard effort != .estimate else { return }
    if !isRead {
      isRead = true
      text = Self.file.flatMap { try? String(contentsOf: $0, encoding: .utf8) }
    }
    // A text that another version of FFTW wrote is refused, and replaced by the next one.
    if let text { _ = unsafe fftwf_import_wisdom_from_string(text) }
  }

  /// Keeps what FFTW has learnt while it made a plan of `effort`.
  mutating func keep(after effort: PlanningEffort) {
    guard effort != .estimate, let exported = unsafe fftwf_export_wisdom_to_string() else { return }
    let learnt = unsafe String(cString: exported)
    unsafe fftwf_free(exported)
    guard learnt != text else { return }
    text = learnt
    guard let file = Self.file else { return }
    // Without a cache the next run plans again, which takes time and does no harm.
    try? FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try? Data(learnt.utf8).write(to: file, options: .atomic)
  }

  /// Where the wisdom is kept: `$XDG_CACHE_HOME`, or `.cache` at home.
  static var file: URL? {
    let environment = ProcessInfo.processInfo.environment
    var folder: URL
    if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") {
      folder = URL(filePath: cache)
    } else if let home = environment["HOME"], home.hasPrefix("/") {
      folder = URL(filePath: home).appending(path: ".cache")
    } else {
      return nil
    }
    folder.append(path: "doppler-gestures")
    return folder.appending(path: "fftw3f-wisdom")
  }
}

internal import Radar

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// The recordings in a folder and the folders below it, in the order of their paths.
///
/// What is not annotated in a labelled recording is background. A recording that nobody labelled
/// is not an example of anything, unless whoever made the data set says so: it is kept apart.
public struct DataSet: Hashable, Sendable {
  /// The folder.
  public let path: String

  /// The recordings in which someone marked gestures, or which someone declared background.
  public let recordings: [RecordingMetadata]

  /// The recordings that have a sidecar, but no label.
  public let unlabelled: [RecordingMetadata]

  /// The names of the gestures, sorted.
  public var labels: [String] {
    Set(recordings.flatMap { $0.annotations.map(\.label) }).sorted()
  }

  /// Finds all recordings below the folder at `path`.
  ///
  /// Files without a sidecar are no recordings, nor is anything hidden.
  ///
  /// - Throws: `RecordingError.unlabelledDataSet` if none has a label, and any other
  ///   `RecordingError` if a recording contradicts its sidecar.
  public init(path: String) throws(RecordingError) {
    guard ByteSource.exists(path) else { throw .missingFile(path: path) }
    let names: [String]
    do {
      names = try FileManager.default.subpathsOfDirectory(atPath: path)
    } catch {
      throw .unreadable(path: path, reason: "it is no folder that can be searched")
    }
    let visible = Set(names.filter { !$0.hasPrefix(".") && !$0.contains("/.") })
    let sidecars = visible.filter { $0.hasSuffix(".sigmf-meta") || $0.hasSuffix(".sigmf") }
    let captures = visible.filter { name in
      // The first file of a series stands for all of them.
      let isCapture = [".bin", ".pcap", ".pcapng"].contains(where: name.hasSuffix)
      let bases = [withoutEnding(name)] + (FileSeries(first: name).map { [$0.base] } ?? [])
      let endings = RecordingFiles.sidecarEndings.dropFirst()
      return isCapture && !visible.contains(withoutEnding(name) + ".sigmf-meta")
        && bases.contains { base in endings.contains { visible.contains(base + $0) } }
    }
    let folder = path.hasSuffix("/") ? path : path + "/"
    var found: [RecordingMetadata] = []
    for name in sidecars.union(captures).sorted() {
      found.append(try RecordingMetadata(path: folder + name))
    }
    self.path = path
    recordings = found.filter(\.isLabelled)
    unlabelled = found.filter { !$0.isLabelled }
    guard !recordings.isEmpty else {
      throw .unlabelledDataSet(path: path, recordings: found.count)
    }
  }
}

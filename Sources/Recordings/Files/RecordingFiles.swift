/// The files of a recording and the sidecar that says what they are.
struct RecordingFiles: Hashable, Sendable {
  /// The files with the samples, in the order of time.
  let data: [String]

  /// The sidecar, and `nil` if the carrier is all there is to know.
  let sidecar: String?

  /// The endings of sidecars, in the order in which they are looked for.
  ///
  /// A SigMF sidecar comes first: it is the only one with labels.
  static let sidecarEndings = [".sigmf-meta", ".cfg", ".mmwave.json", ".setup.json"]

  /// The endings of samples that have a SigMF sidecar named like them, if it names no others.
  private static let dataEndings = [".sigmf-data", ".npy", ".npz", ".wav", ".cfile", ".bin"]

  /// Where the Radar Fusion GUI puts the samples of a recording, seen from its folder.
  private static let arrays = ["radar.npy", "RadarIfxAvian_00/radar.npy"]

  /// Finds the two files.
  ///
  /// - Parameters:
  ///   - path: The samples, a SigMF sidecar, or a folder of the Radar Fusion GUI.
  ///   - configuration: The sidecar: without it, the one named like the samples.
  ///   - needsSidecar: Whether samples without a sidecar are refused.
  /// - Throws: `RecordingError` if one of them is not there.
  init(path: String, configuration: String?, needsSidecar: Bool) throws(RecordingError) {
    if path.hasSuffix(".sigmf-meta") {
      data = [try Self.data(of: path)]
      sidecar = configuration ?? path
      return
    }
    if path.hasSuffix(".sigmf") {
      guard configuration == nil || configuration == path else {
        throw .invalidField(
          path: path, field: "the configuration", found: configuration ?? "",
          expected: "none: an archive has its sidecar inside")
      }
      data = [path]
      sidecar = nil
      return
    }
    if path.hasSuffix(".setup.json") {
      let setup = try StudioSetup(path: path)
      data = setup.files
      sidecar = configuration ?? setup.configuration
      return
    }
    let first = Self.array(in: path) ?? path
    guard try ByteSource.size(of: first) != 0 else { throw .emptyFile(path: first) }
    if let configuration, !configuration.hasSuffix(".setup.json") {
      data = FileSeries(first: first)?.files ?? [first]
      sidecar = configuration
      return
    }
    let candidates = Self.candidates(for: first)
    let found =
      configuration
      ?? (path == ByteSource.standardInput ? nil : candidates.first(where: ByteSource.exists))
    guard let sidecar = found else {
      guard !needsSidecar else {
        throw .missingSidecar(path: path, candidates: candidates)
      }
      data = [first]
      self.sidecar = nil
      return
    }
    if sidecar.hasSuffix(".setup.json") {
      let setup = try StudioSetup(path: sidecar)
      guard setup.files.contains(first) else {
        throw .invalidField(
          path: sidecar, field: "capturedFiles", found: setup.files.joined(separator: ", "),
          expected: first)
      }
      data = setup.files
      self.sidecar = setup.configuration
      return
    }
    self.sidecar = sidecar
    data = sidecar.hasSuffix(".sigmf-meta") ? [first] : FileSeries(first: first)?.files ?? [first]
    if sidecar.hasSuffix(".sigmf-meta"), let dataset = try SigMFSidecar(path: sidecar).dataset,
      folder(of: first) + dataset != first
    {
      throw .invalidField(
        path: sidecar, field: "core:dataset", found: "\"\(dataset)\"", expected: first)
    }
  }

  /// The samples that the SigMF sidecar at `path` describes.
  private static func data(of path: String) throws(RecordingError) -> String {
    let base = path.dropLast(".sigmf-meta".count)
    guard let name = try SigMFSidecar(path: path).dataset else {
      return dataEndings.map { base + $0 }.first(where: ByteSource.exists)
        ?? base + ".sigmf-data"
    }
    // A sidecar from anywhere must not name a file anywhere.
    guard !name.contains("/"), !name.isEmpty else {
      throw .invalidField(
        path: path, field: "core:dataset", found: "\"\(name)\"",
        expected: "the name of a file beside the sidecar")
    }
    return folder(of: path) + name
  }

  /// The samples in the folder at `path`, and `nil` if there is no such folder.
  private static func array(in path: String) -> String? {
    arrays.map { (path.hasSuffix("/") ? path : path + "/") + $0 }.first(where: ByteSource.exists)
  }
}

// MARK: - Sidecars

extension RecordingFiles {
  /// Where the sidecar of the samples at `path` may be.
  private static func candidates(for path: String) -> [String] {
    let bases = [withoutEnding(path)] + (FileSeries(first: path).map { [$0.base] } ?? [])
    let named = bases.flatMap { base in sidecarEndings.map { base + $0 } }
    return named + (path.hasSuffix(".npy") ? [folder(of: path) + "config.json"] : [])
  }

  /// Refuses to write samples to `path` if the sidecar that goes with them is that of others.
  ///
  /// - Throws: `RecordingError.unwritable` if other samples would be left without their sidecar.
  static func requireOwnSidecar(of path: String) throws(RecordingError) {
    let sidecar = withoutEnding(path) + ".sigmf-meta"
    guard ByteSource.exists(sidecar), let other = try? data(of: sidecar), other != path,
      ByteSource.exists(other)
    else { return }
    throw .unwritable(
      path: sidecar, reason: "it describes \(name(of: other)), which could not be read without it")
  }

  /// The sidecar beside the samples at `path`, and `nil` if there is none.
  static func sidecar(beside path: String) -> String? {
    guard path != ByteSource.standardInput else { return nil }
    return candidates(for: path).first(where: ByteSource.exists)
  }

  /// Whether what is at `path` can be read once only, from its start to its end.
  static func isStream(_ path: String) -> Bool {
    path == ByteSource.standardInput || ByteSource.isStream(path)
  }

  /// The kinds of sidecars, with their paths.
  enum SidecarKind {
    case none, archive
    case profile(String)
    case infineon(String)
    case sigmf(String)

    /// The kind of the sidecar at `path`, by its name.
    init(path: String?, of files: SampleFiles) {
      self =
        if files.form == .archive {
          .archive
        } else if let path {
          if path.hasSuffix(".cfg") || path.hasSuffix(".mmwave.json") {
            .profile(path)
          } else if path.hasSuffix(".json") {
            .infineon(path)
          } else {
            .sigmf(path)
          }
        } else {
          .none
        }
    }
  }
}

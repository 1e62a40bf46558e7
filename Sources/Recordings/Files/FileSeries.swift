/// Files that hold one capture, because a program starts a new one at each gibibyte.
///
/// They are called `NAME_0.bin`, `NAME_1.bin` and so on, or `NAME_Raw_0.bin` if they hold records.
/// A frame can begin in one file and end in the next.
struct FileSeries: Hashable, Sendable {
  /// The files in the order of time.
  let files: [String]

  /// The name of the capture, without number and ending.
  let base: String

  /// Finds the files after `first`, and is `nil` if that is not the first file of a series.
  init?(first: String) {
    guard first.hasSuffix("_0.bin") else { return nil }
    let stem = first.dropLast("0.bin".count)
    var files = [first]
    // A file with a sidecar of its own is a recording of its own.
    while true {
      let name = stem + "\(files.count)"
      guard ByteSource.exists(name + ".bin"),
        !RecordingFiles.sidecarEndings.contains(where: { ByteSource.exists(name + $0) })
      else { break }
      files.append(name + ".bin")
    }
    self.files = files
    base = String(stem.hasSuffix("_Raw_") ? stem.dropLast("_Raw_".count) : stem.dropLast())
  }
}

extension PacketFormat {
  /// How packets wrap the samples of the file at `path`, by its name.
  init?(path: String) {
    let name = name(of: path)
    if [".pcap", ".pcapng", ".cap"].contains(where: name.lowercased().hasSuffix) {
      self = .networkCapture
    } else if withoutEnding(name).split(separator: "_").dropLast().last == "Raw" {
      self = .records
    } else {
      return nil
    }
  }
}

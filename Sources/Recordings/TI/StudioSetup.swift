/// The file ending in `.setup.json` that mmWave Studio writes: which files a capture consists of,
/// and which configuration made it.
struct StudioSetup: Sendable {
  /// The files with the samples, in the order of time: those put in order, or else the records.
  let files: [String]

  /// The configuration.
  let configuration: String

  /// Reads the setup at `path`.
  ///
  /// The paths in it are those of another computer: only the names count, of files beside it.
  ///
  /// - Throws: `RecordingError` if it names no files, or some that are not there.
  init(path: String) throws(RecordingError) {
    let document = try SidecarFields(JSONValue(contentsOf: path), path: path)
    if let hardware = try document.string("captureHardware"), !hardware.hasPrefix("DCA1000") {
      throw document.invalid("captureHardware", expected: "\"DCA1000\"")
    }
    let captured = try document.object("capturedFiles")
    let objects = try captured.objects("files")
    let names = ["processedFileName", "rawFileName"]
    guard let name = names.first(where: { name in objects.allSatisfy { $0.has(name) } }),
      !objects.isEmpty
    else {
      throw .missingField(path: path, field: "capturedFiles.files[0].processedFileName")
    }
    var files: [String] = []
    for object in objects {
      files.append(
        Self.neighbour(try object.require(name, object.string(name)), of: path))
    }
    if let count = try captured.integer("numFilesCollected", in: 0...1_000_000),
      count != files.count
    {
      throw captured.invalid("numFilesCollected", expected: "\(files.count) as files are listed")
    }
    self.files = files
    configuration = Self.neighbour(
      try document.require("configUsed", document.string("configUsed")), of: path)
    for file in files + [configuration] { _ = try ByteSource.size(of: file) }
  }

  /// The file beside the one at `path` that has the name at the end of a path of any system.
  private static func neighbour(_ foreign: String, of path: String) -> String {
    let name = foreign.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? foreign
    return folder(of: path) + name
  }
}

/// The folder of the file at `path`, with its slash: nothing for a name alone.
func folder(of path: String) -> String {
  String(path[..<(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)])
}

/// The name of the file at `path`, without its folder.
func name(of path: String) -> String {
  String(path.dropFirst(folder(of: path).count))
}

/// The path without what follows the last dot of its name.
func withoutEnding(_ path: String) -> String {
  let name = name(of: path)
  guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return path }
  return folder(of: path) + name[..<dot]
}

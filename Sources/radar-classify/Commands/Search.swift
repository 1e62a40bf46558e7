import ArgumentParser
import Gestures

struct Search: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the stored recordings that are most like a recording.",
    discussion: """
      An archive holds a short code for each gesture: 64 bits or so say what it is like. With --add \
      the gestures of the recordings are stored; without it, those most like the gestures of the \
      recording are printed, the most alike first.

        radar-classify search --add --archive lab.codes recordings/*.bin
        radar-classify search new.bin --archive lab.codes
      """)

  @Argument(help: "The recordings whose gestures are looked for, or stored.", completion: .file())
  var recordings: [String]

  @Option(help: "The archive.", completion: .file())
  var archive: String

  @Flag(help: "Store the gestures of the recordings in the archive, which is created if need be.")
  var add = false

  @Option(help: "How many to find for each gesture.")
  var limit = 5

  @OptionGroup var model: CodeModelOptions
  @OptionGroup var source: SourceOptions
  @OptionGroup var output: OutputOptions

  mutating func validate() throws {
    guard (1...1_000_000).contains(limit) else {
      throw ValidationError("--limit must be from 1 to 1000000.")
    }
    guard !recordings.isEmpty else { throw ValidationError("Which recordings?") }
  }

  mutating func run() throws {
    let stored = add ? nil : try CodeArchive(path: archive)
    if let torn = stored?.tornBytes, torn > 0 {
      Console.report("warning: \(archive) ends with \(torn) bytes of a record never finished")
    }
    for path in recordings {
      let recording = try source.labelledRecording(path)
      let model = try model.load(for: recording.waveform, of: path)
      let entries = try model.entries(of: recording)
      if let stored {
        try search(for: entries, in: stored, model: model)
      } else {
        let total = try CodeArchive.append(
          entries, to: archive, bitCount: model.bitCount, model: model.fingerprint)
        if output.isJSON {
          try Console.print(json: Stored(recording: path, gestures: entries.count, total: total))
        } else {
          Console.print("\(path): \(entries.count) gestures stored, \(total) in all")
        }
      }
    }
  }

  private func search(
    for entries: [CodeArchive.Entry], in stored: CodeArchive, model: CodeModel
  ) throws {
    guard stored.model == model.fingerprint, stored.bitCount == model.bitCount else {
      throw CodeArchiveError.otherModel(
        archive, bits: stored.bitCount, expected: model.bitCount)
    }
    for entry in entries {
      let found = stored.nearest(to: entry.code, limit: limit)
      if !output.isJSON {
        Console.print("\(entry.recording)  \(times(entry))  \(entry.name)")
      }
      for (rank, match) in found.enumerated() {
        if output.isJSON {
          try Console.print(json: Match(entry, match.entry, match.distance, rank: rank + 1))
        } else {
          let bits = "\(match.distance) of \(stored.bitCount) bits"
          Console.print(
            "  \(bits.padded(to: 16)) \(match.entry.recording)  \(times(match.entry))"
              + "  \(match.entry.name)")
        }
      }
    }
  }

  private func times(_ entry: CodeArchive.Entry) -> String {
    "\(entry.start.formatted(decimals: 2))–\(entry.end.formatted(decimals: 2)) s"
  }

  private struct Stored: Encodable {
    var recording: String
    var gestures: Int
    var total: Int
  }

  private struct Match: Encodable {
    var recording: String
    var startS: Double
    var endS: Double
    var rank: Int
    var distance: Int
    var bits: Int
    var match: String
    var matchStartS: Double
    var matchEndS: Double
    var label: String

    init(
      _ query: CodeArchive.Entry, _ match: CodeArchive.Entry, _ distance: Int, rank: Int
    ) {
      recording = query.recording
      startS = query.start
      endS = query.end
      self.rank = rank
      self.distance = distance
      bits = query.code.bitCount
      self.match = match.recording
      matchStartS = match.start
      matchEndS = match.end
      label = match.name
    }
  }
}

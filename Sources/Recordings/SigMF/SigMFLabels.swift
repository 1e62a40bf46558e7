internal import Radar

extension SigMFSidecar {
  /// Adds the gestures that the sidecar marks.
  func label(_ metadata: inout RecordingMetadata) throws(RecordingError) {
    let first = try offset()
    var labels = 0
    for annotation in annotations {
      guard try !annotation.boolean("radar:lost") else {
        metadata.lostChirps += try lostChirps(annotation, of: metadata)
        continue
      }
      guard let label = try annotation.string("core:label") else { continue }
      labels += 1
      let start = try annotation.require(
        "core:sample_start", annotation.integer("core:sample_start", in: first...1 << 50))
      let count = try annotation.integer("core:sample_count", in: 0...1 << 50)
      let end = count.map { metadata.waveform.time(ofSample: start - first + $0) }
      let interval = (
        start: metadata.waveform.time(ofSample: start - first),
        end: end ?? metadata.duration ?? .infinity
      )
      if let duration = metadata.duration {
        // Times are sums of rounded numbers, samples are not closer than this.
        let latest = duration + 1e-3 * metadata.waveform.chirpInterval
        guard interval.start <= interval.end, interval.end <= latest else {
          throw annotation.invalid(
            count == nil ? "core:sample_start" : "core:sample_count",
            expected: "within the \(duration.quoted) s of the recording: it reaches"
              + " \(max(interval.start, interval.end).quoted) s")
        }
      }
      metadata.annotations.append(
        Annotation(label: label, start: interval.start, end: interval.end))
    }
    if labels == 0, let label = try global.string("radar:label") {
      labels = 1
      if label != RecordingMetadata.backgroundLabel {
        metadata.annotations = [
          Annotation(label: label, start: 0, end: metadata.duration ?? .infinity)
        ]
      }
    }
    metadata.isLabelled = labels > 0
    metadata.lostChirps.sort { $0.lowerBound < $1.lowerBound }
  }

  /// The chirps of which an annotation says that they were lost before they were written.
  private func lostChirps(
    _ annotation: SidecarFields, of metadata: RecordingMetadata
  ) throws(RecordingError) -> [Range<Int>] {
    let first = try offset()
    let start = try annotation.require(
      "core:sample_start", annotation.integer("core:sample_start", in: first...1 << 50))
    let count = try annotation.require(
      "core:sample_count", annotation.integer("core:sample_count", in: 0...1 << 50))
    let samples = metadata.waveform.shape.samplesPerChirp
    let chirps = (start - first) / samples..<(start - first + count + samples - 1) / samples
    return chirps.isEmpty ? [] : [chirps]
  }
}

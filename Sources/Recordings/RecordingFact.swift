/// Something known about a recording that some place must have said.
///
/// The raw value is the name of the fact in what `radar-classify info` prints as JSON.
public enum RecordingFact: String, CaseIterable, Hashable, Sendable {
  /// The kind of waveform.
  case waveform

  /// The centre of the sampled sweep, or the carrier.
  case centerFrequency = "center_frequency_hz"

  /// The sampled sweep.
  case bandwidth = "bandwidth_hz"

  /// From the start of a chirp to the start of the next.
  case chirpInterval = "chirp_interval_s"

  /// From the start of a frame to the start of the next.
  case frameInterval = "frame_interval_s"

  /// The chirps in a frame.
  case chirps = "chirps_per_frame"

  /// The receivers.
  case receivers

  /// The samples of a receiver in a chirp.
  case samples = "samples_per_chirp"

  /// The transmitters that take turns.
  case transmitters

  /// How one sample is stored.
  case datatype

  /// How in-phase and quadrature numbers interleave.
  case order = "iq_order"

  /// The order of the axes in the file.
  case axes

  /// The bits of a sample that have a meaning.
  case significantBits = "sample_bits"

  /// Where the receivers stand.
  case receiverPositions = "receiver_positions_m"

  /// When the recording began.
  case startTime = "recorded_at"

  /// The gestures that someone marked.
  case annotations = "gestures"
}

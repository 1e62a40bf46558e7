public import Radar
public import Spectra

/// What a picture shows of a recording.
public enum RecordingView: String, CaseIterable, Hashable, Sendable {
  /// The level over velocity and range in one frame.
  case rangeDoppler = "range-doppler"

  /// The level over time and velocity.
  case spectrogram

  /// The level over time and range.
  case rangeTime = "range-time"

  /// The level over time and direction.
  case angleTime = "angle-time"

  /// What shows most of a recording of `waveform`.
  public static func usual(for waveform: Waveform) -> RecordingView {
    waveform.kind == .cw ? .spectrogram : .rangeDoppler
  }
}

/// How levels are computed from frames.
public struct ViewSettings: Hashable, Sendable {
  /// What is shown.
  public var view: RecordingView

  /// The weights of the samples and chirps that are transformed.
  public var taper = Taper(.hann)

  /// The chirps in a window of a spectrogram, an even number: without it, an eighth of a second of
  /// a stream without gaps, and otherwise a frame.
  public var window: Int?

  /// The chirps from one window of a spectrogram to the next: without it, an eighth of a window of
  /// a stream without gaps, and otherwise a window.
  public var hop: Int?

  /// Whether echoes that do not move are removed, by subtracting the mean over a frame or window.
  public var removesMean = false

  /// The only receiver that counts, from zero: all of them without it.
  public var receiver: Int?

  /// Creates settings.
  public init(view: RecordingView) { self.view = view }

  /// The window and the hop of a spectrogram of `waveform` in chirps of one transmitter.
  func windowing(of waveform: Waveform) throws(PictureError) -> (window: Int, hop: Int) {
    let chirps = waveform.shape.chirps
    var usual = max(chirps / 2 * 2, 2)
    if waveform.isContinuous {
      usual = 16
      while Double(usual) * waveform.chirpInterval < 0.09 { usual *= 2 }
    }
    let window = window ?? usual
    guard waveform.isContinuous || window <= chirps else {
      throw .longWindow(found: window, chirps: chirps)
    }
    return (window, hop ?? (waveform.isContinuous ? max(window / 8, 1) : window))
  }

  /// How the levels came about, in words.
  public var summary: String {
    [
      "\(taper) taper", removesMean ? "mean removed" : nil, receiver.map { "receiver \($0)" },
    ].compactMap { $0 }.joined(separator: ", ")
  }
}

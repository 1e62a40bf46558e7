internal import Spectra

/// Turns frames of any radar into point clouds, one after the other.
///
/// A radar that bursts gives one cloud a frame. A continuous-wave radar gives one for every window
/// that slides along it, as ``MotionSpectrumProcessor`` does, without range.
public struct DetectionProcessor: ~Copyable {
  /// The waveform of the frames.
  public let waveform: Waveform

  /// How detections are made.
  public let options: DetectionOptions

  /// The time from a cloud to the next in seconds.
  public let interval: Double

  private var burst: BurstDetection?
  private var stream: StreamDetection?

  /// Creates a processor for the frames of `waveform`.
  ///
  /// - Parameters:
  ///   - waveform: The waveform of the frames.
  ///   - options: How detections are made.
  /// - Precondition: If the options place any transmitter, they place each.
  public init(waveform: Waveform, options: DetectionOptions = DetectionOptions()) {
    self.waveform = waveform
    self.options = options
    if waveform.kind == .cw {
      let stream = StreamDetection(waveform: waveform, options: options)
      interval = Double(stream.windows.transform.hop) * waveform.chirpInterval
      self.stream = consume stream
    } else {
      interval = waveform.frameInterval
      burst = BurstDetection(waveform: waveform, options: options)
    }
  }

  /// Takes the next frame and calls `body` with each point cloud that it completes.
  ///
  /// - Precondition: `frame` has the shape of the waveform.
  public mutating func append(_ frame: borrowing Frame, each body: (PointCloud) -> Void) {
    precondition(frame.shape == waveform.shape, "the frame does not fit the waveform")
    burst?.append(frame, each: body)
    stream?.append(frame, each: body)
  }
}

/// Point clouds of one frame at a time.
private struct BurstDetection: ~Copyable {
  var transform: RangeDopplerTransform
  var stage: DetectionStage

  init(waveform: Waveform, options: DetectionOptions) {
    let taper = Taper(.hann)
    transform = RangeDopplerTransform(
      waveform: waveform, rangeTaper: taper, dopplerTaper: taper,
      clutterRemoval: options.clutterRemoval)
    stage = DetectionStage(
      waveform: waveform, layout: transform.layout, velocityStep: waveform.velocityResolution,
      taper: taper, options: options)
  }

  mutating func append(_ frame: borrowing Frame, each body: (PointCloud) -> Void) {
    let waveform = transform.waveform
    transform.transform(frame)
    body(
      PointCloud(
        time: frame.time + Double(waveform.shape.chirps) * waveform.chirpInterval / 2,
        damage: frame.damage, detections: detections(in: transform, by: &stage)))
  }
}

/// The detections in the last frame of a transform; a function of its own, because a span claims
/// all of what owns it.
private func detections(
  in transform: borrowing RangeDopplerTransform, by stage: inout DetectionStage
) -> [Detection] {
  stage.detections(in: transform.spectra.span)
}

/// Point clouds of windows that slide along a continuous wave.
private struct StreamDetection: ~Copyable {
  var windows: ContinuousWindows
  var stage: DetectionStage

  init(waveform: Waveform, options: DetectionOptions) {
    let taper = Taper(.hann)
    windows = ContinuousWindows(waveform: waveform, taper: taper, options: options)
    let bins = windows.transform.window
    stage = DetectionStage(
      waveform: waveform,
      layout: SpectraLayout(
        channels: waveform.shape.receivers, dopplerBins: bins, rangeBins: 1, channelStride: bins,
        rangeStride: bins,
        startsAtZeroVelocity: false),
      velocityStep: waveform.wavelength / (2 * waveform.chirpInterval * Double(bins)),
      taper: taper, options: options)
  }

  mutating func append(_ frame: borrowing Frame, each body: (PointCloud) -> Void) {
    appendFrame(frame, to: &windows, by: &stage, each: body)
  }
}

/// Makes a point cloud of each window that `frame` completes.
private func appendFrame(
  _ frame: borrowing Frame, to windows: inout ContinuousWindows, by stage: inout DetectionStage,
  each body: (PointCloud) -> Void
) {
  windows.append(frame) { time, damage, spectrum in
    body(PointCloud(time: time, damage: damage, detections: stage.detections(in: spectrum)))
  }
}

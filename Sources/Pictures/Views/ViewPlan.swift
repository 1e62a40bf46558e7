internal import Radar

/// What follows from a waveform and settings: axes, and the rhythm in which pieces come.
struct ViewPlan: Sendable {
  /// The axes of a piece, outermost first.
  let axes: [PictureAxis]

  /// The usual time from one piece to the next in seconds.
  let interval: Double

  /// The time from the start of a frame, which the processors of frames give, to that of a piece.
  let delay: Double

  /// The chirps of a piece, and from one to the next: of a window, or of a frame.
  let window: Int
  let hop: Int

  /// What finds directions, if they are shown.
  let directions: DirectionSpectrum?

  /// Creates a plan for what is picked out of frames.
  init(waveform: Waveform, settings: ViewSettings) throws(PictureError) {
    let view = settings.view
    guard waveform.kind == .fmcw || waveform.shape.sampleKind == .complex else {
      throw .noVelocity
    }
    let range = PictureAxis.range(of: waveform)
    if view == .rangeDoppler || view == .rangeTime, range == nil { throw .noRange(view: view) }
    let directions = view == .angleTime ? try DirectionSpectrum(of: waveform) : nil
    self.directions = directions
    let burst = Double(waveform.shape.chirps) * waveform.chirpInterval
    delay = view == .rangeTime || view == .angleTime ? burst / 2 : 0
    guard view == .spectrogram else {
      (window, hop) = (waveform.shape.chirps, waveform.shape.chirps)
      interval = waveform.frameInterval
      let velocity = view == .rangeDoppler ? PictureAxis.velocity(of: waveform) : nil
      axes = directions.map { [$0.angles] } ?? [range, velocity].compactMap { $0 }
      return
    }
    (window, hop) = try settings.windowing(of: waveform)
    axes = [PictureAxis.velocity(of: waveform, bins: window)]
    let isSliding = waveform.isContinuous || window + hop <= waveform.shape.chirps
    interval = isSliding ? Double(hop) * waveform.chirpInterval : waveform.frameInterval
  }
}

internal import CKernels
internal import Spectra

/// Range–Doppler maps of any shape, from FFTW's transforms: a tile of a few range bins at a time.
struct TiledMaps: ~Copyable {
  private var stages: RangeDopplerStages

  /// The spectra of a tile of each channel whose profiles are kept, `[slot, rangeBin, dopplerBin]`.
  private var spectra: AlignedBuffer<Float>

  /// The floats from the spectra of a slot to those of the next.
  private let slotFloats: Int

  init(waveform: Waveform, configuration: RangeDopplerConfiguration, effort: PlanningEffort) {
    stages = RangeDopplerStages(waveform: waveform, configuration: configuration, effort: effort)
    slotFloats = (stages.tileFloats + 15) / 16 * 16
    spectra = AlignedBuffer(repeating: 0, count: stages.slots * slotFloats)
  }

  /// Forgets the background that earlier frames have left.
  mutating func restart() { stages.restart() }

  /// Replaces `levels` with those in the frame, that of `floor` at least.
  mutating func process(_ source: FrameSource, floor: Float, into levels: inout [Float]) {
    let channels = stages.channels
    for first in stride(from: 0, to: channels, by: stages.slots) {
      let group = min(stages.slots, channels - first)
      for slot in 0..<group {
        unsafe stages.transformRange(of: source, channel: first + slot, slot: slot)
      }
      for tile in 0..<stages.tiles {
        for slot in 0..<group {
          stages.transformDoppler(
            slot: slot, tile: tile, into: &spectra, at: slot * slotFloats)
        }
        addTile(
          tile, channels: group, adds: first > 0, isLast: first + group == channels, floor: floor,
          to: &levels)
      }
    }
  }

  /// Adds the power of a tile, and turns it to decibels with the last channels.
  private func addTile(
    _ tile: Int, channels: Int, adds: Bool, isLast: Bool, floor: Float, to levels: inout [Float]
  ) {
    let bins = stages.axes.dopplerBins
    var rows = SpectrumRows(
      channels: Int64(channels), rows: Int64(stages.rangeBins(ofTile: tile)), bins: Int64(bins),
      channelStride: Int64(slotFloats), shift: Int64(bins / 2))
    unsafe levels.withUnsafeMutableBufferPointer { levels in
      unsafe spectra.withUnsafeBase { spectra in
        guard let levels = levels.baseAddress, let spectra = unsafe spectra else { return }
        unsafe sumPowers(
          &rows, spectra, adds, isLast, floor, levels + tile * stages.tileBins * bins)
      }
    }
  }
}

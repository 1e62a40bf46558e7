import Radar
import Simulation
import Testing

@Suite("Loss of frames")
struct FrameLossTests {
  private func frames(_ loss: FrameLoss, seed: UInt64) -> [Frame] {
    // Frames of a few numbers, so that there can be many.
    var simulator = RecordingSimulator(
      radar: .cw5, gestures: [.push, .push, .push],
      options: SceneOptions(radar: .cw5, frameLoss: loss), seed: seed)
    var frame = Frame(shape: simulator.waveform.shape)
    var frames: [Frame] = []
    while simulator.next(into: &frame) { frames.append(frame) }
    return frames
  }

  @Test(
    "Takes the share that was asked for, in stretches of the mean length that was asked for",
    arguments: [(0.3, nil), (0.2, 4), (0.6, 3)] as [(Double, Double?)])
  func statistics(share: Double, length: Double?) {
    let loss = FrameLoss(share: share, meanLength: length)
    var total = 0
    var lost = 0
    var stretches = 0
    for seed in 0..<12 {
      let marks = frames(loss, seed: UInt64(seed)).map { !$0.validity.contains(true) }
      total += marks.count
      lost += marks.count { $0 }
      stretches += zip([false] + marks, marks).count { !$0 && $1 }
    }
    let mean = length ?? 1 / (1 - share)
    // The variance of a share is larger by (1 + ρ)/(1 − ρ) where neighbours correlate by ρ.
    let correlation = 1 - 1 / mean - share / ((1 - share) * mean)
    let deviation =
      (share * (1 - share) / Double(total) * (1 + correlation) / (1 - correlation)).squareRoot()
    #expect(total > 3000)
    #expect(abs(Double(lost) / Double(total) - share) < 4 * deviation)
    #expect(abs(Double(lost) / Double(stretches) / mean - 1) < 0.15)
  }

  @Test("Leaves the other frames as they are, and nothing of a lost one")
  func others() {
    let whole = frames(FrameLoss(), seed: 5)
    let damaged = frames(FrameLoss(share: 0.4), seed: 5)
    #expect(whole.count == damaged.count)
    #expect(whole.allSatisfy { !$0.validity.contains(false) })
    var lost = 0
    for (one, other) in zip(whole, damaged) {
      #expect(one.index == other.index && one.time == other.time)
      if other.validity.contains(true) {
        #expect(one == other)
      } else {
        lost += 1
        #expect(other.samples.allSatisfy { $0 == 0 })
      }
    }
    #expect(lost > 0 && lost < whole.count)
  }

  @Test("Cannot be total, or in stretches too short for its share")
  func refusals() async {
    await #expect(processExitsWith: .failure) { _ = FrameLoss(share: 1) }
    await #expect(processExitsWith: .failure) { _ = FrameLoss(share: 0.8, meanLength: 2) }
    await #expect(processExitsWith: .failure) { _ = FrameLoss(share: 0.1, meanLength: 0.5) }
    #expect(FrameLoss.shortestLength(ofShare: 0.8).rounded(.toNearestOrEven) == 4)
  }
}

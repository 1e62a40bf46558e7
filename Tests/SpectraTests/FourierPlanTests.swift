import RealModule
import CAllocationCounter
import Spectra
import Testing

@Suite("Fourier plan")
struct FourierPlanTests {
  /// Numbers that look random and are the same on every run.
  private func noise(_ count: Int) -> [Float] {
    (0..<count).map { Float(($0 * 7919 + 104_729) % 1009) / 504 - 1 }
  }

  private func buffer(_ values: [Float]) -> AlignedBuffer<Float> {
    var buffer = AlignedBuffer<Float>(repeating: 0, count: values.count)
    var span = buffer.mutableSpan
    for index in values.indices { span[index] = values[index] }
    return buffer
  }

  private func transform(_ plan: borrowing FourierPlan, _ values: [Float]) -> [Float] {
    var samples = buffer(values)
    var spectra = AlignedBuffer<Float>(repeating: 0, count: plan.outputCount)
    plan.transform(&samples, into: &spectra)
    return (0..<spectra.count).map { spectra.span[$0] }
  }

  @Test("Energy is the same in time and in frequency (Parseval)", arguments: [4, 12, 64])
  func parseval(length: Int) {
    let plan = FourierPlan([.init(length: length, inputStride: 1, outputStride: 1)])
    let samples = noise(2 * length)
    let spectrum = transform(plan, samples)
    let energy = samples.map { $0 * $0 }.reduce(0, +) * Float(length)
    #expect(abs(spectrum.map { $0 * $0 }.reduce(0, +) - energy) < 1e-4 * energy)
  }

  @Test("A positive frequency stands in its own bin", arguments: [0, 1, 5, 7])
  func frequency(bin: Int) {
    let length = 8
    let plan = FourierPlan([.init(length: length, inputStride: 1, outputStride: 1)])
    let wave = (0..<length).flatMap { index -> [Float] in
      let angle = 2 * Float.pi * Float(bin * index) / Float(length)
      return [Float.cos(angle), Float.sin(angle)]
    }
    let spectrum = transform(plan, wave)
    for index in 0..<length {
      #expect(abs(spectrum[2 * index] - (index == bin ? 8 : 0)) < 1e-4)
      #expect(abs(spectrum[2 * index + 1]) < 1e-4)
    }
  }

  @Test("Real samples have the first half of the spectrum of complex ones")
  func realInput() {
    let length = 10
    let samples = noise(length)
    let line = FourierPlan.Dimension(length: length, inputStride: 1, outputStride: 1)
    let half = transform(FourierPlan([line], input: .real), samples)
    let whole = transform(FourierPlan([line]), samples.flatMap { [$0, 0] })
    #expect(half.count == 2 * (length / 2 + 1))
    for index in half.indices { #expect(abs(half[index] - whole[index]) < 1e-4) }
  }

  @Test("A strided batch turns the corner")
  func strides() {
    let rows = 3
    let columns = 4
    let samples = noise(2 * rows * columns)
    let plan = FourierPlan(
      [.init(length: rows, inputStride: columns, outputStride: 1)],
      batch: [.init(length: columns, inputStride: 1, outputStride: rows)])
    let spectra = transform(plan, samples)
    let line = FourierPlan([.init(length: rows, inputStride: 1, outputStride: 1)])
    for column in 0..<columns {
      let expected = transform(
        line,
        (0..<rows).flatMap { row -> [Float] in
          let place = 2 * (row * columns + column)
          return [samples[place], samples[place + 1]]
        })
      for index in expected.indices {
        #expect(abs(spectra[2 * column * rows + index] - expected[index]) < 1e-4)
      }
    }
  }

  @Test("An execution allocates nothing")
  func allocations() {
    let plan = FourierPlan([.init(length: 64, inputStride: 1, outputStride: 1)])
    var samples = buffer(noise(128))
    var spectra = AlignedBuffer<Float>(repeating: 0, count: 128)
    plan.transform(&samples, into: &spectra)
    let before = allocation_count()
    for _ in 0..<10 { plan.transform(&samples, into: &spectra) }
    let allocations = allocation_count() - before
    #expect(allocations == 0)
  }

  @Test("Too few samples trap")
  func tooFewSamples() async {
    await #expect(processExitsWith: .failure) {
      let plan = FourierPlan([.init(length: 4, inputStride: 1, outputStride: 1)])
      var samples = AlignedBuffer<Float>(repeating: 0, count: 7)
      var spectra = AlignedBuffer<Float>(repeating: 0, count: 8)
      plan.transform(&samples, into: &spectra)
    }
  }

  @Test("Plans made on many threads at once are all of use")
  func threads() async {
    await withTaskGroup(of: Float.self) { group in
      for length in 2..<34 {
        group.addTask {
          let plan = FourierPlan([.init(length: length, inputStride: 1, outputStride: 1)])
          var samples = AlignedBuffer<Float>(repeating: 1, count: 2 * length)
          var spectra = AlignedBuffer<Float>(repeating: 0, count: 2 * length)
          plan.transform(&samples, into: &spectra)
          return spectra.span[0] / Float(length)
        }
      }
      for await mean in group { #expect(mean == 1) }
    }
  }
}

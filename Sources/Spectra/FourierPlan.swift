internal import CFFTW
internal import Synchronization

/// FFTW plans and destroys plans one at a time: only execution is thread-safe.
private let planner = Mutex(FourierWisdom())

/// A batch of unnormalised forward Fourier transforms, planned once and executed often.
///
/// Complex numbers are pairs of floats, real part first. A transform has one or more dimensions,
/// and so has the batch of transforms in an execution; each dimension has its own stride through
/// the input and the output, so that a plan can turn corners for free. A plan is moved, never
/// copied, and dies with its owner. It runs out of place, because FFTW allocates on every execution
/// of many in-place plans.
@safe
public struct FourierPlan: ~Copyable, @unchecked Sendable {
  /// What the input of a transform consists of.
  public enum Input: Hashable, Sendable {
    /// Complex numbers: the output is as long as the input.
    case complex

    /// Real numbers: the last dimension of the output keeps bins zero to half its length.
    case real
  }

  /// One dimension of a transform, or of a batch of transforms.
  public struct Dimension: Hashable, Sendable {
    /// The number of elements along the dimension.
    public var length: Int

    /// The distance between neighbours in the input, in real or complex numbers.
    public var inputStride: Int

    /// The distance between neighbours in the output in complex numbers.
    public var outputStride: Int

    /// Creates a dimension.
    public init(length: Int, inputStride: Int, outputStride: Int) {
      self.length = length
      self.inputStride = inputStride
      self.outputStride = outputStride
    }
  }

  /// The floats that an execution reads.
  public let inputCount: Int

  /// The floats that an execution writes.
  public let outputCount: Int

  private let plan: fftwf_plan
  private let input: Input

  /// Plans a batch of transforms.
  ///
  /// - Parameters:
  ///   - dimensions: The dimensions of one transform, outermost first.
  ///   - batch: The dimensions over which transforms repeat, outermost first.
  ///   - input: What the input consists of.
  ///   - effort: How hard to look for a fast plan.
  /// - Precondition: There is a dimension, and every length and stride is positive.
  public init(
    _ dimensions: [Dimension], batch: [Dimension] = [], input: Input = .complex,
    effort: PlanningEffort = .estimate
  ) {
    precondition(!dimensions.isEmpty, "a transform needs a dimension")
    precondition(
      (dimensions + batch).allSatisfy {
        $0.length > 0 && $0.inputStride > 0 && $0.outputStride > 0
      },
      "a transform needs positive lengths and strides")
    let last = dimensions.count - 1
    let outputLengths =
      dimensions.enumerated().map { index, dimension in
        input == .real && index == last ? dimension.length / 2 + 1 : dimension.length
      } + batch.map(\.length)
    let all = dimensions + batch
    let inputReach = 1 + all.map { ($0.length - 1) * $0.inputStride }.reduce(0, +)
    let outputReach = 1 + zip(all, outputLengths).map { ($1 - 1) * $0.outputStride }.reduce(0, +)
    let inputCount = input == .real ? inputReach : 2 * inputReach
    let outputCount = 2 * outputReach

    let plan = unsafe planner.withLock { wisdom in
      wisdom.recall(for: effort)
      defer { wisdom.keep(after: effort) }
      let source = AlignedBuffer<Float>(repeating: 0, count: inputCount)
      let target = AlignedBuffer<Float>(repeating: 0, count: outputCount)
      let shape = dimensions.map(\.fftw)
      let repeats = batch.map(\.fftw)
      return unsafe source.withUnsafeBase { source in
        unsafe target.withUnsafeBase { target in
          switch input {
          case .complex:
            unsafe fftwf_plan_guru_dft(
              CInt(shape.count), shape, CInt(repeats.count), repeats, complex(source),
              complex(target), FFTW_FORWARD, effort.flag)
          case .real:
            unsafe fftwf_plan_guru_dft_r2c(
              CInt(shape.count), shape, CInt(repeats.count), repeats, source, complex(target),
              effort.flag)
          }
        }
      }
    }
    guard let plan = unsafe plan else {
      preconditionFailure("FFTW cannot plan a transform of \(dimensions) over \(batch)")
    }
    self.inputCount = inputCount
    self.outputCount = outputCount
    self.input = input
    unsafe self.plan = plan
  }

  deinit {
    planner.withLock { _ in unsafe fftwf_destroy_plan(plan) }
  }

  /// Writes the spectra of `samples` to `spectra`, allocating nothing.
  ///
  /// The samples of a plan of several dimensions over real input are not kept.
  ///
  /// - Parameters:
  ///   - samples: The input.
  ///   - inputStart: The float at which the input starts.
  ///   - spectra: The output.
  ///   - outputStart: The float at which the output starts.
  /// - Precondition: `samples` holds at least ``inputCount`` floats from its start on, `spectra` at
  ///   least ``outputCount``, and both starts are multiples of ``startAlignment``.
  public func transform(
    _ samples: inout AlignedBuffer<Float>, from inputStart: Int = 0,
    into spectra: inout AlignedBuffer<Float>, at outputStart: Int = 0
  ) {
    precondition(
      inputStart >= 0 && samples.count - inputStart >= inputCount,
      "\(samples.count - inputStart) samples do not fill a plan of \(inputCount)")
    precondition(
      outputStart >= 0 && spectra.count - outputStart >= outputCount,
      "\(spectra.count - outputStart) floats do not hold spectra of \(outputCount)")
    precondition(
      inputStart % Self.startAlignment == 0 && outputStart % Self.startAlignment == 0,
      "a transform starts at a multiple of \(Self.startAlignment) floats")
    unsafe samples.withUnsafeBase { samples in
      unsafe spectra.withUnsafeBase { spectra in
        guard let source = unsafe samples.map({ unsafe $0 + inputStart }),
          let target = unsafe spectra.map({ unsafe $0 + outputStart })
        else { return }
        switch input {
        case .complex: unsafe fftwf_execute_dft(plan, complex(source), complex(target))
        case .real: unsafe fftwf_execute_dft_r2c(plan, source, complex(target))
        }
      }
    }
  }

  /// Where in a buffer a transform may start: at multiples of as many floats.
  public static var startAlignment: Int { 4 }
}

extension FourierPlan.Dimension {
  fileprivate var fftw: fftwf_iodim {
    fftwf_iodim(n: CInt(length), is: CInt(inputStride), os: CInt(outputStride))
  }
}

/// The same memory as FFTW sees it.
private func complex(_ pointer: UnsafeMutablePointer<Float>?) -> UnsafeMutablePointer<
  fftwf_complex
>? {
  unsafe UnsafeMutableRawPointer(pointer)?.assumingMemoryBound(to: fftwf_complex.self)
}

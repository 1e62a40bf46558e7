internal import CFFTW

/// How hard FFTW looks for a fast plan.
public enum PlanningEffort: Hashable, Sendable {
  /// Choose by rule: plans at once, and the same input gives the same bits on every run.
  case estimate

  /// Choose by timing a few plans: the bits of a result may differ from run to run.
  case measure

  /// Choose by timing many plans: seconds well spent before a long stream.
  case patient

  var flag: UInt32 {
    switch self {
    case .estimate: UInt32(FFTW_ESTIMATE)
    case .measure: FFTW_MEASURE
    case .patient: UInt32(FFTW_PATIENT)
    }
  }
}

/// How a model learns not one set of weights but a distribution over them.
public enum BayesianMethod: String, CaseIterable, Codable, Sendable {
  /// Normal distributions for the weights of the last two layers, learned by variational inference
  /// (Blundell and others, 2015).
  case variational

  /// Dropout that goes on when the model answers (Gal and Ghahramani, 2016).
  case dropout

  /// Several models from several starts (Lakshminarayanan, Pritzel and Blundell, 2017).
  case ensemble

  /// A normal distribution for the weights of the last layer, after the shape of the loss around
  /// them (Daxberger and others, 2021).
  case laplace

  /// How many answers are averaged.
  var draws: Int {
    switch self {
    case .ensemble: 1
    case .variational, .dropout, .laplace: 32
    }
  }

  /// How many networks a model has.
  var members: Int { self == .ensemble ? 5 : 1 }

  /// How many networks learn only to judge, together, what was held out from them.
  ///
  /// The mean of three is as sure as that of five, so that its temperature is theirs.
  var judges: Int { min(members, 3) }
}

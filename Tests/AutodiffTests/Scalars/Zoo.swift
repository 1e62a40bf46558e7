import Autodiff
import RealModule

/// Functions of one variable, each written once for every kind of scalar.
enum Zoo: String, CaseIterable {
  case exponential
  case exponentialLessOne
  case hyperbolicCosine
  case hyperbolicSine
  case hyperbolicTangent
  case cosine
  case sine
  case tangent
  case logarithm
  case logarithmOfOneMore
  case inverseHyperbolicCosine
  case inverseHyperbolicSine
  case inverseHyperbolicTangent
  case arccosine
  case arcsine
  case arctangent
  case squareRoot
  case cubeRoot
  case fifthRoot
  case reciprocalRoot
  case square
  case inverseCube
  case zerothPower
  case realPower
  case powerOfTwo
  case selfPower
  case functionPower
  case magnitude
  case signedSquare
  case greater
  case lesser
  case negative
  case polynomial
  case rational
  case cauchy
  case product
  case quotient
  case entropy
  case logistic
  case softplus
  case swish
  case gaussian
  case chirp
  case sineOfExponential
  case logarithmOfSine
  case hyperbola
  case nestedRoots
  case arctangentOfReciprocal
  case logarithmOfSum
  case logisticMap
  case radarPhase
  case tower

  func callAsFunction<T: DifferentiableScalar>(_ x: T) -> T {
    switch self {
    case .exponential: .exp(x)
    case .exponentialLessOne: .expMinusOne(x)
    case .hyperbolicCosine: .cosh(x)
    case .hyperbolicSine: .sinh(x)
    case .hyperbolicTangent: .tanh(x)
    case .cosine: .cos(x)
    case .sine: .sin(x)
    case .tangent: .tan(x)
    case .logarithm: .log(x)
    case .logarithmOfOneMore: .log(onePlus: x)
    case .inverseHyperbolicCosine: .acosh(x)
    case .inverseHyperbolicSine: .asinh(x)
    case .inverseHyperbolicTangent: .atanh(x)
    case .arccosine: .acos(x)
    case .arcsine: .asin(x)
    case .arctangent: .atan(x)
    case .squareRoot: .sqrt(x)
    case .cubeRoot: .root(x, 3)
    case .fifthRoot: .root(x, 5)
    case .reciprocalRoot: .root(x, -2)
    case .square: .pow(x, 2)
    case .inverseCube: .pow(x, -3)
    case .zerothPower: .pow(x, 0)
    case .realPower: .pow(x, 2.5)
    case .powerOfTwo: .pow(2, x)
    case .selfPower: .pow(x, x)
    case .functionPower: .pow(.cosh(x), .sin(x))
    case .magnitude: x.magnitude
    case .signedSquare: x.signum() * x * x
    case .greater: .maximum(x, .cos(x))
    case .lesser: .minimum(x * x, 1 + x)
    case .negative: -x - 3
    case .polynomial: 3 + x * (-2 + x * (0.5 + x * (4 - x)))
    case .rational: (x * x + 1) / (x - 3)
    case .cauchy: 1 / (1 + x * x)
    case .product: x * .sin(x)
    case .quotient: .sin(x) / x
    case .entropy: x * .log(x)
    case .logistic: 1 / (1 + .exp(-x))
    case .softplus: .log(onePlus: .exp(x))
    case .swish: x / (1 + .exp(-x))
    case .gaussian: .exp(-x * x / 2)
    case .chirp: .cos(3 * x * x + x)
    case .sineOfExponential: .sin(.exp(x))
    case .logarithmOfSine: .log(.sin(x))
    case .hyperbola: .sqrt(1 + x * x)
    case .nestedRoots: .sqrt(x + .sqrt(x + .sqrt(x)))
    case .arctangentOfReciprocal: .atan(1 / x)
    case .logarithmOfSum: .log(.exp(x) + .exp(-2 * x) + 1)
    case .logisticMap: 4 * x * (1 - x) * (1 - 4 * x * (1 - x)) * 4
    case .radarPhase: .sin(8 * .sqrt(x * x + 0.25))
    case .tower: .tanh(.exp(.sin(.cosh(x))))
    }
  }
}

internal import RealModule

/// The turns between the two steps of a transform of `length` in vectors of sixteen: the cosines and
/// sines of 2π*bn*/*N* for each *b* below sixteen, for each *n* below a sixteenth of the length *N*.
package func planarTwiddles(length: Int) -> [(cosines: [Float], sines: [Float])] {
  (0..<length / 16).map { bin in
    let angles = (0..<16).map { 2 * Double.pi * Double($0 * bin) / Double(length) }
    return (angles.map { Float(Double.cos($0)) }, angles.map { Float(Double.sin($0)) })
  }
}

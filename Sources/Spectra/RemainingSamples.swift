/// Writes the samples of a window of which some were lost, weighed, to `products`: what the others add
/// to their mean is scaled up to the level of a whole window.
func weighRemaining(
  _ history: borrowing SampleHistory, window: Int, channels: Int,
  weights: borrowing AlignedBuffer<Float>, removesMean: Bool,
  into products: inout AlignedBuffer<Float>
) {
  let width = 2 * channels
  let samples = history.samples.span
  let start = history.start * width
  let weights = weights.span
  let step = weights.count / window
  var products = products.mutableSpan
  var received: Float = 0
  var total: Float = 0
  var count: Float = 0
  for index in 0..<window {
    total += abs(weights[index * step])
    guard history.isReceived(index) else { continue }
    received += abs(weights[index * step])
    count += 1
  }
  let scale = scaleOfRemaining(weight: received, of: total)
  for component in 0..<width {
    var mean: Float = 0
    for index in 0..<window where history.isReceived(index) {
      mean += samples[start + index * width + component]
    }
    mean /= max(count, 1)
    let rest = removesMean || scale == 0 ? 0 : mean
    for index in 0..<window {
      let place = index * width + component
      let motion = history.isReceived(index) ? (samples[start + place] - mean) * scale : 0
      products[place] = (rest + motion) * weights[index * step]
    }
  }
}

@_exported public import Autodiff
@_exported public import Gestures
@_exported public import Networks
@_exported public import Pictures
@_exported public import Radar
@_exported public import Recordings
@_exported public import Simulation
@_exported public import Spectra

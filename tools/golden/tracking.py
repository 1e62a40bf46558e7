"""Goldens of the room Radar: groups by scikit-learn's DBSCAN, tracks by FilterPy's Kalman filter.

    python3 tools/golden/tracking.py Tests/RadarTests/Goldens
"""

import json
import pathlib
import sys

import numpy as np
from filterpy.common import Q_continuous_white_noise
from filterpy.kalman import KalmanFilter
from sklearn.cluster import DBSCAN

generator = np.random.default_rng(9)
clusterings = []
for radius, minimum in ((0.3, 3), (0.5, 5), (0.15, 1), (0.25, 4)):
    points = np.concatenate([
        generator.normal(centre, 0.2, (14, 2)) for centre in ((0, 0), (1, 0.4), (0.2, 1.3))
    ] + [generator.uniform(-1, 2, (12, 2))])
    generator.shuffle(points)
    points = np.round(points, 4)
    labels = DBSCAN(eps=radius, min_samples=minimum).fit(points).labels_
    clusterings.append({
        "radius": radius, "minimumPoints": minimum, "points": points.tolist(),
        "groups": [int(label) if label >= 0 else None for label in labels],
    })

DENSITY, POSITION_VARIANCE, RATE_VARIANCE = 4.0, 0.01, 0.09
steps = []
kalman = KalmanFilter(dim_x=2, dim_z=2)
kalman.x = np.array([0.5, 0.0])
kalman.P = np.diag([0.04, 1.0])
kalman.H = np.eye(2)
kalman.R = np.diag([POSITION_VARIANCE, RATE_VARIANCE])
for index in range(30):
    interval = float(np.round(generator.uniform(0.02, 0.08), 4))
    kalman.F = np.array([[1, interval], [0, 1]])
    kalman.Q = Q_continuous_white_noise(2, interval, spectral_density=DENSITY)
    kalman.predict()
    truth = 0.5 + 0.2 * np.sin(index / 5)
    measured = np.round([generator.normal(truth, 0.1), generator.normal(0.5 * np.cos(index / 5), 0.3)], 4)
    innovation = measured - kalman.x
    distance = float(innovation @ np.linalg.solve(kalman.P + kalman.R, innovation))
    seen = index % 7 != 3
    if seen:
        kalman.update(measured)
    steps.append({
        "interval": interval, "measured": measured.tolist() if seen else None,
        "candidate": measured.tolist(), "squaredDistance": distance, "state": kalman.x.tolist(),
        "covariance": [kalman.P[0, 0], kalman.P[0, 1], kalman.P[1, 1]],
    })

path = pathlib.Path(sys.argv[1]) / "tracking.json"
path.write_text(json.dumps({
    "tolerance": 1e-10, "accelerationDensity": DENSITY, "positionVariance": POSITION_VARIANCE,
    "rateVariance": RATE_VARIANCE, "steps": steps, "clusterings": clusterings,
}) + "\n")

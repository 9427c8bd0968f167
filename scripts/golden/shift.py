"""Makes src/evaluation/shift/testing/shift.json: densities and shifts of definition 1 of OoD-Bench in numpy.

    python scripts/golden/shift.py && npm run format       (needs numpy; float64)

Written from the definitions: `scipy.stats.gaussian_kde` (Gaussians of the sample covariance times n^(-2/(d+4))) and Ye et
al. (2022). With u(stream, i, k) = ((7919 stream + 104729 i + 31 k + 12345) mod 65537) / 65537, example i of side s has class
i mod 2 and the features 4 u(s, i, 0) + s, 2 u(s + 2, i, 1) + class + s/2; the points of the integral, in the space of the
standardised features, are 6 u(9, j, k) - 3, and are taken as drawn from the estimate of both sides together.
"""

import json
from pathlib import Path

import numpy as np

EXAMPLES, POINTS, WIDTH = 30, 40, 2
OUTPUT = Path(__file__).resolve().parents[2] / "src/evaluation/shift/testing/shift.json"


def uniform(stream, i, k):
    return ((7919 * stream + 104729 * i + 31 * k + 12345) % 65537) / 65537


def density(sample, points):
    """At each of the points `[m, d]`, of the estimate of a sample `[n, d]`."""
    n, d = sample.shape
    covariance = np.cov(sample.T) * n ** (-2 / (d + 4))
    differences = points[:, None] - sample[None]
    distances = np.einsum("mni,ij,mnj->mn", differences, np.linalg.inv(covariance), differences)
    return np.exp(-distances / 2).sum(1) / n / np.sqrt((2 * np.pi) ** d * np.linalg.det(covariance))


def main():
    label = np.arange(EXAMPLES) % 2
    sides = [
        np.array([[4 * uniform(s, i, 0) + s, 2 * uniform(s + 2, i, 1) + i % 2 + s / 2] for i in range(EXAMPLES)])
        for s in (0, 1)
    ]
    both = np.concatenate(sides)
    one, other = [(side - both.mean(0)) / both.std(0) for side in sides]
    points = np.array([[6 * uniform(9, j, k) - 3 for k in range(WIDTH)] for j in range(POINTS)])
    drawn = density(np.concatenate([one, other]), points)
    p, q = density(one, points), density(other, points)
    found = []
    for diversity, correlation in ((1e-12, 5e-4), (1e-3, 2e-2)):
        either = (p < diversity) | (q < diversity)
        within = (p > correlation) & (q > correlation)
        terms = np.zeros(POINTS)
        for y in (0, 1):
            given_p, given_q = density(one[label == y], points), density(other[label == y], points)
            posterior_p, posterior_q = given_p / 2 / p, given_q / 2 / q
            terms += np.sqrt(p * q) * np.abs(posterior_p - posterior_q)
        found.append(
            {
                "thresholds": {"diversity": diversity, "correlation": correlation},
                "diversity": (np.abs(p - q) / drawn)[either].sum() / POINTS / 2,
                "correlation": (terms / drawn)[within].sum() / POINTS / 2,
            }
        )
    sizes = {"examples": EXAMPLES, "points": POINTS}
    golden = {**sizes, "drawn": drawn.tolist(), "p": p.tolist(), "q": q.tolist(), "shifts": found}
    OUTPUT.write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()

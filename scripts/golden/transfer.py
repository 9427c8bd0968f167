"""Reference numbers of src/analysis/transfer, written from the definitions in plain numpy, independently of the code.

python scripts/golden/transfer.py > src/analysis/transfer/testing/reference.json
"""

import itertools
import json
import math

import numpy as np

rng = np.random.default_rng(20240601)
out = {}


def rounded(value):
    return json.loads(json.dumps(np.asarray(value, dtype=float).round(12).tolist()))


# Normal distribution, F tails by numerical integration, quantiles.
zs = [-12, -6.5, -3.2, -2.9, -1, -0.1, 0, 0.3, 1.96, 3.5, 7]
out["normal"] = {"z": zs, "cdf": [0.5 * math.erfc(-z / math.sqrt(2)) for z in zs]}


def f_tail(value, a, b, steps=2_000_001):
    # Of the beta variable b / (b + a F) below its place, after t = s^2 and t = 1 - s^2 to remove the poles.
    x = b / (b + a * value)
    theta = np.linspace(0, math.asin(math.sqrt(x)), steps)
    p, q = b / 2, a / 2
    with np.errstate(divide="ignore"):
        density = 2 * np.sin(theta) ** (2 * p - 1) * np.cos(theta) ** (2 * q - 1)
    log_beta = math.lgamma(p) + math.lgamma(q) - math.lgamma(p + q)
    weights = np.ones(steps)
    weights[1:-1:2], weights[2:-1:2] = 4, 2
    return float((density * weights).sum() * (theta[1] - theta[0]) / 3 / math.exp(log_beta))


cases = [(3.0, 2, 7), (0.4, 1, 1), (11.2, 5, 120), (1.0, 3, 26), (4.4, 1, 9)]
out["f"] = [{"case": case, "p": f_tail(*case)} for case in cases]
values = rng.normal(size=11).round(3)
out["quantiles"] = {"values": values.tolist(), "at": rounded(np.quantile(values, [0, 0.1, 0.25, 0.5, 0.9, 1]))}


# Principal-axis factoring with varimax by SVD (Kaiser-normalised) and promax.
def principal_axis(r, k):
    h = 1 - 1 / np.diag(np.linalg.inv(r))
    for _ in range(100_000):
        reduced = r.copy()
        np.fill_diagonal(reduced, h)
        w, v = np.linalg.eigh(reduced)
        load = v[:, ::-1][:, :k] * np.sqrt(np.maximum(0, w[::-1][:k]))
        new = (load**2).sum(1)
        if np.abs(new - h).max() < 1e-13:
            break
        h = new
    return load


def varimax(load):
    scale = np.sqrt((load**2).sum(1, keepdims=True))
    x = load / scale
    turn = np.eye(x.shape[1])
    for _ in range(20_000):
        z = x @ turn
        u, _, vt = np.linalg.svd(x.T @ (z**3 - z @ np.diag((z**2).mean(0))))
        turn = u @ vt
    return (x @ turn) * scale


def promax(load, power=4):
    q = load * np.abs(load) ** (power - 1)
    u = np.linalg.lstsq(load, q, rcond=None)[0]
    u = u @ np.diag(np.sqrt(np.diag(np.linalg.inv(u.T @ u))))
    return load @ u, np.linalg.inv(u.T @ u)


def arrange(load):
    order = np.argsort(-(load**2).sum(0))
    return load[:, order] * np.where(load.sum(0) < 0, -1, 1)[order]


true = np.array([[0.9, 0, 0.1], [0.8, 0.2, 0], [0.7, 0.1, 0.2], [0.1, 0.8, 0], [0, 0.75, 0.1], [0.2, 0.6, 0.3],
                 [0, 0.1, 0.85], [0.1, 0.3, 0.7], [0.3, 0, 0.6]])
scores = rng.normal(size=(400, 3)) @ np.linalg.cholesky(np.array([[1, 0.3, 0.2], [0.3, 1, 0.1], [0.2, 0.1, 1]])).T
data = scores @ true.T + rng.normal(size=(400, 9)) * np.sqrt(1 - 0.8 * (true**2).sum(1))
data = ((data - data.mean(0)) / data.std(0)).round(6)
r = np.corrcoef(data.T)
axis = principal_axis(r, 3)
vm = arrange(varimax(axis))
pattern, phi = promax(vm)
w = np.linalg.eigvalsh(r)[::-1]
out["factors"] = {
    "data": data.tolist(),
    "eigenvalues": rounded(w),
    "communalities": rounded((axis**2).sum(1)),
    "varimax": rounded(vm),
    "promax": rounded(pattern),
    "phi": rounded(phi),
}

# Chance eigenvalues by drawing the data themselves.
drawn = np.array([np.sort(np.linalg.eigvalsh(np.corrcoef(rng.normal(size=(60, 6)).T)))[::-1] for _ in range(20_000)])
out["chance"] = {"size": 6, "rows": 60, "at": rounded(np.quantile(drawn, 0.95, axis=0))}


# Ward's clustering from the definition: the least growth of the sum of squares around cluster means.
def ward(points):
    clusters = {i: [i] for i in range(len(points))}
    merges = []
    spread = lambda rows: ((points[rows] - points[rows].mean(0)) ** 2).sum()
    while len(clusters) > 1:
        growth, a, b = min(
            (spread(clusters[a] + clusters[b]) - spread(clusters[a]) - spread(clusters[b]), a, b)
            for a, b in itertools.combinations(sorted(clusters), 2)
        )
        merges.append([a, b, math.sqrt(2 * growth), len(clusters[a]) + len(clusters[b])])
        clusters[len(points) + len(merges) - 1] = clusters.pop(a) + clusters.pop(b)
    return merges


points = rng.normal(size=(12, 3)).round(4)
out["ward"] = {"points": points.tolist(), "merges": rounded(ward(points))}

# Leave-one-task-out R² from refits.
tasks, n = 4, 15
x = rng.normal(size=(tasks * n, 2)).round(4)
y = (0.3 + x @ [0.7, -0.2] + 0.2 * rng.normal(size=tasks * n) + np.repeat([0, 0.1, 0.2, -0.1], n)).round(4)
task = np.repeat(np.arange(tasks), n)
design = np.column_stack([np.ones(len(x)), x])
sse = sst = 0
for left in range(tasks):
    test = task == left
    beta = np.linalg.lstsq(design[~test], y[~test], rcond=None)[0]
    sse += ((y[test] - design[test] @ beta) ** 2).sum()
    sst += ((y[test] - y[~test].mean()) ** 2).sum()
out["predictors"] = {"x": x.tolist(), "y": y.tolist(), "task": task.tolist(), "r2": 1 - sse / sst}

# Type II sums of squares from refits.
a, b = rng.integers(0, 3, 60), rng.integers(0, 2, 60)
y = (a * 0.5 - b * 0.3 + rng.normal(size=60)).round(4)
dummies = lambda v: np.eye(v.max() + 1)[v][:, 1:]
ones = np.ones((60, 1))
left = lambda *parts: (lambda d: float(((y - d @ np.linalg.lstsq(d, y, rcond=None)[0]) ** 2).sum()))(np.hstack(parts))
full = left(ones, dummies(a), dummies(b))
ss = [left(ones, dummies(b)) - full, left(ones, dummies(a)) - full]
f = [ss[0] / 2 / (full / 56), ss[1] / 1 / (full / 56)]
out["anova"] = {
    "a": a.tolist(), "b": b.tolist(), "y": y.tolist(), "ss": ss, "residual": full, "f": f,
    "p": [f_tail(f[0], 2, 56), f_tail(f[1], 1, 56)],
}

# ALine-D as a least-squares problem, from agreements counted here.
models, examples = 6, 400
inverse = lambda p: math.copysign(1, p - 0.5) * _quantile(abs(p - 0.5) + 0.5)


def _quantile(p):
    low, high = 0.0, 10.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if 0.5 * math.erfc(-middle / math.sqrt(2)) < p else (low, middle)
    return (low + high) / 2


sets = {}
for name, shift in (("id", 0.0), ("ood", 0.7)):
    truth = rng.integers(0, 4, examples)
    hard = rng.normal(size=examples)
    answers = [np.where(0.6 + 0.25 * m - shift + 0.6 * rng.normal(size=examples) > hard, truth, rng.integers(0, 4, examples))
               for m in range(models)]
    sets[name] = (truth, answers)
clip = lambda p: min(1 - 0.5 / examples, max(0.5 / examples, p))
acc = {k: [inverse(clip(float((ans == t).mean()))) for ans in answers] for k, (t, answers) in sets.items()}
pairs = list(itertools.combinations(range(models), 2))
agr = {k: [inverse(clip(float((answers[i] == answers[j]).mean()))) for i, j in pairs] for k, (t, answers) in sets.items()}
slope, intercept = np.polyfit(agr["id"], agr["ood"], 1)
matrix = np.zeros((len(pairs), models))
right = []
for at, (i, j) in enumerate(pairs):
    matrix[at, [i, j]] = 0.5
    right.append(agr["ood"][at] + slope * ((acc["id"][i] + acc["id"][j]) / 2 - agr["id"][at]))
w = np.linalg.lstsq(matrix, np.array(right), rcond=None)[0]
phi_of = lambda v: 0.5 * math.erfc(-v / math.sqrt(2))
out["aline"] = {
    "id": {"truth": sets["id"][0].tolist(), "answers": [v.tolist() for v in sets["id"][1]]},
    "ood": {"truth": sets["ood"][0].tolist(), "answers": [v.tolist() for v in sets["ood"][1]]},
    "slope": slope, "intercept": intercept,
    "s": [phi_of(intercept + slope * v) for v in acc["id"]],
    "d": [phi_of(v) for v in w],
}

print(json.dumps(out, separators=(",", ":")))

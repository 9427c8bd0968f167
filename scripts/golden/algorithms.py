"""Makes src/objectives/testing/algorithms-golden.json: updates of every domain-generalisation algorithm in PyTorch.

    python scripts/golden/algorithms.py && npm run format       (needs torch and numpy; CPU, float64, one thread)

domains/setting.py says what net and which batches; domains/README.md defines every algorithm with its source, and says
where `faithful` (as DomainBed does it) and `corrected` (as its paper says) part. Five updates with Adam (rate 1e-3,
0.9, 0.999, 1e-8, no weight decay) or what the algorithm has instead; anneals and burn-ins are over after three.

Of each case: `hyper`; `parameters`, names and shapes in the order of the streams that their start values come from;
`draws`, for each update every random number that it takes; `updates`, for each update the `scalars`, computed before
it, and `moved`: how far all elements of all parameters, one after another, have come from their start after it, in
units of 1e-8. `state` is what else is carried on, after the update; `predictor` is as `moved` for the parameters that
predictions are made with, where these are not the trained ones. `float32` is the largest difference of a parameter from
the same updates in float32: what a test should allow, and then some.

Before anything is written the references are held against each other (domains/identities.py).
"""

import json
from pathlib import Path

import torch

from domains.cases import CASES
from domains.identities import check
from domains.setting import ENVIRONMENTS, EXAMPLES, LEARNING_RATE, UPDATES, flat, run

OUTPUT = Path(__file__).resolve().parents[2] / "src/objectives/testing/algorithms-golden.json"
UNIT = 1e-8


def digits(value):
    return float(f"{value:.9g}")


def written(update, start):
    """Weights as steps of 1e-8 from where they started, which keeps the file small and unmoved weights at 0."""
    moved = lambda weights: [round((value - from_) / UNIT) for value, from_ in zip(weights, start)]
    found = {"scalars": {name: digits(value) for name, value in update["scalars"].items()}}
    found["moved"] = moved(update["parameters"])
    if "predictor" in update:
        found["predictor"] = moved(update["predictor"])
    if "state" in update:
        found["state"] = {name: [digits(value) for value in values] for name, values in update["state"].items()}
    return found


def largest(one, other):
    pairs = zip((u["parameters"] for u in one), (u["parameters"] for u in other))
    return max(abs(a - b) for first, second in pairs for a, b in zip(first, second))


def reference(case):
    arguments = (case["kind"], case["hyper"], case["draws"])
    updates = run(*arguments, torch.float64)
    start = flat(case["kind"](case["hyper"]).p.values())
    difference = largest(updates, run(*arguments, torch.float32))
    assert difference < 1e-6, (case["name"], case["variant"], difference)
    return {
        **{key: case[key] for key in ("name", "variant", "note") if case[key]},
        "hyper": case["hyper"],
        "parameters": [{"name": name, "shape": list(shape)} for name, shape in case["kind"].shapes.items()],
        **({"draws": case["draws"]} if any(case["draws"]) else {}),
        "float32": float(f"{difference:.1e}"),
        "updates": [written(one, start) for one in updates],
    }


if __name__ == "__main__":
    cases = [reference(case) for case in CASES]
    check(cases)
    golden = {
        "torch": torch.__version__.split("+")[0],
        "environments": ENVIRONMENTS,
        "examples": EXAMPLES,
        "updates": UPDATES,
        "learningRate": LEARNING_RATE,
        "cases": cases,
    }
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps(golden) + "\n")

"""Makes src/objectives/testing/adaptations-golden.json: what is done before, after or around a training, in PyTorch.

    python scripts/golden/adaptations.py && npm run format       (needs torch and numpy; CPU, float64, one thread)

Weight averages (SWAD's loss valley, EoA, DiWA), LP-FT, ERM++'s learning rates, reweighting (DFR, JTT, group-balanced
sampling) and adaptation to test batches (T3A, Tent). domains/README.md defines each with its source; net, batches and
start values are those of domains/setting.py. Weights are all elements of all parameters, one after another.
"""

import json
from pathlib import Path

import torch

from domains import averages, reweighting, test_time

OUTPUT = Path(__file__).resolve().parents[2] / "src/objectives/testing/adaptations-golden.json"


def rounded(value):
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    if isinstance(value, list):
        return [rounded(one) for one in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    golden = {
        "torch": torch.__version__.split("+")[0],
        "swad": averages.swad(),
        "eoa": averages.ensemble_of_averages(),
        "diwa": averages.diwa(),
        "lpFt": averages.lp_ft(),
        "plateau": averages.plateau(),
        "dfr": reweighting.dfr(),
        "jtt": reweighting.jtt(),
        "balanced": reweighting.balanced(),
        "t3a": [test_time.t3a(keep) for keep in (2, -1, None)],
        "tent": test_time.tent(),
    }
    OUTPUT.write_text(json.dumps(rounded(golden)) + "\n")

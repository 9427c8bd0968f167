"""The sweep of sweep/worker.ts in PyTorch, as one writes it by hand: the data is loaded once, runs follow each other.

    python scripts/bench/sweep/peer.py IMAGES     answers requests {seeds, steps} and {repeats} on standard input

Plain eager PyTorch with all threads, Adam with learning rate 1e-3, batches of 128.
"""

import json
import os
import sys
import time

import torch
import torch.nn.functional as F

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from peer import DigitCnn  # noqa: E402

BATCH, DRAWN = 128, 1000


def make_digits(images):
    torch.manual_seed(0)
    first = torch.randint(256, (DRAWN, 2, 28, 28), dtype=torch.uint8)
    return first.repeat(-(-images // DRAWN), 1, 1, 1)[:images].contiguous(), torch.arange(images) % 2


def run(digits, seed, steps):
    images, labels = digits
    torch.manual_seed(seed)
    start = time.perf_counter()
    model = DigitCnn()
    adam = torch.optim.Adam(model.parameters(), lr=1e-3)
    order = torch.randperm(len(images))
    for step in range(steps):
        chosen = order[torch.arange(step * BATCH, (step + 1) * BATCH) % len(images)]
        adam.zero_grad()
        loss = F.cross_entropy(model(images[chosen].float() / 255), labels[chosen])
        loss.backward()
        adam.step()
        value = loss.item()
    trained = time.perf_counter()
    accuracy = evaluate(model, digits)
    return {
        "training": trained - start,
        "evaluation": time.perf_counter() - trained,
        "loss": value,
        "accuracy": accuracy,
    }


def evaluate(model, digits):
    images, labels = digits
    model.eval()
    right = 0
    with torch.no_grad():
        for at in range(0, len(images), BATCH):
            right += (model(images[at : at + BATCH].float() / 255).argmax(1) == labels[at : at + BATCH]).sum().item()
    return right / len(images)


def measure(digits, repeats):
    torch.manual_seed(0)
    model, times = DigitCnn(), []
    evaluate(model, [part[:BATCH] for part in digits])
    for _ in range(repeats):
        start = time.perf_counter()
        evaluate(model, digits)
        times.append(time.perf_counter() - start)
    return {"times": times}


def main(images):
    digits = make_digits(images)
    print(json.dumps({"ready": True, "torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        if "seeds" in request:
            answer = run(digits, request["seeds"][0], request["steps"])
        else:
            answer = measure(digits, request["repeats"])
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))

"""What adapts a trained model to unlabelled test batches: T3A and Tent. The batches are the environments of batch 5."""

import torch
import torch.nn.functional as F
from torch.optim import Adam

from domains.modules import batch_norm
from domains.setting import CLASSIFIER, FEATURES, HIDDEN, INPUTS, LEARNING_RATE
from domains.setting import Algorithm, batch, classify, features, flat, initial


def entropy(z):
    return -(F.softmax(z, -1) * F.log_softmax(z, -1)).sum(-1)


def t3a(keep):
    """`keep` supports of each class with the least entropy, None for all; logits of each batch, and how many remain.

    Start values are streams 100 on. A `keep` of -1 is the authors' word for all; their code takes it for all but the
    last of each class.
    """
    p = initial(Algorithm.shapes, 100)
    supports = p["read-out/kernel"].detach().T
    said = classify(p, supports)
    label, doubt, logits, sizes = said.argmax(1), entropy(said), [], []
    for x in batch(5)[0]:
        h = features(p, x)
        said = classify(p, h)
        supports, label = torch.cat([supports, h]), torch.cat([label, said.argmax(1)])
        doubt = torch.cat([doubt, entropy(said)])
        kept = []
        for k in range(3):
            rows = torch.nonzero(label == k).flatten()
            kept.append(rows[doubt[rows].argsort(stable=True)][:keep])
        kept = torch.cat(kept)
        supports, label, doubt = supports[kept], label[kept], doubt[kept]
        prototypes = F.normalize(F.normalize(supports, dim=1).T @ F.one_hot(label, 3).to(supports), dim=0)
        logits.append((h @ prototypes).tolist())
        sizes.append(torch.bincount(label, minlength=3).tolist())
    return {"keep": keep, "logits": logits, "supports": sizes}


TENT = {
    "dense1/kernel": (INPUTS, HIDDEN),
    "norm1/scale": (HIDDEN,),
    "norm1/offset": (HIDDEN,),
    "dense2/kernel": (HIDDEN, FEATURES),
    "dense2/bias": (FEATURES,),
    **CLASSIFIER,
}


def tent():
    """Normalised by each batch's own moments; one step of Adam on scale and offset; outputs are those before it."""
    p, found = initial(TENT), []
    optimizer = Adam([p["norm1/scale"], p["norm1/offset"]], lr=LEARNING_RATE)
    for x in batch(5)[0]:
        hidden = torch.relu(batch_norm(p, "norm1/", x @ p["dense1/kernel"]))
        z = classify(p, hidden @ p["dense2/kernel"] + p["dense2/bias"])
        loss = entropy(z).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        affine = {name: flat([p[f"norm1/{name}"]]) for name in ("scale", "offset")}
        found.append({"entropy": loss.item(), "logits": z.tolist(), **affine})
    return {"parameters": [{"name": name, "shape": list(shape)} for name, shape in TENT.items()], "batches": found}

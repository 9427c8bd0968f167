"""The fixed tiny net, its batches and the loop that every reference update of a domain-generalisation algorithm uses.

All numbers come from `number(stream, index)` of pytorch.py, so that nothing but results needs storing. Arrays are in
Heldout's layout: dense kernels [in, out], convolutions [height, width, in, out], images [..., height, width, channels].

* Parameter p of a case, in the order of its `parameters`, is stream p: a `kernel` or `table` is
  (2u - 1) sqrt(6 / fan in), where fan in is the product of all dimensions but the last; a `bias` or `offset` is
  (2u - 1) / 2; a `scale` is u + 1/2.
* The label of example i of environment e in batch t is floor(3 u), stream 100 + 10 t + e.
* Input j of that example is 2u - 1 + [j = label] + [j = 3] (e - 1) / 2, stream 200 + 10 t + e. In the cases with images
  pixel (r, c) is 2u - 1 + [c = label] + (e - 1) / 2, stream 300 + 10 t + e.

All are computed in float64, then rounded to float32. Update t (from 0) takes batch t.
"""

import math

import numpy as np
import torch
import torch.nn.functional as F
from pytorch import number
from torch.optim import Adam

ENVIRONMENTS, EXAMPLES, INPUTS, HIDDEN, FEATURES, CLASSES, UPDATES = 3, 8, 6, 5, 4, 3, 5
LEARNING_RATE = 1e-3

FEATURISER = {
    "dense1/kernel": (INPUTS, HIDDEN),
    "dense1/bias": (HIDDEN,),
    "dense2/kernel": (HIDDEN, FEATURES),
    "dense2/bias": (FEATURES,),
}
CLASSIFIER = {"read-out/kernel": (FEATURES, CLASSES), "read-out/bias": (CLASSES,)}


def prefixed(prefix, shapes):
    return {prefix + name: shape for name, shape in shapes.items()}


def mlp(prefix, widths):
    """Shapes of a net of dense layers: `widths` are those of input, hidden layers and output."""
    shapes = {}
    for i, pair in enumerate(zip(widths, widths[1:])):
        shapes |= {f"{prefix}dense{i + 1}/kernel": pair, f"{prefix}dense{i + 1}/bias": pair[1:]}
    return shapes


def as_float32(values):
    return torch.tensor(np.asarray(values, dtype=np.float32)).to(torch.get_default_dtype())


def initial(shapes, first=0):
    """The start values of all parameters, as leaves by name; streams count from `first`."""
    values = {}
    for stream, (name, shape) in enumerate(shapes.items(), first):
        u = number(stream, math.prod(shape)).reshape(shape)
        kind = name.split("/")[-1]
        if kind in ("kernel", "table"):
            value = (2 * u - 1) * math.sqrt(6 / math.prod(shape[:-1]))
        elif kind == "scale":
            value = u + 0.5
        else:
            assert kind in ("bias", "offset"), name
            value = (2 * u - 1) / 2
        values[name] = as_float32(value).requires_grad_()
    return values


def labels(t, examples=EXAMPLES):
    """[environments, examples]: the classes of batch `t`."""
    return np.stack([np.floor(CLASSES * number(100 + 10 * t + e, examples)) for e in range(ENVIRONMENTS)]).astype(int)


def batch(t, examples=EXAMPLES, images=False):
    """Inputs [environments, examples, ...] and labels [environments, examples] of batch `t`."""
    y = labels(t, examples)
    shift = (np.arange(ENVIRONMENTS) - 1) / 2
    if images:
        u = np.stack([number(300 + 10 * t + e, examples * 16) for e in range(ENVIRONMENTS)])
        x = 2 * u.reshape(ENVIRONMENTS, examples, 4, 4, 1) - 1 + shift[:, None, None, None, None]
        x += (np.arange(4) == y[..., None])[:, :, None, :, None]
    else:
        u = np.stack([number(200 + 10 * t + e, examples * INPUTS) for e in range(ENVIRONMENTS)])
        x = 2 * u.reshape(ENVIRONMENTS, examples, INPUTS) - 1 + (np.arange(INPUTS) == y[..., None])
        x[..., 3] += shift[:, None]
    return as_float32(x), torch.tensor(y)


def uniform(stream, *shape):
    """Listed draws: uniform in [0, 1), to 6 decimals."""
    return np.round(number(stream, math.prod(shape)), 6).reshape(shape).tolist()


def normal(stream, *shape):
    """Listed draws: standard normal by Box and Muller, to 6 decimals."""
    count = math.prod(shape)
    radius = np.sqrt(-2 * np.log(1 - number(stream, count)))
    return np.round(radius * np.cos(2 * np.pi * number(stream + 1, count)), 6).reshape(shape).tolist()


def permutation(stream, n):
    return np.argsort(number(stream, n), kind="stable").tolist()


def dense_layers(p, prefix, x, activation=torch.relu):
    """Dense layers 1, 2, ... under `prefix`, with an activation between them and none at the end."""
    depth = sum(name.startswith(prefix + "dense") and name.endswith("/kernel") for name in p)
    for i in range(1, depth + 1):
        x = x @ p[f"{prefix}dense{i}/kernel"] + p[f"{prefix}dense{i}/bias"]
        x = activation(x) if i < depth else x
    return x


def features(p, x, prefix=""):
    hidden = torch.relu(x @ p[prefix + "dense1/kernel"] + p[prefix + "dense1/bias"])
    return hidden @ p[prefix + "dense2/kernel"] + p[prefix + "dense2/bias"]


def classify(p, h, prefix="read-out/"):
    return h @ p[prefix + "kernel"] + p[prefix + "bias"]


def predict(p, x):
    return classify(p, features(p, x))


def cross_entropy(z, y):
    """Mean over all examples, whatever axes they lie on."""
    return F.cross_entropy(z.reshape(-1, z.shape[-1]), y.reshape(-1))


def risks(z, y):
    """[environments]: the mean cross-entropy in each."""
    return F.cross_entropy(z.transpose(1, 2), y, reduction="none").mean(1)


class Algorithm:
    """State and update of one algorithm. Subclasses give `update(x, y, draw)`, which returns the update's scalars."""

    shapes = {**FEATURISER, **CLASSIFIER}
    images = False

    def __init__(self, hyper):
        self.hyper = hyper
        self.count = 0
        self.p = initial(self.shapes)
        self.optimizer = self.adam(self.trained())

    def trained(self):
        return list(self.shapes)

    def adam(self, names, rate=None, betas=(0.9, 0.999)):
        rate = self.hyper.get("lr", LEARNING_RATE) if rate is None else rate
        return Adam([self.p[name] for name in names], lr=rate, betas=betas)

    def group(self, prefix):
        return [name for name in self.shapes if name.startswith(prefix)]

    def step(self, loss, optimizer=None):
        optimizer = optimizer or self.optimizer
        for value in self.p.values():
            value.grad = None
        loss.backward()
        optimizer.step()

    def apply(self, gradients):
        """A step of Adam on gradients that come from elsewhere, one for each parameter."""
        for value, gradient in zip(self.p.values(), gradients):
            value.grad = gradient.detach()
        self.optimizer.step()

    def state(self):
        """What else is carried from update to update, as lists of numbers by name."""
        return {}

    def predictor(self):
        """The parameters that predictions are made with, where they are not those that are trained."""
        return None


def flat(tensors):
    return torch.cat([value.detach().reshape(-1) for value in tensors]).double().tolist()


def run(kind, hyper, draws, dtype):
    """Makes all updates; the scalars, parameters and state of each."""
    torch.set_default_dtype(dtype)
    torch.set_num_threads(1)
    algorithm, updates = kind(hyper), []
    for t in range(UPDATES):
        x, y = batch(t, images=algorithm.images)
        scalars = algorithm.update(x, y, draws[t])
        found = {name: float(torch.as_tensor(value).detach()) for name, value in scalars.items()}
        algorithm.count += 1
        one = {"scalars": found, "parameters": flat(algorithm.p.values())}
        if algorithm.state():
            one["state"] = {name: flat([value]) for name, value in algorithm.state().items()}
        if algorithm.predictor() is not None:
            one["predictor"] = flat(algorithm.predictor())
        updates.append(one)
    return updates

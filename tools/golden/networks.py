"""Goldens of the room Networks, made by PyTorch: layers, losses, optimisers and schedules.

    python3 tools/golden/networks.py Tests/NetworksTests/Goldens

Layers and losses come with the gradients of everything they read. Arrays are channels last, as the
package has them, and filters [height, width, channel, filter].
"""

import json
import pathlib
import sys

import torch
import torch.nn.functional as F

FOLDER = pathlib.Path(sys.argv[1])
torch.manual_seed(1)
torch.set_default_dtype(torch.float64)


def write(name, golden):
    text = json.dumps(golden, indent=None, separators=(",", ":"))
    (FOLDER / name).write_text(text.replace("},{", "},\n{") + "\n")


def tensor(value):
    value = value.detach()
    return {"shape": list(value.shape), "elements": [round(v, 9) for v in value.flatten().tolist()]}


def rounded(*shape):
    """Random numbers that JSON holds exactly."""
    return (torch.randn(shape) * 64).round() / 64


# Layers: inputs and parameters in the order of visitParameters, output, and the gradients of
# sum(output * weights).

def layer_case(name, inputs, function, layouts=None):
    """`layouts` turns each of torch's arrays into the package's."""
    leaves = [value.clone().requires_grad_() for value in inputs]
    output = function(*leaves)
    weights = rounded(*output.shape)
    (output * weights).sum().backward()
    same = lambda value: value
    layouts = layouts or [same] * (len(inputs) + 1)
    return {
        "name": name,
        "inputs": [tensor(layout(value)) for layout, value in zip(layouts, inputs)],
        "output": tensor(layouts[-1](output)),
        "weights": tensor(layouts[-1](weights)),
        "gradients": [tensor(layout(leaf.grad)) for layout, leaf in zip(layouts, leaves)],
    }


def same(value):
    return value


def transposed(value):
    return value.t()


def images(value):
    return value.permute(0, 2, 3, 1)


def filters(value):
    return value.permute(2, 3, 1, 0)


def sequences(value):
    return value.permute(0, 2, 1)


def filters_1d(value):
    return value.permute(2, 1, 0)


def layers():
    cases = [
        layer_case("dense", [rounded(3, 4), rounded(2, 4), rounded(2)], F.linear,
                   [same, transposed, same, same]),
    ]
    for name, size, shape, options in [
        ("convolution2D", (2, 3, 5, 4), (4, 3, 3, 3), dict(padding=1)),
        ("convolution2D-strided", (1, 2, 6, 7), (3, 2, 3, 2),
         dict(stride=(2, 1), dilation=(1, 2), padding=(1, 0))),
        ("convolution2D-grouped", (1, 4, 4, 4), (6, 2, 2, 2), dict(groups=2)),
        ("convolution2D-depthwise", (1, 3, 4, 4), (3, 1, 3, 3), dict(groups=3, padding=1)),
    ]:
        cases.append(layer_case(
            name, [rounded(*size), rounded(*shape), rounded(shape[0])],
            lambda x, w, b, options=options: F.conv2d(x, w, b, **options),
            [images, filters, same, images]))
    cases.append(layer_case(
        "convolution1D", [rounded(2, 3, 6), rounded(4, 3, 3), rounded(4)],
        lambda x, w, b: F.conv1d(x, w, b, padding=1), [sequences, filters_1d, same, sequences]))
    cases.append(layer_case(
        "convolution1D-causal", [rounded(2, 2, 7), rounded(4, 1, 3), rounded(4)],
        lambda x, w, b: F.conv1d(F.pad(x, (4, 0)), w, b, dilation=2, groups=2),
        [sequences, filters_1d, same, sequences]))
    pool = [images, images]
    cases += [
        layer_case("maxPooling", [rounded(1, 2, 6, 5)],
                   lambda x: F.max_pool2d(x, (2, 3), stride=(2, 1), padding=(1, 1)), pool),
        layer_case("averagePooling", [rounded(1, 2, 6, 5)],
                   lambda x: F.avg_pool2d(x, (2, 3), stride=(2, 2), padding=(1, 1),
                                          count_include_pad=False), pool),
        layer_case("mean", [rounded(2, 2, 3, 4)], lambda x: x.mean((2, 3)), [images, same]),
        layer_case("rectifier", [rounded(2, 5)], F.relu),
        layer_case("batchNormalization", [rounded(3, 2, 2, 3), rounded(2), rounded(2)],
                   lambda x, w, b: F.batch_norm(x, None, None, w, b, training=True),
                   [images, same, same, images]),
        layer_case("layerNormalization", [rounded(3, 5), rounded(5), rounded(5)],
                   lambda x, w, b: F.layer_norm(x, (5,), w, b)),
        layer_case("groupNormalization", [rounded(2, 4, 2, 3), rounded(4), rounded(4)],
                   lambda x, w, b: F.group_norm(x, 2, w, b), [images, same, same, images]),
    ]
    units, read = 3, 2
    cell = torch.nn.GRU(read, units, batch_first=True)

    def recurrent(x, w, u, b, c):
        named = dict(weight_ih_l0=w, weight_hh_l0=u, bias_ih_l0=b, bias_hh_l0=c)
        return torch.func.functional_call(cell, named, (x,))[0]

    cases.append(layer_case(
        "recurrent",
        [rounded(2, 4, read), rounded(3 * units, read), rounded(3 * units, units),
         rounded(3 * units), rounded(3 * units)],
        recurrent, [same, transposed, transposed, same, same, same]))

    normalization = torch.nn.BatchNorm2d(2)
    batches = [rounded(3, 2, 2, 3) for _ in range(3)]
    for batch in batches:
        normalization(batch)
    normalization.eval()
    write("layers.json", {
        "tolerance": 2e-5, "cases": cases,
        "running": {
            "batches": [tensor(images(batch)) for batch in batches],
            "mean": tensor(normalization.running_mean),
            "variance": tensor(normalization.running_var),
            "output": tensor(images(normalization(batches[0]))),
        },
    })


def losses():
    labels = torch.tensor([2, 0, 1, 2, 3])
    weights = torch.tensor([0.5, 1.0, 2.0, 1.5])
    scores = rounded(5, 4)

    def focal(scores, focus, weights=None):
        logarithms = F.log_softmax(scores, -1)[torch.arange(5), labels]
        share = weights[labels] if weights is not None else torch.ones(5)
        return -(share * (1 - logarithms.exp()) ** focus * logarithms).sum() / share.sum()

    def contrastive(a, b):
        same = torch.tensor([1.0, 0.0, 0.0])
        distance = F.pairwise_distance(a, b, eps=0)
        return (same * distance ** 2 + (1 - same) * F.relu(3 - distance) ** 2).mean()

    def normalized_contrastive(a, b):
        units = F.normalize(torch.cat([a, b]))
        cosines = units @ units.t() / 0.5
        cosines = cosines.masked_fill(torch.eye(6, dtype=torch.bool), -torch.inf)
        return F.cross_entropy(cosines, (torch.arange(6) + 3) % 6)

    cases = [
        layer_case("crossEntropy", [scores], lambda s: F.cross_entropy(s, labels)),
        layer_case("crossEntropy-smoothed", [scores],
                   lambda s: F.cross_entropy(s, labels, label_smoothing=0.1)),
        layer_case("crossEntropy-weighted", [scores],
                   lambda s: F.cross_entropy(s, labels, weight=weights)),
        layer_case("crossEntropy-both", [scores],
                   lambda s: F.cross_entropy(s, labels, weight=weights, label_smoothing=0.2)),
        layer_case("focal", [scores], lambda s: focal(s, 2)),
        layer_case("focal-weighted", [scores], lambda s: focal(s, 1.5, weights)),
        layer_case("meanSquare", [rounded(3, 4), rounded(3, 4)], F.mse_loss),
        layer_case("contrastive", [rounded(3, 4), rounded(3, 4)], contrastive),
        layer_case("normalizedContrastive", [rounded(3, 4), rounded(3, 4)],
                   normalized_contrastive),
    ]
    write("losses.json", {
        "tolerance": 2e-5, "labels": labels.tolist(), "classWeights": weights.tolist(),
        "cases": cases,
    })


# Optimisers: 20 steps on Rosenbrock's function in pairs, whose gradients vary over the course.

def rosenbrock(x):
    a, b = x[0::2], x[1::2]
    return ((1 - a) ** 2 + 10 * (b - a * a) ** 2).sum()


def course(make, rate, prox=None):
    x = torch.tensor([-1.0, 1.0, 0.5, -0.5], requires_grad=True)
    optimizer = make([x])
    path = []
    for _ in range(20):
        optimizer.zero_grad()
        rosenbrock(x).backward()
        optimizer.step()
        if prox:
            with torch.no_grad():
                x.copy_(prox(x, rate))
        path.append([round(v, 10) for v in x.tolist()])
    return path


def shrink(x, rate):
    return F.softshrink(x, 2.0 * rate)


def optimizers():
    optim = torch.optim
    write("optimizers.json", {"tolerance": 1e-8, "courses": {
        "sgd": course(lambda p: optim.SGD(p, 0.01), 0.01),
        "momentum": course(lambda p: optim.SGD(p, 0.005, momentum=0.9), 0.005),
        "nesterov": course(lambda p: optim.SGD(p, 0.005, momentum=0.9, nesterov=True), 0.005),
        "sgd-decay": course(
            lambda p: optim.SGD(p, 0.005, momentum=0.9, weight_decay=0.1), 0.005),
        "adam": course(lambda p: optim.Adam(p, 0.05), 0.05),
        "adamw": course(lambda p: optim.AdamW(p, 0.05, weight_decay=0.2), 0.05),
        "proximal-sgd": course(lambda p: optim.SGD(p, 0.01), 0.01, shrink),
        "proximal-adam": course(lambda p: optim.Adam(p, 0.05), 0.05, shrink),
    }})


def schedules():
    def rates(make, count=20):
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.8)
        schedule = make(optimizer)
        result = []
        for _ in range(count):
            result.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.step()
        return result

    def plateau(losses):
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.8)
        schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(
            optimizer, factor=0.5, patience=2, threshold=1e-2)
        result = []
        for loss in losses:
            schedule.step(loss)
            result.append(optimizer.param_groups[0]["lr"])
        return result

    scheduler = torch.optim.lr_scheduler
    losses = [5, 4, 3, 3, 2.99, 3.1, 3, 2.5, 2.5, 2.5, 2.5, 2.499, 2.5, 2, 2, 2, 2, 2, 2, 2]
    parameters = [torch.zeros(2, 2, requires_grad=True), torch.zeros(3, requires_grad=True)]
    gradients = [rounded(2, 2) * 3, rounded(3) * 3]
    for parameter, gradient in zip(parameters, gradients):
        parameter.grad = gradient.clone()
    norm = torch.nn.utils.clip_grad_norm_(parameters, 1.5)
    write("schedules.json", {
        "tolerance": 1e-9,
        "cosine": rates(lambda o: scheduler.CosineAnnealingLR(o, 20)),
        "step": rates(lambda o: scheduler.StepLR(o, 6, gamma=0.3)),
        "losses": losses,
        "plateau": plateau(losses),
        "clipping": {
            "gradients": [tensor(gradient) for gradient in gradients], "norm": float(norm),
            "clipped": [tensor(parameter.grad) for parameter in parameters],
        },
    })


layers()
losses()
optimizers()
schedules()

"""Image networks from `keras.applications` and EfficientNet-Lite, all fed with RGB in [-1, 1]."""

from pathlib import Path

import keras

from mmfusion.pretrained.efficientnet_lite import VARIANTS, efficientnet_lite
from mmfusion.pretrained.fetch import weights_path
from mmfusion.pretrained.table import WEIGHTS

# What each network was fed with when it learned: [-1, 1], [0, 255], or [0, 255] as blue, green and
# red without the mean of ImageNet.
SYMMETRIC, BYTES, CENTRED = "symmetric", "bytes", "centred"
BACKBONES = {
    "efficientnetb0": (keras.applications.EfficientNetB0, BYTES),
    "efficientnetv2b0": (keras.applications.EfficientNetV2B0, BYTES),
    "inceptionv3": (keras.applications.InceptionV3, SYMMETRIC),
    "mobilenetv2": (keras.applications.MobileNetV2, SYMMETRIC),
    "mobilenetv3": (keras.applications.MobileNetV3Large, BYTES),
    "mobilenetv3small": (keras.applications.MobileNetV3Small, BYTES),
    "resnet50": (keras.applications.ResNet50, CENTRED),
    "vgg16": (keras.applications.VGG16, CENTRED),
}
MEAN_OF_IMAGENET = (103.939, 116.779, 123.68)  # blue, green, red


def load_backbone(
    name: str, *, weights: str | Path | None = "imagenet", size_px: int = 224
) -> keras.Model:
    """Builds an image network that returns one vector for each image.

    Args:
        name: str. `"vgg16"`, `"resnet50"`, `"inceptionv3"`, `"mobilenetv2"`, `"mobilenetv3"`,
            `"mobilenetv3small"`, `"efficientnetb0"`, `"efficientnetv2b0"`,
            `"efficientnet-lite0"`, `"efficientnet-lite1"` or `"efficientnet-lite2"`.
        weights: `"imagenet"`, which Keras downloads, and `mmfusion weights get` for
            EfficientNet-Lite; path of a local file of the network without its top (`.pth` or
            `.npz` for EfficientNet-Lite); or `None` for random ones.
        size_px: int. Height H and width W of images.

    Returns:
        `keras.Model` from images `(N, H, W, 3)`, RGB in [-1, 1], to vectors `(N, D)`. It serves
        `extract_cnn` and `mm.branches.image_backbone` alike.

    Raises:
        FileNotFoundError: if there is no such file, or not in the cache, with what to type.
        ValueError: if `name` is unknown, or the weights do not fit.

    Example:

    >>> load_backbone("mobilenetv3small", weights=None, size_px=64).output_shape
    (None, 576)
    """
    name = name.lower()
    if name in VARIANTS:
        if weights == "imagenet":
            (file,) = WEIGHTS[name].files
            weights = weights_path(name) / file.name
        return efficientnet_lite(name, weights=weights, size_px=size_px)
    if name not in BACKBONES:
        raise ValueError(
            f"`name` must be one of {sorted([*BACKBONES, *VARIANTS])}. Received: {name!r}"
        )
    build, fed = BACKBONES[name]
    network = build(
        include_top=False,
        pooling="avg",
        weights=weights if weights is None else str(weights),
        input_shape=(size_px, size_px, 3),
    )
    images = keras.Input((size_px, size_px, 3), name="images")
    return keras.Model(images, network(_as_fed(images, fed)), name=name)


def _as_fed(images, fed):
    """RGB in [-1, 1] as the network knows it."""
    if fed == SYMMETRIC:
        return images
    levels = keras.layers.Rescaling(127.5, offset=127.5)(images)
    if fed == BYTES:
        return levels
    centre = keras.layers.Normalization(mean=MEAN_OF_IMAGENET, variance=(1.0, 1.0, 1.0))
    return centre(levels[..., ::-1])

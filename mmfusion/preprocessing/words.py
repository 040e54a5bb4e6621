"""Words of a text, English or Chinese: parted, stop words left out, stemmed."""

# ruff: noqa: RUF001, RUF002 - characters that look like others are meant
import functools
import re
import warnings
from collections.abc import Sequence

import snowballstemmer

LANGUAGES = ("en", "zh")
WORD = re.compile(r"\w+(?:['’-]\w+)*")
# Negations stay, for they turn the meaning round; so do words that only look empty, like "fire".
ENGLISH = (
    "a about after again all also am an and any are as at be "
    "because been before being both but by can could did do does "
    "doing down during each few for from further had has have "
    "having he he's her here hers herself him himself his how i "
    "i'd i'll i'm i've if in into is it it's its itself just me "
    "more most my myself of off on once only or other our ours "
    "ourselves out over own same she she's should so some such "
    "than that that's the their theirs them themselves then "
    "there these they they're this those through to too under "
    "until up us very was we we're were what when where which "
    "while who whom why will with would you you're your yours "
    "yourself yourselves"
)
CHINESE = (
    "的 了 着 过 地 得 和 与 及 或 是 在 有 也 都 就 还 又 而 "
    "而且 但 但是 把 被 让 给 对 从 向 到 于 以 之 其 这 那 "
    "这个 那个 这些 那些 这里 那里 我 你 他 她 它 我们 你们 他们 "
    "她们 它们 自己 一 一个 一些 个 上 下 里 中 呢 吗 吧 啊 呀 "
    "嘛 哦 嗯 所以 因为 如果 就是 还是 什么 怎么 并 并且 则 很 会 "
    "能 可以 要 说 去"
)
STOP_WORDS = {"en": frozenset(ENGLISH.split()), "zh": frozenset(CHINESE.split())}


def part_words(text: str, *, language: str = "en") -> list[str]:
    """Parts text into words; punctuation is left out.

    Chinese is parted by jieba's dictionary. English words within Chinese text stay whole.

    Args:
        text: str.
        language: str, `"en"` or `"zh"`.

    Returns:
        List of str.

    Raises:
        ValueError: if `language` is another.

    Example:

    >>> part_words("Don't run, it's a well-known alarm!")
    ["Don't", 'run', "it's", 'a', 'well-known', 'alarm']
    >>> part_words("商场着火了，快跑！", language="zh")
    ['商场', '着火', '了', '快', '跑']
    """
    _check_language(language)
    if language == "en":
        return WORD.findall(text)
    return [word for word in _chinese().cut(text) if WORD.search(word)]


def leave_out_stop_words(words: Sequence[str], *, language: str = "en") -> list[str]:
    """Leaves out words without a meaning of their own, in any case; "not" and "没" stay.

    Args:
        words: sequence of str.
        language: str, `"en"` or `"zh"`.

    Returns:
        List of str.

    Raises:
        ValueError: if `language` is another.

    Example:

    >>> leave_out_stop_words(["This", "is", "not", "a", "fire"])
    ['not', 'fire']
    """
    _check_language(language)
    return [word for word in words if word.lower() not in STOP_WORDS[language]]


def stem_words(words: Sequence[str], *, language: str = "en") -> list[str]:
    """Cuts English words to their stems by Snowball; Chinese has none to cut.

    Args:
        words: sequence of str.
        language: str, `"en"` or `"zh"`.

    Returns:
        List of str, English in lower case.

    Raises:
        ValueError: if `language` is another.

    Example:

    >>> stem_words(["Running", "runs", "alarmed"])
    ['run', 'run', 'alarm']

    Reference:
        [Porter, 2001](http://snowball.tartarus.org/texts/introduction.html)
    """
    _check_language(language)
    if language == "zh":
        return list(words)
    return snowballstemmer.stemmer("english").stemWords([word.lower() for word in words])


def _check_language(language):
    if language not in LANGUAGES:
        raise ValueError(f"`language` must be one of {LANGUAGES}. Received: language={language!r}")


@functools.cache
def _chinese():
    """Jieba with its dictionary, read without the cache file that it would share in /tmp."""
    with warnings.catch_warnings():  # jieba looks for pkg_resources, which warns of its own end
        warnings.simplefilter("ignore")
        import jieba  # slow, and only Chinese needs it
    tokeniser = jieba.Tokenizer()
    tokeniser.FREQ, tokeniser.total = tokeniser.gen_pfdict(tokeniser.get_dict_file())
    tokeniser.initialized = True
    return tokeniser

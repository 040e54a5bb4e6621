"""Both kinds of corpus have every member of the one interface."""

import dataclasses
import inspect

import pytest

from mmfusion.experiments.array_corpus import ArrayCorpus
from mmfusion.experiments.clip_corpus import ClipCorpus
from mmfusion.experiments.corpus import Corpus

FIELDS = sorted(name for name, member in vars(Corpus).items() if isinstance(member, property))
METHODS = sorted(
    name
    for name, member in vars(Corpus).items()
    if inspect.isfunction(member) and not name.startswith("_")
)
both = pytest.mark.parametrize("kind", [ArrayCorpus, ClipCorpus])


def test_what_the_interface_asks_for():
    assert FIELDS == ["modalities", "ordered", "path", "rows", "spec"]
    assert [
        *("batches", "decode", "description", "model", "only", "part", "preprocessor")
    ] == METHODS


@both
@pytest.mark.parametrize("name", FIELDS)
def test_every_field_is_there(kind, name):
    fields = {field.name for field in dataclasses.fields(kind)}
    assert name in fields or isinstance(getattr(kind, name), property)


@both
@pytest.mark.parametrize("name", METHODS)
def test_every_method_takes_what_the_interface_says(kind, name):
    wanted = inspect.signature(getattr(Corpus, name)).parameters
    found = inspect.signature(getattr(kind, name)).parameters
    assert list(found)[: len(wanted)] == list(wanted)
    assert all(found[each].kind == wanted[each].kind for each in wanted)
    extra = list(found.values())[len(wanted) :]  # such as a folder of records to open
    assert all(each.default is not inspect.Parameter.empty for each in extra)

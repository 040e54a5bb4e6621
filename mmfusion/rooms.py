"""Rooms whose files load on first use, so that light work never waits for TensorFlow."""

import importlib
import sys
import types


class Room(types.ModuleType):
    """A package whose public names are imported on first use.

    A file may be named after the function in it: `mm.data.split` is the function, also after
    something has imported the file `mmfusion/data/split.py`.
    """

    def __getattr__(self, name):
        public = self.__dict__["_public"]
        if name not in public:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        setattr(self, name, importlib.import_module(public[name]))
        return self.__dict__[name]

    def __setattr__(self, name, value):
        """Python's import sets a file as an attribute of its package: the name in it goes first."""
        file = self.__dict__["_public"].get(name)
        if isinstance(value, types.ModuleType) and file in self.__dict__["_files"]:
            value = getattr(value, name)
        super().__setattr__(name, value)

    def __dir__(self):
        return sorted({*self.__dict__, *self.__dict__["_public"]})


def open_room(package, *, rooms=(), **files):
    """Makes a package a `Room`; called once in its `__init__.py`.

    Args:
        package: str. The package's `__name__`.
        rooms: sequence of str. Packages inside it.
        **files: file name to the list of public names in it.

    Returns:
        List of str for `__all__`.
    """
    public = {name: f"{package}.{name}" for name in rooms}
    for file, names in files.items():
        public |= dict.fromkeys(names, f"{package}.{file}")
    module = sys.modules[package]
    module.__dict__.update(_public=public, _files={f"{package}.{file}" for file in files})
    module.__class__ = Room
    return sorted(public)

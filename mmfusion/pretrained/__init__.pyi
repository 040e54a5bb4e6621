from .efficientnet_lite import efficientnet_lite as efficientnet_lite
from .fetch import fetch as fetch
from .fetch import remove as remove
from .fetch import weights_path as weights_path
from .table import WEIGHTS as WEIGHTS
from .torch_file import read_torch as read_torch
from .weights import WeightFile as WeightFile
from .weights import Weights as Weights

from .export import export as export
from .predictor import Predictor as Predictor

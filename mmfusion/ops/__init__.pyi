from . import audio as audio
from . import frames as frames
from . import masks as masks
from . import positions as positions
from . import shapes as shapes

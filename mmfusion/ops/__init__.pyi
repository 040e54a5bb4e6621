from . import frames as frames
from . import masks as masks
from . import positions as positions
from . import shapes as shapes
from . import sound as sound

from .meld import is_meld as is_meld
from .meld import read_meld as read_meld

from .log_mel import LogMel as LogMel
from .mfcc import MFCC as MFCC
from .pre_emphasis import PreEmphasis as PreEmphasis

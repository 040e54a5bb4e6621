from .divided_block import DividedBlock as DividedBlock
from .frame_cnn import frame_cnn as frame_cnn
from .frame_scaling import FrameScaling as FrameScaling
from .frame_tower import FrameTower as FrameTower
from .gamma_correction import GammaCorrection as GammaCorrection
from .motion_statistics import MotionStatistics as MotionStatistics

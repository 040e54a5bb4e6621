from .machine_captions import with_machine_captions as with_machine_captions
from .transcribe_files import transcribe_files as transcribe_files
from .transcript import Transcript as Transcript
from .transcript import transcribe as transcribe
from .transcript import transcribe_file as transcribe_file

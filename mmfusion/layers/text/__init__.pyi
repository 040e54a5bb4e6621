from .bert import SentenceVectors as SentenceVectors
from .bert import WordBackbone as WordBackbone
from .bert import WordPieceTokenizer as WordPieceTokenizer
from .tokens import Tokens as Tokens

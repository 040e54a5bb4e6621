"""The only room that touches codecs: probe, decode, captions, write, each within limits."""

"""Enlarging pictures with a trained network.

Where to look:
    draw     one upscale: progress by tiles, cancelling, less memory at a time
    enlarge  a picture in tiles, joined without seams
    load     a network's file → an upscaler
    compact  the architecture of the bundled one
"""

"""Easel's own denoising loop: pictures of one model advance together, each at its own step of its own sampler.

Where to look:
    tables         a sampler → one small matrix for each of its steps
    trajectory     one picture on its way: latents, what its sampler remembers, its generator
    advance        one step for many pictures: rows, guidance, samplers
    words          weights and breaks in a prompt
    conditions     texts → what a model is given for them, remembered
    order          whose turn it is, among those that cannot be drawn together
    probe          how much is done at once: measured, and kept in a file
    fitted         how much fitted into memory at once, and when more is tried again
    memory         which errors mean that it ran out
    stepper        a model with its family, its tables and its texts
    families/      what is particular to a kind of model: encode, call, decode
"""

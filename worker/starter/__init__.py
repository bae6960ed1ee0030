"""The bundled text-to-image model: its data, its training and its weights.

Nothing outside this package imports it at run time: the engine loads `weights/` as any other pipeline folder.

Where to look:
    data/             packages (npm) → catalogue (subjects), choice (which are learnt) → emoji_art (drawings, rendered)
                      → scenes (what stands where) → compose (their pictures);   vocabulary  the words for all of it
    captions          a scene → a sentence;   tokenizer  learnt from those sentences
    recipe            all stages in order;    loop  one stage's steps;   checkpoints, progress  what is kept of them
    machine           CPU or GPU;             distributed  several processes on one model
    autoencoder       pictures ⇄ latents;     latent_cache  all scenes, encoded once
    text_pretraining  the text encoder alone; denoiser  UNet and text encoder;   forward  noise and its schedules
    classifier        judges pictures;        held_out  combinations that training never shows, for that judgement
    evaluate, report  figures and pictures of the model card;   draw  sheets and curves;   schedule_ablation  a trial
    diagnose          drawings beside what autoencoder and denoiser make of them: which of the two loses more
    variations        how far pictures that are drawn anew from themselves are from what they were
    export            the parts as a diffusers folder;   upscaler  the ×4 network
    gpu_call          one call on a lent GPU;  ema_shards  the small files that come back from it
"""

from pathlib import Path

WEIGHTS = Path(__file__).parent / "weights"
UPSCALER = Path(__file__).parent / "x4.safetensors"

"""Drawing with torch: from a catalogue and files to pixels. Runs on the engine's one GPU thread.

Where to look:
    diffusers_backend  the backend: loads at the start, then draws what it is given
    model_config       the catalogue, an entry at a time
    model_family       which kind of model a file or folder holds, and what usually suits that kind
    watched_folder     a folder into which someone puts models and LoRAs while the engine runs
    watched_models     what of it is to be taken up, beside the catalogue
    libraries          imported when loading begins, and told to be quiet
    model_files        are all of a model's files there, whole, and no pickles?
    fetch              an entry → its files on this machine, and what their headers tell
    load_deaths        a model that ends the engine while it is read is left out at its third start
    load               files → a pipeline in memory
    fit                what makes weights fit into a card's memory, by their counts alone
    low_memory         fewer bits a value, or only that part on the card which is at work
    lora               the LoRAs of a model in memory
    lora_config        their tables in the catalogue
    lora_files         a file → what it adds to which layer
    guides             the networks of a model by which it follows pictures, in memory
    guide_config       their tables in the catalogue
    guide_files        a file → such a network
    tables             what such tables have in common with those of LoRAs
    one_file           a file of weights that the catalogue names, from a folder or the Hub
    beside             LoRAs and guides are tried before people are offered them
    model_cache        which pipelines are held, and which goes first
    warm_up            a model's first pictures, which tell what it can do
    device             which device, which number format, how many at once
    drawing            all that is drawn now, in turns
    group              renders of one model and one size, drawn together by Easel's own loop (`worker.engine.step`)
    stepped            one of them: a request → its pictures
    ladder             as much at once as memory holds
    denoise            the same by the model's own pipeline, where the loop does not know it
    from_picture       the stock pipeline that draws from a picture
    parts              pictures that are drawn part by part: windows beyond their edges, or
    figures            several things, one by one
    arranged           things put into one picture;     spots      where each of them goes;   spot   such a place
    pair               two groups that stand to each other somehow:
    riding             where who rides is on what is ridden;   within   who is in something, behind its rim
    held               what somebody holds, eats, reads, plays;   limbs  legs and arms of what has none
    worn               where hats, glasses, scarves and marks are on who has them;   between    what is between two
    headed             another head on a person;   head_finder   where its own is;   bust   the head of one drawn so far
    shut_eyes          of who sleeps
    facing             which way round a picture is that is varied
    cutout             a thing without what is behind it;   paint    in another colour;   blend   in several at once
    features           a face without its skin;    faced      that on a thing which has no face
    cells              shapes of cells;            inscribed  circles in them
    inpaint            a part of a picture: its mask, and the pixels that are kept
    call_arguments     a request → what such a pipeline is called with
    prompt_end         how far a model reads a prompt
    safeguards         what a model's own code may do, in words
    render             what both keep of a render: pictures, previews, blank ones
    at_once            how many rows of a call, how many pictures decoded at once
    pace               the CPU runs one step ahead of a GPU, and no more
    schedulers         samplers by the names that people choose
    preview            latents → a small picture
    upscale/           a picture → a larger one
"""

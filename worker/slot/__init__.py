"""Slots: RQ workers that claim jobs and have the engine draw them. No torch here.

Where to look:
    main         one slot: its settings, its start, its end
    queue        ClaimQueue: where RQ gets its next job from
    engine_turn  has the engine a free place, and is it ours to fill?
    rq_worker    what each of RQ's workers does of its own
    stopping     when it may be stopped
    rq_job       the only function that RQ may call
    several      a slot that makes several attempts in one process, without RQ
    attempt      what one try at a job does
    drawn        what has come from the engine
    cancel_hints hears at once that a job was cancelled
    source       fetches the picture to upscale
    client       the engine's client
"""

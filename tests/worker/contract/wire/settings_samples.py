"""What admins and the operator set, as `samples.py` has everything else. Values differ from every default."""

from worker.contract.types.operator_settings import OfServer, OperatorSettings
from worker.contract.types.server_settings import (
    Block,
    Change,
    ChannelSettings,
    Grant,
    Limits,
    ServerSettings,
    Together,
    UsedUp,
    Usual,
    Whose,
)

PERSON = 1234567890123456789
LIMITS = Limits(
    at_once=3, day_pictures=50, day_gpu_seconds=600, per_minute=10, pictures=4, steps=50, megapixels=1.5,
    upscale_megapixels=17.0, guidance_scale=12.0, models=("starter", "sdxl"), samplers=("euler",),
)  # fmt: skip
USUAL = Usual(model="sdxl", pictures=2, steps=30, guidance_scale=6.0, sampler="euler", width=1024, height=768)
SERVER = ServerSettings(
    each=LIMITS,
    together=Together(at_once=20, day_pictures=1000, day_gpu_seconds=9000, per_minute=60),
    used_up=UsedUp.LAST,
    usual=USUAL,
    roles={PERSON: Limits(at_once=10)},
    channels={77: ChannelSettings(limits=Limits(steps=20), usual=Usual(model="starter"), results_to=78)},
    results_to=79,
    buttons={"upscale": Whose.OWNER},
    blocked={5: Block(by=PERSON, at=1_700_000_000_000, why="“spam”")},
    grants={6: Grant(pictures=100, until=1_800_000_000_000)},
    paused="Back at 8.",
    log_channel=80,
)
CHANGE = Change(
    number=7, by=PERSON, by_name="Max", key="each.at_once", old=3, new=4, at=1_700_000_000_000, how="undo"
)  # fmt: skip
OPERATOR = OperatorSettings(
    servers={"11": OfServer(tier="gold", weight=2.5, blocked="Unpaid."), "dm": OfServer(weight=0.5)},
    blocked={5: Block(by=0, at=1_700_000_000_000, why="spam")},
    paused="Repairs until 8.",
)

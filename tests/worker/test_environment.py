"""What of an environment each role is told. Real processes are looked at in supervisor/ and in deploy/test_local.py."""

import pytest
from pydantic_settings import BaseSettings

from bot.settings import Settings as BotSettings
from worker.engine.settings import EngineSettings
from worker.environment import reduced, variables
from worker.settings import PosterSettings, Settings

NEEDED = """
    PATH HOME USER LANG LC_ALL TZ TMPDIR PYTHONPATH PYTHONUNBUFFERED VIRTUAL_ENV LD_LIBRARY_PATH LD_PRELOAD
    DYLD_LIBRARY_PATH XDG_CACHE_HOME SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE HTTPS_PROXY https_proxy no_proxy
    all_proxy EASEL_SUPERVISOR EASEL_FAILPOINTS EASEL_ENV_FILE_CHECKED
"""
OF_TORCH = """
    CUDA_VISIBLE_DEVICES CUDA_HOME CUDA_DEVICE_ORDER NVIDIA_VISIBLE_DEVICES HIP_VISIBLE_DEVICES ROCR_VISIBLE_DEVICES
    HSA_OVERRIDE_GFX_VERSION MIOPEN_FIND_MODE OMP_NUM_THREADS MKL_NUM_THREADS KMP_AFFINITY OPENBLAS_NUM_THREADS
    PYTORCH_CUDA_ALLOC_CONF PYTORCH_ENABLE_MPS_FALLBACK TORCH_HOME TORCHINDUCTOR_CACHE_DIR TRITON_CACHE_DIR CC CXX
    HF_HOME HF_TOKEN HF_HUB_OFFLINE HF_ENDPOINT HUGGING_FACE_HUB_TOKEN TRANSFORMERS_OFFLINE TOKENIZERS_PARALLELISM
"""
NOT_OURS = "AWS_SECRET_ACCESS_KEY GITHUB_TOKEN PGPASSWORD SSH_AUTH_SOCK OPENAI_API_KEY EASEL_SECRET EASEL_PATH"
KINDS: list[type[BaseSettings]] = [BotSettings, EngineSettings, Settings, PosterSettings]
NAMES = {*(NEEDED + OF_TORCH + NOT_OURS).split(), *(name for kind in KINDS for name in variables(kind))}
ENVIRONMENT = dict.fromkeys(NAMES, "x")


@pytest.mark.parametrize("kind", KINDS)
def test_a_role_gets_its_own_settings_and_what_all_programs_need(kind):
    assert set(reduced(ENVIRONMENT, kind)) == variables(kind) | set(NEEDED.split())


def test_the_engine_gets_what_steers_torch_besides():
    bare, whole = reduced(ENVIRONMENT, EngineSettings), reduced(ENVIRONMENT, EngineSettings, torch=True)
    assert set(whole) - set(bare) == set(OF_TORCH.split())


@pytest.mark.parametrize(
    ("kind", "secrets"),
    [
        (BotSettings, {"DISCORD_TOKEN", "EASEL_REDIS_URL"}),
        (PosterSettings, {"DISCORD_TOKEN", "EASEL_REDIS_URL"}),
        (Settings, {"EASEL_REDIS_URL"}),
        (EngineSettings, set()),
    ],
)
def test_who_holds_which_secret(kind, secrets):
    assert set(reduced(ENVIRONMENT, kind, torch=True)) & {"DISCORD_TOKEN", "EASEL_REDIS_URL"} == secrets


def test_settings_count_in_any_case_as_pydantic_reads_them():
    assert reduced({"easel_device": "cpu", "easel_redis_url": "x"}, EngineSettings) == {"easel_device": "cpu"}

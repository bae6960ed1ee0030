"""Which environment variables a process that we start gets: those that it has a use for, and no others.

A variable of ours reaches a process whose settings know it. So the engine gets neither Redis's address nor the bot's
token, and a slot no token, whatever the environment around them holds. What is not ours passes by name, from the lists
below: what programs in general need, and, for the engine alone, what steers torch, its drivers and the Hub's client.
"""

import re
from collections.abc import Mapping

from pydantic_settings import BaseSettings

from worker.contract.setting_files import END

# Names, or their beginnings where a star ends them; in either case of letters.
_EVERYBODY = """
    PATH HOME USER LOGNAME SHELL PWD HOSTNAME TMPDIR TMP TEMP TZ TZDIR LANG LANGUAGE LC_* TERM COLUMNS LINES NO_COLOR
    PYTHON* VIRTUAL_ENV LD_* DYLD_* MALLOC_* MIMALLOC_* JEMALLOC_* GLIBC_TUNABLES XDG_* COVERAGE_* FAKETIME*
    SSL_CERT_* SSLKEYLOGFILE REQUESTS_CA_BUNDLE CURL_CA_BUNDLE HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY
    EASEL_SUPERVISOR EASEL_FAILPOINTS EASEL_ENV_FILE_CHECKED
"""
_TORCH = """
    CUDA* CU_* CUBLAS* CUDNN* CUFFT* NVIDIA_* NCCL_* NVTE_* CUTLASS_* PTXAS_*
    HIP* ROCR_* ROCM* ROCBLAS_* HIPBLAS* HSA_* AMD_* AMDGPU_* MIOPEN_* GPU_* RCCL_* ROCTX_* AOTRITON_*
    ONEAPI* ZE_* ZES_* SYCL_* UR_* IPEX_* MTL_* METAL_* ASCEND_* XLA_* PJRT_*
    OMP_* KMP_* GOMP_* MKL_* ONEDNN_* DNNL_* OPENBLAS_* BLIS_* VECLIB_* NUMEXPR_* TBB_* ATEN_* C10_*
    PYTORCH_* TORCH* TRITON_* INDUCTOR_* DYNAMO_* AOT_* XFORMERS_* FLASH_ATTENTION_* CC CXX CPATH CFLAGS CXXFLAGS
    C_INCLUDE_PATH CPLUS_INCLUDE_PATH LIBRARY_PATH
    HF_* HUGGINGFACE_* HUGGING_FACE_* TRANSFORMERS_* DIFFUSERS_* ACCELERATE_* SAFETENSORS_* TOKENIZERS_* RUST_* RAYON_*
"""


def _pattern(names: str) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(name).replace(r"\*", ".*") for name in names.split()), re.IGNORECASE)


EVERYBODY, TORCH = _pattern(_EVERYBODY), _pattern(_TORCH)


def variables(kind: type[BaseSettings]) -> set[str]:
    """The environment variables that a settings class reads, in capitals, and those that name files of theirs."""
    prefix = kind.model_config.get("env_prefix", "")
    names = {str(field.validation_alias or f"{prefix}{name}").upper() for name, field in kind.model_fields.items()}
    return names | {name + END for name in names}


def reduced(environment: Mapping[str, str], *kinds: type[BaseSettings], torch: bool = False) -> dict[str, str]:
    """What of an environment a process may have.

    Args:
        environment: to choose from.
        kinds: the settings that the process reads, or that processes which it starts read.
        torch: does it draw, or start what draws?
    """
    known = set[str]().union(*map(variables, kinds))
    lists = (EVERYBODY, TORCH) if torch else (EVERYBODY,)
    return {
        name: value
        for name, value in environment.items()
        if name.upper() in known or any(names.fullmatch(name) for names in lists)
    }

# A worker: engine, slots, poster. `docker build -f deploy/docker/worker.Dockerfile -t easel-worker .` at the top of the
# checkout. PyPI's torch draws on NVIDIA cards and on the CPU; the driver comes from the host.
FROM python:3.13.9-slim-trixie AS build
WORKDIR /src
COPY deploy/docker/worker.lock .
RUN python -m venv /opt/easel \
    && /opt/easel/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r worker.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY bot bot
COPY worker worker
COPY deploy deploy
RUN pip wheel --no-cache-dir --no-deps -w /wheels . \
    && /opt/easel/bin/pip install --no-cache-dir --no-deps /wheels/*.whl

FROM python:3.13.9-slim-trixie
RUN useradd --uid 1000 --create-home --home-dir /data easel && mkdir /cache && chown easel: /cache
COPY --from=build /opt/easel /opt/easel
ENV PATH=/opt/easel/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HF_HOME=/cache/huggingface
USER easel
WORKDIR /data
VOLUME /data /cache
STOPSIGNAL SIGTERM
ENTRYPOINT ["easel"]
CMD ["worker"]

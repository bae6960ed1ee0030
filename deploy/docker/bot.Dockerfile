# The bot, without torch: `docker build -f deploy/docker/bot.Dockerfile -t easel-bot .` at the top of the checkout.
FROM python:3.13.9-slim-trixie AS build
WORKDIR /src
COPY deploy/docker/bot.lock .
RUN python -m venv /opt/easel \
    && /opt/easel/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r bot.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY bot bot
COPY worker worker
COPY deploy deploy
# Of the weights, which the bot has no use for, nothing comes along.
RUN rm -rf worker/starter/weights worker/starter/*.safetensors worker/starter/card \
    && pip wheel --no-cache-dir --no-deps -w /wheels . \
    && /opt/easel/bin/pip install --no-cache-dir --no-deps /wheels/*.whl

FROM python:3.13.9-slim-trixie
RUN useradd --uid 1000 --create-home --home-dir /data easel
COPY --from=build /opt/easel /opt/easel
ENV PATH=/opt/easel/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER easel
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
ENTRYPOINT ["easel"]
CMD ["bot"]

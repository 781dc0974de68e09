FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# Pillow loads it to shape right-to-left and joined letters in pictures.
RUN apt-get update && apt-get install --yes --no-install-recommends libfribidi0 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements/run.lock requirements/run.lock
RUN pip install --no-cache-dir --require-hashes --no-deps -r requirements/run.lock
COPY bot bot
COPY cogs cogs
COPY content content
RUN useradd --create-home coderounds && mkdir var && chown coderounds var
USER coderounds
VOLUME /app/var
ENV HEALTH_HOST=0.0.0.0 HEALTH_PORT=8080 LOG_FORMAT=json
HEALTHCHECK --interval=30s --start-period=30s CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/live', timeout=5)"]
# The exec form: SIGTERM reaches the bot itself, which then finishes what it holds.
CMD ["python", "-m", "bot", "run"]

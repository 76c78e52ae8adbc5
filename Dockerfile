# One image for the web process and the worker.
FROM python:3.13-slim

RUN useradd --create-home catering
WORKDIR /home/catering/app
COPY requirements.lock ./
RUN python -m pip install --no-cache-dir --requirement requirements.lock
COPY --chown=catering . .
RUN python -m pip install --no-cache-dir --no-deps --editable .
USER catering
ENTRYPOINT ["catering"]
CMD ["serve"]

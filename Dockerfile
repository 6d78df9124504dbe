# executor without a server: it connects to one. docs/container.md says how to run it.
ARG PYTHON=python:3.13-slim

FROM ${PYTHON} AS build
# extras, such as [notify]
ARG EXTRAS=""
# what executor --version says of it; .git is not here
ARG COMMIT=""
WORKDIR /src
COPY pyproject.toml hatch_build.py README.md LICENSE schema.json ./
COPY executor executor
COPY sql sql
COPY plans plans
RUN if [ -n "$COMMIT" ]; then printf '%.12s\n' "$COMMIT" > executor/commit.txt; fi \
 && python -m venv /opt/executor \
 && /opt/executor/bin/pip install --no-cache-dir --disable-pip-version-check ".${EXTRAS}"

FROM ${PYTHON}
LABEL org.opencontainers.image.title="executor" \
      org.opencontainers.image.description="Declarative SQL plans for PostgreSQL" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/executor /opt/executor
# /plans and /sql are for plans and templates of yours; nobody but root can write to them, or to anything else
RUN useradd --uid 65532 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin executor \
 && install -d -m 0755 /plans /sql
ENV PATH=/opt/executor/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
USER 65532:65532
WORKDIR /
ENTRYPOINT ["executor"]
CMD ["--help"]

# The gateway alone; its database is another container (see docker-compose.yml), or any PostgreSQL 13 or newer.

FROM rust:1-slim-bookworm AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends build-essential libpq-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --locked --release --bin school-gateway \
    && cp target/release/school-gateway /usr/local/bin/school-gateway

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates curl libpq5 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/school-gateway --create-home school-gateway
COPY --from=build /usr/local/bin/school-gateway /usr/local/bin/school-gateway
COPY LICENSE /usr/share/doc/school-gateway/LICENSE
USER 10001
WORKDIR /var/lib/school-gateway
ENV SCHOOL_GATEWAY_LISTEN=0.0.0.0:8080 SCHOOL_GATEWAY_LOG_FORMAT=json
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1:8080/health/ready"]
ENTRYPOINT ["school-gateway"]
CMD ["serve"]

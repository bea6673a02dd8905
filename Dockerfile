# syntax=docker/dockerfile:1
# Two stages: one that builds, one that holds nothing but the program, certificates' roots being built into it.
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends build-essential && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY src ./src
COPY benches ./benches
COPY tests ./tests
COPY feeds.toml ./
RUN cargo build --release --locked --bin kliping \
    && mkdir -p /out/data && cp target/release/kliping /out/

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /out/kliping /usr/local/bin/kliping
# An empty directory with the right owner: a volume that is mounted there takes both over.
COPY --from=build --chown=nonroot:nonroot /out/data /data
COPY feeds.toml /etc/kliping/feeds.toml
# glibc keeps what many threads free in as many heaps: two of them halve the memory after everything was labelled anew.
ENV MALLOC_ARENA_MAX=2 \
    KLIPING_CONFIG=/etc/kliping/feeds.toml \
    KLIPING_STORE_PATH=/data \
    KLIPING_LISTEN=0.0.0.0:8080
VOLUME /data
EXPOSE 8080
USER nonroot
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["/usr/local/bin/kliping", "health"]
ENTRYPOINT ["/usr/local/bin/kliping"]
CMD ["run"]

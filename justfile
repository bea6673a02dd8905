# The one recipe: what must pass before anything is merged. `.ci/run` calls it too.
ci: format lint docs test licences

# Formatting is not discussed.
format:
    cargo fmt --check

lint:
    cargo clippy --locked --all-targets -- -D warnings

docs:
    RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps

test:
    cargo test --locked

# Which licences and sources dependencies may have: deny.toml. (Advisories need a network that a build machine may lack:
# run `cargo deny check advisories` by hand.)
licences:
    cargo deny --locked check bans licenses sources

# Figures of the stages and of whole cycles; see benches/README.md.
bench:
    cargo bench --locked

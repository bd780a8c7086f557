# shellcheck shell=sh disable=SC1091,SC2012
# Sourced by the scripts: checks what building and running need, and installs what is missing where it can.

RUST_VERSION=1.89

HOME=${HOME:-/root}

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif has sudo; then sudo "$@"; else return 1; fi
}

# install_missing WHAT DEBIAN-PACKAGES BREW-PACKAGES: installs, or says what to install.
install_missing() {
    say "Missing: $1."
    if has apt-get; then
        say "Installing $2 with apt-get."
        as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q >&2 || true
        # shellcheck disable=SC2086 # several packages
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $2 >&2 && return
    elif has brew; then
        say "Installing $3 with brew."
        # shellcheck disable=SC2086
        brew install $3 >&2 && return
    fi
    fail "Please install $1 (Debian and Ubuntu: $2; macOS: $3), then run this again."
}

# The folder of PostgreSQL's server programs, newest version first.
postgres_folder() {
    if has postgres && has initdb; then dirname "$(command -v postgres)"; return; fi
    for folder in $(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin \
        /home/linuxbrew/.linuxbrew/opt/postgresql@*/bin 2>/dev/null | sort -rV); do
        if [ -x "$folder/postgres" ] && [ -x "$folder/initdb" ]; then printf '%s\n' "$folder"; return; fi
    done
    return 1
}

needs_rust() {
    [ -f "$HOME/.cargo/env" ] && . "$HOME/.cargo/env"
    if ! has cargo; then
        say "Missing: Rust. Installing it with its own installer, rustup."
        has curl || install_missing "curl" "curl ca-certificates" "curl"
        curl --proto '=https' --tlsv1.2 -fsS https://sh.rustup.rs | sh -s -- -y --profile minimal >&2 ||
            fail "Please install Rust $RUST_VERSION or newer (https://rustup.rs), then run this again."
        . "$HOME/.cargo/env"
    fi
    version=$(cargo --version | cut -d' ' -f2)
    oldest=$(printf '%s\n%s\n' "$RUST_VERSION" "$version" | sort -V | head -n1)
    [ "$oldest" = "$RUST_VERSION" ] || fail "Rust $RUST_VERSION or newer is needed, this is $version: run 'rustup update stable', then run this again."
}

# rustfmt and clippy, for the tests.
needs_rust_tools() {
    for tool in fmt clippy; do
        cargo "$tool" --version >/dev/null 2>&1 && continue
        component=$([ "$tool" = fmt ] && echo rustfmt || echo clippy)
        { has rustup && rustup component add "$component" >&2; } || fail "Please install cargo $tool (rustup component add $component), then run this again."
    done
}

needs_libraries() {
    has cc || install_missing "a C compiler" "build-essential" "gcc"
    has pkg-config || install_missing "pkg-config" "pkg-config" "pkgconf"
    has_libpq || install_missing "PostgreSQL's client library" "libpq-dev" "libpq"
    if ! pkg-config --exists libpq && has brew; then
        PKG_CONFIG_PATH="$(brew --prefix libpq)/lib/pkgconfig:${PKG_CONFIG_PATH:-}"
        export PKG_CONFIG_PATH
    fi
}

has_libpq() {
    pkg-config --exists libpq 2>/dev/null || { has pg_config && ls "$(pg_config --libdir 2>/dev/null)"/libpq.* >/dev/null 2>&1; }
}

needs_postgres() {
    postgres_folder >/dev/null || install_missing "PostgreSQL" "postgresql" "postgresql@17"
    postgres_folder >/dev/null || fail "PostgreSQL was installed, but its programs initdb and postgres are not found: put their folder on the PATH."
}

needs_to_build() {
    needs_libraries
    needs_rust
    needs_postgres
}

# shellcheck shell=sh
# Sourced by the checks that need a running gateway: builds it, runs it on a private database in a folder that is
# thrown away, and makes clients.

# start_gateway [ARGUMENT…]: sets `program`, `url` and `folder`; the gateway and the folder go with the script.
start_gateway() {
    needs_to_build
    cargo build --locked --quiet --bin school-gateway
    program="${CARGO_TARGET_DIR:-target}/debug/school-gateway"
    folder=$(mktemp -d "${TMPDIR:-/tmp}/school-gateway-check.XXXXXX")
    trap stop_gateway EXIT
    trap 'exit 130' INT TERM HUP
    : >"$folder/address"
    "$program" serve --listen 127.0.0.1:0 --data-dir "$folder/data" "$@" >"$folder/address" 2>"$folder/log" &
    gateway=$!
    for _ in $(seq 240); do
        url=$(sed -n 's/^School Gateway listens on //p' "$folder/address")
        [ -z "$url" ] || return 0
        kill -0 "$gateway" 2>/dev/null || break
        sleep 0.5
    done
    cat "$folder/log" >&2
    fail "The gateway did not start; its log stands above."
}

stop_gateway() {
    kill -TERM "$gateway" 2>/dev/null || true
    wait "$gateway" 2>/dev/null || true
    rm -rf "$folder"
}

# make_client NAME KIND [GRANT…]: sets `id` and `secret`.
make_client() {
    name=$1 kind=$2
    shift 2
    made=$("$program" client create --data-dir "$folder/data" --name "$name" --kind "$kind" "$@")
    id=$(printf '%s' "$made" | sed -n 's/.*"clientId":"\([^"]*\)".*/\1/p')
    secret=$(printf '%s' "$made" | sed -n 's/.*"clientSecret":"\([^"]*\)".*/\1/p')
    [ -n "$id" ] && [ -n "$secret" ] || fail "“client create” did not answer with an id and a secret."
}

# shellcheck shell=sh
# Sourced by the checks that use tools of PyPI: they are installed below the target folder, each set once, and a check
# that cannot have its tool is skipped.

skip() { say "-- Skipped: $1"; }

tools="${CARGO_TARGET_DIR:-target}/tools"
mkdir -p "$tools"
tools=$(cd "$tools" && pwd)

# python_tool FOLDER PACKAGES NAME: installs packages of PyPI in $tools/FOLDER. False, with a sentence, when they cannot
# be had.
python_tool() {
    has python3 || { skip "$3 needs python3, which is not installed."; return 1; }
    [ "$(cat "$tools/$1/.installed" 2>/dev/null)" = "$2" ] && return
    rm -rf "${tools:?}/$1"
    mkdir -p "$tools/$1"
    # shellcheck disable=SC2086 # several packages
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --target "$tools/$1" $2 \
        >"$tools/$1.log" 2>&1 ||
        { cat "$tools/$1.log" >&2; skip "$3 could not be installed (no pip, or PyPI is out of reach)."; return 1; }
    printf '%s' "$2" >"$tools/$1/.installed"
}

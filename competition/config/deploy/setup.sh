#!/bin/sh
# Everything the portal needs on a bare Debian 12 machine: system packages, a virtual environment,
# front-end packages. Run by make; what is there already is not touched.
#   setup.sh demo   what serving needs
#   setup.sh test   also what linting and testing need
set -eu
cd "$(dirname "$0")/../../.."
purpose=${1:-demo}
venv=.venv

say() { printf '%s\n' "$*" >&2; }
hash_of() { sha256sum "$1" | cut -c1-16; }

# --- Debian packages ------------------------------------------------------------------------------
wanted="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"
[ "$purpose" = test ] && wanted="$wanted chromium poppler-utils nginx-light clamav-daemon"

install_packages() {
    apt="env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends"
    if [ "$(id -u)" = 0 ]; then
        root=""
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        root="sudo -n"
    else
        return 1
    fi
    # shellcheck disable=SC2086 # word lists
    $root $apt $* >/dev/null 2>&1 || { $root apt-get update -qq && $root $apt $* >/dev/null; }
}

if command -v dpkg-query >/dev/null; then
    missing=""
    for package in $wanted; do
        state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
        # A full nginx does what the light one does.
        [ "$package" = nginx-light ] && [ -x /usr/sbin/nginx ] && state=installed
        [ "$state" = installed ] || missing="$missing $package"
    done
    if [ -n "$missing" ]; then
        say "Installing Debian packages:$missing"
        if ! install_packages "$missing"; then
            say "They could not be installed from here. Please run this line, then try again:"
            say "    sudo apt-get update && sudo apt-get install -y --no-install-recommends$missing"
            [ "$purpose" = test ] && exit 1
            say "Going on without them: PDF documents will not work until then."
        fi
    fi
else
    say "This is not Debian. Make sure that the like of these is installed: $wanted"
fi

# --- Python ---------------------------------------------------------------------------------------
usable() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null; }

if ! usable "$venv/bin/python"; then
    python=""
    for candidate in "${PYTHON:-python3}" python3.12 python3.11; do
        if usable "$candidate"; then python=$candidate; break; fi
    done
    if [ -z "$python" ]; then
        say "Python 3.11 or 3.12 is needed. On Debian 12:  sudo apt-get install -y python3 python3-venv"
        exit 1
    fi
    "$python" -c 'import ensurepip' 2>/dev/null || install_packages python3-venv || {
        say "Please run this line, then try again:  sudo apt-get install -y python3-venv"
        exit 1
    }
    rm -rf "$venv"
    "$python" -m venv "$venv"
fi

# pip_install LOCK: install exactly what the lock names, unless that was done already.
pip_install() {
    stamp="$venv/.done-$(basename "$1")-$(hash_of "$1")"
    if [ ! -e "$stamp" ]; then
        say "Installing Python packages of $1"
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$1"
        rm -f "$venv/.done-$(basename "$1")"-*
        touch "$stamp"
    fi
}

# dev.lock holds everything that base.lock holds.
if [ "$purpose" = test ] || [ -e "$venv/.done-dev.lock-$(hash_of requirements/dev.lock)" ]; then
    pip_install requirements/dev.lock
else
    pip_install requirements/base.lock
fi

# --- front-end packages ---------------------------------------------------------------------------
front_end="static/vendor/node_modules/.done-$(hash_of static/vendor/package-lock.json)"
if [ ! -e "$front_end" ]; then
    if ! { node --version && npm --version; } >/dev/null 2>&1; then
        pip_install requirements/node.lock
        PATH="$PWD/$venv/bin:$PATH"
    fi
    say "Installing front-end packages"
    (cd static/vendor && npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >/dev/null)
    touch "$front_end"
fi

#!/bin/sh
# Installs Liaison as a service of systemd, or takes it away again. As root; twice is as good as once.
#
#   deploy/systemd/install.sh [--binary FILE]   installs or upgrades; the default is target/release/liaison
#   deploy/systemd/install.sh --uninstall       removes what was installed; configuration, data and user stay
#
# Nothing in /etc/liaison that is there is ever overwritten, and nothing is started that did not run before.
# DESTDIR=/somewhere installs below that folder and touches neither users nor systemd: for packages, images and tests.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
dest=${DESTDIR:-}

bin=$dest/usr/local/bin/liaison
sbin=$dest/usr/local/sbin/liaison-admin
lib=$dest/usr/local/lib/liaison
share=$dest/usr/local/share/liaison
units=$dest/etc/systemd/system
etc=$dest/etc/liaison
data=$dest/var/lib/liaison

say() { echo "install.sh: $*"; }
fail() { echo "install.sh: $*" >&2; exit 1; }
usage() { sed -n '4,5s/^# *//p' "$0" >&2; exit 2; }

on_this_machine() { [ -z "$dest" ]; }
systemd_runs() { on_this_machine && [ -d /run/systemd/system ]; }

# A file of ours with its paths those of this way of installing; the Debian package takes it as it is.
local_paths() {
  sed -e 's|/usr/bin/liaison|/usr/local/bin/liaison|g' -e 's|/usr/lib/liaison|/usr/local/lib/liaison|g' \
    -e 's|/usr/share/doc/liaison|/usr/local/share/liaison|g' "$1"
}

# put MODE TARGET: standard input becomes TARGET, whole or not at all.
put() {
  mkdir -p "$(dirname "$2")"
  cat >"$2.new"
  chmod "$1" "$2.new"
  mv -f "$2.new" "$2"
}

make_user() {
  on_this_machine || return 0
  id liaison >/dev/null 2>&1 && return 0
  useradd --system --user-group --home-dir /var/lib/liaison --no-create-home --shell /usr/sbin/nologin \
    --comment "Liaison" liaison
  say "made the user liaison"
}

# own OWNER FILE…
own() {
  on_this_machine || return 0
  chown "$@"
}

folders() {
  mkdir -p "$etc/credentials" "$data"
  own root:liaison "$etc"
  own root:root "$etc/credentials"
  own liaison:liaison "$data"
  chmod 0750 "$etc"
  chmod 0700 "$etc/credentials" "$data"
}

# The first configuration, file by file, where there is none.
first_configuration() {
  for file in liaison directory policy; do
    target=$etc/$file.toml
    if [ -e "$target" ]; then
      say "kept $target"
      continue
    fi
    "$here/first-config" "$file" "$project/config" | put 0640 "$target"
    own root:liaison "$target"
    say "wrote $target"
  done
}

install_all() {
  [ -x "$binary" ] || fail "there is no program $binary: cargo build --release, or --binary FILE"
  make_user
  put 0755 "$bin" <"$binary"
  local_paths "$here/liaison-admin" | put 0755 "$sbin"
  local_paths "$here/heartbeat" | put 0755 "$lib/heartbeat"
  put 0644 "$share/operations.md" <"$project/docs/operations.md"
  for unit in liaison.service liaison-heartbeat.service liaison-heartbeat.timer; do
    local_paths "$here/$unit" | put 0644 "$units/$unit"
  done
  folders
  first_configuration
  say "installed $bin"
  if systemd_runs; then
    systemctl daemon-reload
    # An upgrade: what ran goes on with the new program.
    systemctl try-restart liaison.service
  fi
  cat <<'NEXT'

next:
  edit /etc/liaison/*.toml              # who is in the company, which messenger
  systemctl enable --now liaison
  liaison-admin doctor
NEXT
}

uninstall() {
  if systemd_runs; then
    systemctl disable --now liaison-heartbeat.timer liaison.service 2>/dev/null || true
  fi
  rm -f "$bin" "$sbin" "$lib/heartbeat" "$share/operations.md"
  for unit in liaison.service liaison-heartbeat.service liaison-heartbeat.timer; do
    rm -f "$units/$unit"
  done
  rmdir "$lib" "$share" 2>/dev/null || true
  if systemd_runs; then
    systemctl daemon-reload
  fi
  say "removed; $etc, $data and the user liaison stay"
}

binary=$project/target/release/liaison
act=install_all
while [ $# -gt 0 ]; do
  case $1 in
    --binary) [ $# -ge 2 ] || usage; binary=$2; shift ;;
    --uninstall) act=uninstall ;;
    *) usage ;;
  esac
  shift
done
if on_this_machine && [ "$(id -u)" -ne 0 ]; then
  fail "as root, please"
fi
$act

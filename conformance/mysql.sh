#!/bin/sh
# Runs the lesson tests on MySQL 8.0: make test-mysql
#
# Debian has no MySQL, so this takes Ubuntu's into a folder of its own and starts it on
# a free port, for as long as the tests take. As root, on Debian or Ubuntu.
set -eu

folder=${1:-${CARGO_TARGET_DIR:-target}/mysql}
mirror=${UBUNTU_MIRROR:-http://archive.ubuntu.com/ubuntu}
# Debian has no keyring of Ubuntu's: the list of all packages, which does not change
# after a release, is known by its digest.
digest=cdb2f31d809f589719a53c6ad15f255b27569c4059542ada282aaa21b8e164b0

[ "$(id -u)" = 0 ] || { echo 'run it as root: the server lives in a chroot' >&2; exit 1; }
if ! command -v debootstrap >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y debootstrap >/dev/null
fi
unavailable() {
    echo "cannot get MySQL from $mirror; UBUNTU_MIRROR names another" >&2
    exit 75
}
if [ ! -x "$folder/usr/sbin/mysqld" ]; then
    echo "MySQL 8.0 of Ubuntu 24.04 into $folder"
    rm -rf "$folder"
    mkdir -p "$folder"
    curl -sSf "$mirror/dists/noble/InRelease" -o "$folder.release" || unavailable
    echo "$digest  $folder.release" | sha256sum -c --quiet || unavailable
    # Its script for all Ubuntus since 7.10; Debian's package does not name the newer ones.
    if ! debootstrap --variant=minbase --no-check-gpg --include=mysql-server-core-8.0 \
        noble "$folder" "$mirror" /usr/share/debootstrap/scripts/gutsy >"$folder.log" 2>&1; then
        tail -n 5 "$folder.log" >&2
        rm -rf "$folder"
        unavailable
    fi
    chroot "$folder" useradd -r mysql
fi

rm -rf "$folder/data" "$folder/run/m"
mkdir -p "$folder/data" "$folder/run/m"
chroot "$folder" chown mysql /data /run/m
mysqld() { chroot "$folder" mysqld --no-defaults --user=mysql --datadir=/data --secure-file-priv= "$@"; }
mysqld --initialize-insecure >"$folder.log" 2>&1
cat >"$folder/init.sql" <<SQL
CREATE USER punctual@'%' IDENTIFIED BY 'punctual';
GRANT ALL ON *.* TO punctual@'%' WITH GRANT OPTION;
SQL
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mysqld --port="$port" --bind-address=127.0.0.1 --socket=/run/m/s --mysqlx=OFF --max-connections=500 \
    --innodb-flush-log-at-trx-commit=1 --init-file=/init.sql >>"$folder.log" 2>&1 &
trap 'kill $(cat "$folder"/data/*.pid) 2>/dev/null; wait' EXIT INT TERM
until grep -q 'ready for connections.*port: '"$port" "$folder.log"; do
    kill -0 $! 2>/dev/null || { tail -n 5 "$folder.log" >&2; exit 1; }
    sleep 0.2
done
echo "on $(grep -o 'Version: [^ ]*' "$folder.log" | tail -n 1)"
# The whole workspace's features, so that nothing is built twice.
PUNCTUAL_TEST_MYSQL=127.0.0.1:$port cargo test --workspace --test contract --test publish --test lesson_chaos --test watching

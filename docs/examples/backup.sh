#!/bin/sh
# Back up an installation: backup.sh FOLDER. Reads the CLAUSEBANK_ settings of the environment.
# Database first, files second: a file written in between is at most an orphan of the copy.
set -eu
to=$1
home=${CLAUSEBANK_HOME:-.clausebank}
files=${CLAUSEBANK_GENERATED:-generated}/contracts
mkdir -p "$to"

case ${CLAUSEBANK_DATABASE_URL:-} in
    postgresql*) pg_dump --format=custom --file="$to/database.dump" "$CLAUSEBANK_DATABASE_URL" ;;
    *) python3 - "$home/clausebank.db" "$to/clausebank.db" <<'PYTHON' ;;
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as source, sqlite3.connect(sys.argv[2]) as target:
    source.backup(target)
PYTHON
esac

for kept in secret-key shells; do
    if [ -e "$home/$kept" ]; then cp -a "$home/$kept" "$to/"; fi
done
case ${CLAUSEBANK_STORAGE:-} in
    s3://*) echo "files are in $CLAUSEBANK_STORAGE: versioning and replication of the bucket keep them" ;;
    *) if [ -d "$files" ]; then mkdir -p "$to/contracts"; cp -au "$files/." "$to/contracts/"; fi ;;
esac

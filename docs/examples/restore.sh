#!/bin/sh
# Restore a backup into an empty installation: restore.sh FOLDER. Then the files and the trail are proved.
set -eu
from=$1
home=${CLAUSEBANK_HOME:-.clausebank}
files=${CLAUSEBANK_GENERATED:-generated}/contracts

if [ -e "$home/clausebank.db" ] || [ -e "$files" ]; then
    echo "there is an installation already: $home, $files" >&2
    exit 2
fi
mkdir -p "$home" "$files"
chmod 700 "$home"
case ${CLAUSEBANK_DATABASE_URL:-} in
    postgresql*) pg_restore --exit-on-error --no-owner --dbname="$CLAUSEBANK_DATABASE_URL" "$from/database.dump" ;;
    *) cp "$from/clausebank.db" "$home/clausebank.db" ;;
esac
for kept in secret-key shells; do
    if [ -e "$from/$kept" ]; then cp -a "$from/$kept" "$home/"; fi
done
if [ -d "$from/contracts" ]; then cp -a "$from/contracts/." "$files/"; fi

"${CLAUSEBANK:-clausebank}" storage check
"${CLAUSEBANK:-clausebank}" audit verify

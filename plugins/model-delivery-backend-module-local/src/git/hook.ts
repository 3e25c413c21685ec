/**
 * The hook of each repository. It leaves one file per push in the spool folder, complete or not
 * at all, in plain sh: a push must not need Node, nor a portal that is up.
 *
 * Lines: `ref <old> <new> <name>` and `option <text>`. The name begins with the time, so that
 * files sort in the order of pushes.
 */
export const POST_RECEIVE = `#!/bin/sh
# Tells Slipway about a push. Written when the portal starts; changes are lost.
set -eu
repository=$(basename "$(pwd -P)" .git)
spool=$(cd ../../spool && pwd -P)
name="$(date +%s)-$$-$repository"
temporary="$spool/.$name.tmp"
umask 077
{
  while read -r old new ref; do
    printf 'ref %s %s %s\\n' "$old" "$new" "$ref"
  done
  i=0
  while [ "$i" -lt "\${GIT_PUSH_OPTION_COUNT:-0}" ]; do
    eval "option=\\$GIT_PUSH_OPTION_$i"
    printf 'option %s\\n' "$option" | head -n 1
    i=$((i + 1))
  done
  printf 'repository %s\\n' "$repository"
} >"$temporary"
mv "$temporary" "$spool/$name.push"
`;

/**
 * Both hooks of each repository. They leave one file per push in the spool folder, complete or not
 * at all, in plain sh: a push must not need Node, nor a portal that is up.
 *
 * Before the push, as `pre-receive`, the file is written under a name that nobody reads, so that no
 * push is taken in of which no word could be left, such as on a full disk. After it, as
 * `post-receive`, what was really pushed is written in its place, which takes no more room.
 *
 * Lines: `ref <old> <new> <name>`, `option <text>` and, as the last that counts, `repository <name>`.
 * The name begins with the time, so that files sort in the order of pushes.
 */
export const HOOK = `#!/bin/sh
# Tells Slipway about a push. Written when the portal starts; changes are lost.
set -eu
repository=$(basename "$(pwd -P)" .git)
spool=$(cd ../../spool && pwd -P)
# Both hooks of a push have the same parent.
temporary="$spool/.$PPID-$repository.tmp"
umask 077
word=$(
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
)
if [ "$(basename "$0")" = pre-receive ]; then
  if ! { printf '%s\\n' "$word" >"$temporary"; } 2>/dev/null; then
    rm -f "$temporary"
    echo "Slipway cannot take this push in: $spool cannot be written. If its disk is full, make room and push again." >&2
    exit 1
  fi
else
  printf '%s\\n' "$word" 1<>"$temporary"
  mv "$temporary" "$spool/$(date +%s)-$$-$repository.push"
fi
`;

export const HOOK_NAMES = ['pre-receive', 'post-receive'];

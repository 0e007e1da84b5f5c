#!/usr/bin/env bash
# Reads what AVA printed (not a TTY, no colours) and prints three numbers: passed failed skipped.
# Hooks that failed, exceptions, rejections and tests that never ended count as failed; todos and known
# failures check nothing, so they count as skipped.
#
# usage: scripts/count-tests.sh FILE
set -eu
awk '
  { gsub(/\033\[[0-9;]*m/, ""); sub(/\r$/, "") }
  # AVA draws a line before its closing lines, and another one before them when it has shown failures.
  /^ *─ *$/ { closing = 1; stated = -1; failed = 0; skipped = 0; next }
  !closing && /^  (✔|√) / && !/\[expected fail\]/ { ticks++ }
  !closing || !/^  [0-9]+ / { next }
  /^  [0-9]+ tests? passed/ { stated = $1 }
  /^  [0-9]+ (tests?|hooks?) failed/ { failed += $1 }
  /^  [0-9]+ unhandled rejections?$/ { failed += $1 }
  /^  [0-9]+ uncaught exceptions?$/ { failed += $1 }
  /^  [0-9]+ tests? remained pending/ { failed += $1 }
  /^  [0-9]+ tests? (skipped|todo)$/ { skipped += $1 }
  /^  [0-9]+ known failures?$/ { skipped += $1 }
  # Beside failures AVA does not state how many passed; each has its own line.
  END { print (closing && stated >= 0 ? stated : ticks + 0), failed + 0, skipped + 0 }
' "${1:?usage: scripts/count-tests.sh FILE}"

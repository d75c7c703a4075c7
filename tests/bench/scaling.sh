#!/usr/bin/env bash
# How much faster a study is on two threads, and on two ranks of mpirun, than on one: the ratio of the rates, which should
# be 1.9 at least on two idle processors. Runs alternate, so that whatever else the machine does meets all of them; the
# median of the rounds counts. On a machine that has other things to do the clock says little: beside it stands what the
# processor time of both allows at most, which is 2 where dividing the work costs nothing.
#   scaling.sh PROGRAM [REPLICATIONS [ROUNDS]]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
program=$1 replications=${2:-60000} rounds=${3:-5}
study=scenarios/studies/what_recovery_costs.json
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1  # harmless to others
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT

measure() {  # measure NAME COMMAND...: nanoseconds of the wall clock, seconds of processors
  local name=$1 begin end TIMEFORMAT='%U %S'; shift
  begin=$(date +%s%N)
  { time "$@" study "$study" --replications "$replications" --format json --quiet \
      >"$folder/$name.json" 2>"$folder/$name.err"; } 2>"$folder/$name.time" || { cat "$folder/$name.err" >&2; exit 70; }
  end=$(date +%s%N)
  cmp "$folder/$name.json" "$folder/threads1.json" >&2 || exit 70
  echo $((end - begin)) >>"$folder/$name.wall"
  awk '{ print $1 + $2 }' "$folder/$name.time" >>"$folder/$name.cpu"
}
threads() { local count=$1; shift; "$program" "$@" --threads "$count"; }
ranks() { local count=$1; shift; mpirun --oversubscribe -n "$count" "$program" "$@" --threads 1; }
median() { sort -n "$folder/$1" | sed -n "$(((rounds + 1) / 2))p"; }
ratio() {  # ratio ONE TWO WHAT
  awk -v one="$(median "$1.wall")" -v two="$(median "$2.wall")" -v n="$replications" -v what="$3" \
      -v cpu_one="$(median "$1.cpu")" -v cpu_two="$(median "$2.cpu")" 'BEGIN {
    printf "%-8s %8.0f a second on one, %8.0f on two: %.2f times; by processor time %.2f\n", what, n * 1e9 / one,
           n * 1e9 / two, one / two, 2 * cpu_one / cpu_two }'
}

kinds=threads
command -v mpirun >/dev/null && kinds="threads ranks" || echo "scaling: no mpirun, so that ranks are left out" >&2
for ((round = 0; round < rounds; ++round)); do
  for kind in $kinds; do
    for count in 1 2; do measure "$kind$count" "$kind" "$count"; done
  done
done
echo "a study of $replications replications with a batch, median of $rounds rounds, processors: $(nproc), load: $(cut -d' ' -f1 /proc/loadavg)"
for kind in $kinds; do ratio "${kind}1" "${kind}2" "$kind"; done

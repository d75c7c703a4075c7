#!/bin/bash
# A study as a Slurm job array. Every task does one shard and writes it to a folder that all machines see:
#
#   sbatch --array=1-20 slurm.sh STUDY.json [option of rehearse study...]
#   rehearse merge STUDY.shards/*.json
#
# A task that loses its machine, is preempted or comes near its time limit is put back into the queue by Slurm or by this
# script, and goes on from its checkpoint. One that failed is run again by itself, with the number of all shards:
#
#   sbatch --array=7 --export=ALL,SHARDS=20 slurm.sh STUDY.json [the same options]
#
# Environment: REHEARSE, the program, where it is not in PATH; FOLDER, for the shards, where it is not STUDY.shards
# beside the study; SHARDS, where the array is not the whole of 1 to their number.
#SBATCH --job-name=rehearse
#SBATCH --cpus-per-task=1
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:USR1@60
set -uo pipefail

refuse() { echo "slurm.sh: $*" >&2; exit 64; }

[ $# -gt 0 ] || refuse "usage: sbatch --array=1-N slurm.sh STUDY.json [option of rehearse study...]"
study=$1; shift
task=${SLURM_ARRAY_TASK_ID:-}
[ -n "$task" ] || refuse "this is for job arrays: sbatch --array=1-N"
if [ -z "${SHARDS:-}" ]; then
  SHARDS=$SLURM_ARRAY_TASK_COUNT
  [ "$SLURM_ARRAY_TASK_MIN" = 1 ] && [ "$SLURM_ARRAY_TASK_MAX" = "$SHARDS" ] ||
    refuse "the array is not 1-N: say with SHARDS how many shards there are"
fi
folder=${FOLDER:-${study%.json}.shards}
mkdir -p "$folder" || exit 74

"${REHEARSE:-rehearse}" study "$study" --shard "$task/$SHARDS" --checkpoint "$folder/$task.sqlite" \
  --output "$folder/$task.json" --threads "${SLURM_CPUS_PER_TASK:-1}" --quiet "$@" &
program=$!

# Slurm's signal before the time limit: the program writes what it has, and the task comes again.
out_of_time=no again=yes
trap 'out_of_time=yes again=yes; kill -TERM "$program" 2>/dev/null' USR1
trap 'again=yes; kill -TERM "$program" 2>/dev/null' TERM INT
while [ "$again" = yes ]; do  # a signal ends `wait`, not the program
  again=no
  wait "$program"
  ended=$?
done
[ "$out_of_time" = yes ] && [ "$ended" = 130 ] && scontrol requeue "$SLURM_JOB_ID"
exit "$ended"

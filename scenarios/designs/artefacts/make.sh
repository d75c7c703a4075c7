#!/usr/bin/env bash
# Makes the certificates and settings files that the designs read: what Scale Out setup leaves on real machines (S 2, S 3).
# Certificates get new keys at every run and the keys are thrown away: the designs need names, dates and thumbprints only.
# SHA-1 with RSA 2048, as the documented commands create them (S 3).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# certificate FILE FORM FROM UNTIL NAME...: self-signed, one CN for each name, valid to the second.
# `openssl ca` is the one command of OpenSSL 3.0 that takes exact dates.
certificate() {
  local file=$1 form=$2 from=$3 until=$4 subject='' name
  shift 4
  for name in "$@"; do subject+="/CN=$name"; done
  rm -rf "$work/ca"; mkdir "$work/ca"; : > "$work/ca/index"
  cat > "$work/ca/config" <<CONFIG
[ca]
default_ca = own
[own]
database = $work/ca/index
new_certs_dir = $work/ca
rand_serial = yes
default_md = sha1
policy = any
x509_extensions = none
[any]
commonName = supplied
[none]
subjectKeyIdentifier = hash
[req]
distinguished_name = names
[names]
CONFIG
  openssl req -new -newkey rsa:2048 -nodes -sha1 -config "$work/ca/config" -subj "$subject" \
    -keyout "$work/ca/key" -out "$work/ca/request" 2>"$work/log" &&
  openssl ca -selfsign -batch -notext -preserveDN -config "$work/ca/config" -keyfile "$work/ca/key" -in "$work/ca/request" \
    -startdate "$from" -enddate "$until" -out "$work/ca/certificate" 2>>"$work/log" &&
  openssl x509 -in "$work/ca/certificate" -outform "$form" -out "$file" || { cat "$work/log" >&2; exit 1; }
}

thumbprint() {  # thumbprint FILE FORM
  openssl x509 -in "$1" -inform "$2" -noout -fingerprint -sha1 | sed 's/.*=//; s/://g'
}

master_settings() {  # master_settings FOLDER THUMBPRINT SQL_SERVER_NAME
  mkdir -p "$1"
  cat > "$1/MasterSettings.config" <<SETTINGS
{
  "PortNumber": 8391,
  "SSLCertThumbprint": "$2",
  "SqlServerName": "$3",
  "CleanupCompletedJobsIntervalInMs": 43200000,
  "DealWithExpiredTasksIntervalInMs": 300000,
  "MasterHeartbeatIntervalInMs": 30000,
  "SqlConnectionTimeoutInSecs": 15
}
SETTINGS
}

worker_settings() {  # worker_settings FOLDER ENDPOINT MASTER_THUMBPRINT WORKER_THUMBPRINT AGENT_ID
  mkdir -p "$1"
  cat > "$1/WorkerSettings.config" <<SETTINGS
{
  "DisplayName": "${1##*/}",
  "Description": "",
  "MasterEndpoint": "$2",
  "MasterHttpsCertThumbprint": "$3",
  "WorkerHttpsCertThumbprint": "$4",
  "StoreLocation": "LocalMachine",
  "StoreName": "My",
  "AgentHeartbeatInterval": "00:01:00",
  "TaskHeartbeatInterval": "00:00:10",
  "HeartbeatErrorTollerance": "00:10:00",
  "TaskRequestMaxCPU": 70.0,
  "TaskRequestMinMemory": 100.0,
  "MaxTaskCount": 10,
  "LeaseInternval": "00:01:00",
  "TasksRootFolder": "",
  "TaskLogLevel": 126,
  "TaskLogSegment": "00:00:00",
  "TaskLogEnabled": true,
  "ExecutionLogCacheFolder": "",
  "ExecutionLogMaxBufferLogCount": 10000,
  "ExecutionLogMaxInMemoryBufferCount": 10,
  "ExecutionLogRetryCount": 3,
  "ExecutionLogRetryTimeout": "7.00:00:00",
  "AgentId": "$5"
}
SETTINGS
}

# farm FOLDER ENDPOINT SQL_SERVER_NAME UNTIL NAME...: a master certificate with these names, and everybody's settings.
farm() {
  local folder=$1 endpoint=$2 server=$3 until=$4 node worker
  shift 4
  mkdir -p "$folder"
  certificate "$folder/SSISScaleOutMaster.cer" DER 20261101000000Z "$until" "$@"
  local master; master=$(thumbprint "$folder/SSISScaleOutMaster.cer" DER)
  local own; own=$(thumbprint SSISScaleOutWorker.cer PEM)
  for node in SQL1 SQL2; do master_settings "$folder/$node" "$master" "$server"; done
  for worker in 1 2 3; do
    worker_settings "$folder/WRK$worker" "$endpoint" "$master" "$own" "6a9f41d7-30c2-4e58-9b1d-7c2e5f8a000$worker"
  done
}

certificate SSISScaleOutWorker.cer PEM 20261101000000Z 20361101000000Z WRK1 WRK2 WRK3
farm joint https://SQLFCI:8391 SQLFCI 20361101000000Z SQLFCI SQL1 SQL2
farm separate https://SSISMASTER:8391 SQLFCI 20361101000000Z SSISMASTER
farm expiring https://SQLFCI:8391 SQLFCI 20270301020000Z SQLFCI SQL1 SQL2

#!/usr/bin/env bash
# Starts Ceph's S3 gateway on this machine, its data in memory, for the tests in this folder:
#   eval "$(test/server/ceph.sh start)"   prints the environment that the tests read
#   test/server/ceph.sh stop
# CEPH_FOLDER (default: a folder under the temporary one) and CEPH_PORT (default: 7480) may be set.
# Missing packages are installed, which needs root and Debian or Ubuntu.
set -euo pipefail

folder=${CEPH_FOLDER:-${TMPDIR:-/tmp}/earshot-ceph}
port=${CEPH_PORT:-7480}
monitor=127.0.0.1:16790
access_key=EARSHOTTEST
secret_key=earshot-test-secret

install_packages() {
  if command -v radosgw ceph-mon ceph-mgr ceph-osd uuidgen >/dev/null; then return; fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends radosgw ceph-mon ceph-mgr ceph-osd ceph-common uuid-runtime
}

write_configuration() {
  cat > "$folder/ceph.conf" <<CONF
[global]
fsid = $1
mon_host = $monitor
keyring = $folder/keyring
run_dir = $folder/run
admin_socket = $folder/run/\$name.asok
pid_file = $folder/run/\$name.pid
log_file = $folder/log/\$name.log
# One copy of everything, in memory: this cluster lives as long as the tests.
osd_objectstore = memstore
memstore_device_bytes = 2147483648
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 4
osd_pool_default_pgp_num = 4
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 2000
# A nearly full disk is no reason to stop.
mon_data_avail_crit = 1
[mon.a]
public_addr = $monitor
mon_data = $folder/mon
[mgr.m]
mgr_data = $folder/mgr
[osd.0]
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
osd_data = $folder/osd
CONF
}

make_keys() {
  ceph-authtool --create-keyring "$folder/keyring" --gen-key --name mon. --cap mon 'allow *'
  for client in client.admin mgr.m osd.0 client.gateway; do
    ceph-authtool "$folder/keyring" --gen-key --name "$client" --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
  done
}

start_cluster() {
  local conf=(--conf "$folder/ceph.conf")
  monmaptool --create --fsid "$1" --add a "$monitor" "$folder/monmap"
  ceph-mon "${conf[@]}" --id a --mkfs --monmap "$folder/monmap" --keyring "$folder/keyring"
  ceph-mon "${conf[@]}" --id a
  local osd
  osd=$(uuidgen)
  ceph "${conf[@]}" osd new "$osd" 0
  ceph-osd "${conf[@]}" --id 0 --mkfs --osd-uuid "$osd"
  ceph "${conf[@]}" osd crush add osd.0 1.0 root=default host=localhost
  ceph-osd "${conf[@]}" --id 0
  ceph-mgr "${conf[@]}" --id m
  timeout 120 radosgw-admin "${conf[@]}" user create --uid=tests --display-name=tests --access-key="$access_key" --secret-key="$secret_key"
  radosgw "${conf[@]}" --name client.gateway --rgw-frontends="beast endpoint=127.0.0.1:$port"
}

wait_for_gateway() {
  for _ in $(seq 120); do
    if curl --silent --output /dev/null "http://127.0.0.1:$port/"; then return; fi
    sleep 0.5
  done
  echo "The S3 gateway did not start; see $folder/log." >&2
  tail -n 20 "$folder/log/setup.log" >&2
  return 1
}

start() {
  install_packages >&2
  stop
  rm -rf "$folder"
  mkdir -p "$folder"/{run,log,mon,mgr,osd}
  local fsid
  fsid=$(uuidgen)
  write_configuration "$fsid"
  { make_keys; start_cluster "$fsid"; } > "$folder/log/setup.log" 2>&1 || { tail -n 20 "$folder/log/setup.log" >&2; return 1; }
  wait_for_gateway
  echo "export EARSHOT_TEST_S3=http://127.0.0.1:$port AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=$access_key AWS_SECRET_ACCESS_KEY=$secret_key"
}

stop() {
  for file in "$folder"/run/*.pid; do
    if [ -f "$file" ]; then kill "$(cat "$file")" 2>/dev/null || true; fi
  done
}

case ${1:-} in
  start) start ;;
  stop) stop ;;
  *) echo "usage: $0 start|stop" >&2; exit 2 ;;
esac

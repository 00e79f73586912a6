# Sourced by the scripts beside it: where things lie, and how they speak.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
version=$(awk '$1 == "k8s.io/kubernetes" && $2 ~ /^v/ { print $2; exit }' "$here/go.mod")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kloupe-testbed
bin=$cache/$version/bin
programs="etcd kubectl kube-apiserver kube-controller-manager kube-scheduler"
node_programs="kubelet kube-proxy"

say() { echo "testbed: $*" >&2; }
fail() { say "$*"; exit 1; }

# What a node needs and this machine lacks, one a line; nothing when a node can run.
node_gaps() {
  [ "$(id -u)" = 0 ] || echo "root (a node mounts, and makes network namespaces and cgroups)"
  local p f
  for p in containerd ctr ip nsenter iptables; do command -v "$p" >/dev/null 2>&1 || echo "the program $p"; done
  f=$(command -v busybox) || { echo "busybox (package busybox-static)"; return; }
  # A dynamic busybox would find no libc in an image that holds nothing else.
  ! ldd "$f" >/dev/null 2>&1 || echo "a static busybox (package busybox-static; $f is dynamic)"
  [ -x /usr/lib/cni/bridge ] || [ -x /opt/cni/bin/bridge ] || echo "the CNI plugins (package containernetworking-plugins)"
}

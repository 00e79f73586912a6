# Sourced by `up`: container runtime, kubelet and kube-proxy, and two images for pods. Pulls of any other image fail as they do in life.
mkdir -p "$run"/{kubelet,cni/conf,cni/bin,registries/_default}
cp -n /usr/lib/cni/* /opt/cni/bin/* "$run/cni/bin/" 2>/dev/null || true
cat >"$run/cni/conf/10-bridge.conflist" <<Y
{"cniVersion": "0.4.0", "name": "testbed", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": "10.244.0.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}], "dataDir": "$run/cni/ipam"}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
Y
cat >"$run/registries/_default/hosts.toml" <<Y
server = "http://127.0.0.1:5000"
[host."http://127.0.0.1:5000"]
  capabilities = ["pull", "resolve"]
Y
cat >"$run/containerd.toml" <<Y
version = 2
root = "$run/containerd/root"
state = "$run/containerd/state"
[grpc]
  address = "$run/containerd/sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "testbed.test/pause:1"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "$run/registries"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$run/cni/bin"
    conf_dir = "$run/cni/conf"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "$(grep -q overlay /proc/filesystems && echo overlayfs || echo native)"
Y
cat >"$run/kubelet.yaml" <<Y
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $run/pki/ca.crt}}
authorization: {mode: Webhook}
tlsCertFile: $run/pki/kubelet.crt
tlsPrivateKeyFile: $run/pki/kubelet.key
cgroupDriver: cgroupfs
cgroupRoot: /$space
failCgroupV1: false
failSwapOn: false
address: 0.0.0.0
clusterDNS: [10.96.0.10]
clusterDomain: cluster.local
containerRuntimeEndpoint: unix://$run/containerd/sock
podLogsDir: $run/pods
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: 50Mi}
enforceNodeAllocatable: []
Y
cat >"$run/proxy.yaml" <<Y
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: iptables
hostnameOverride: node-1
clientConnection: {kubeconfig: $run/proxy.kubeconfig}
clusterCIDR: 10.244.0.0/16
conntrack: {maxPerCore: 0, min: 0}
Y

# A kubelet kills the pods of another one below the same cgroup, so each cluster has one of its own.
if [ -d /sys/fs/cgroup/memory ]; then
  for c in /sys/fs/cgroup/*/; do
    [ -h "${c%/}" ] || [ "$c" = /sys/fs/cgroup/unified/ ] || mkdir -p "$c$space"
  done
  for f in cpuset.cpus cpuset.mems; do cat /sys/fs/cgroup/cpuset/$f >/sys/fs/cgroup/cpuset/$space/$f; done
else
  mkdir -p /sys/fs/cgroup/$space
  for c in cpuset cpu io memory pids; do echo "+$c" >>/sys/fs/cgroup/cgroup.subtree_control 2>/dev/null || true; done
fi

images() { ctr -a "$run/containerd/sock" -n k8s.io images "$@"; }
start registry "$bin/helper" registry 127.0.0.1:5000
start containerd containerd -c "$run/containerd.toml"
wait_for "container runtime" images ls -q
"$bin/helper" image testbed.test/pause:1 "/helper pause" "$bin/helper:/helper" | images import - >/dev/null
"$bin/helper" image testbed.test/busybox:1 "" "$(command -v busybox):/bin/busybox" | images import - >/dev/null
start kubelet "$bin/kubelet" --config="$run/kubelet.yaml" --kubeconfig="$run/node.kubeconfig" --root-dir="$run/kubelet" \
  --cert-dir="$run/kubelet/pki" --hostname-override=node-1 --node-ip=$ip
start kube-proxy "$bin/kube-proxy" --config="$run/proxy.yaml"
wait_for "Ready node" kubectl wait --for=condition=Ready --timeout=1s node/node-1

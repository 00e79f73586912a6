# Sourced by `up`: certificates, and a kubeconfig for each of the cluster's users.
key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1" 2>/dev/null; }
certificate() { # name, subject, alternative names
  key "$1.key"
  openssl req -new -key "$1.key" -subj "$2" -out "$1.csr" 2>/dev/null
  { echo extendedKeyUsage=serverAuth,clientAuth; [ -z "${3:-}" ] || echo "subjectAltName=$3"; } >"$1.ext"
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 -out "$1.crt" -extfile "$1.ext" 2>/dev/null
}
user() { # file, subject
  certificate "$1" "$2"
  cat >"$run/$1.kubeconfig" <<Y
apiVersion: v1
kind: Config
clusters: [{name: testbed, cluster: {server: "https://$ip:$port", certificate-authority-data: $(base64 -w0 ca.crt)}}]
users: [{name: $1, user: {client-certificate-data: $(base64 -w0 "$1.crt"), client-key-data: $(base64 -w0 "$1.key")}}]
contexts: [{name: testbed, context: {cluster: testbed, user: $1}}]
current-context: testbed
Y
}

cd "$run/pki"
key ca.key
openssl req -x509 -new -key ca.key -subj /CN=kubernetes -days 3650 -out ca.crt 2>/dev/null
key sa.key
openssl ec -in sa.key -pubout -out sa.pub 2>/dev/null
names=DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local
certificate apiserver /CN=kube-apiserver "IP:$ip,IP:127.0.0.1,IP:10.96.0.1,$names"
certificate front-proxy /CN=front-proxy-client
certificate kubelet-client /O=system:masters/CN=kube-apiserver-kubelet-client
certificate kubelet /CN=kubelet "IP:$ip,DNS:node-1"
user admin /O=system:masters/CN=admin
user manager /CN=system:kube-controller-manager
user scheduler /CN=system:kube-scheduler
user proxy /CN=system:kube-proxy
user node /O=system:nodes/CN=system:node:node-1
cd "$run"

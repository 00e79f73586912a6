# A person's server-side apply owns the field that the controller applies without force.
ns=enamel target=deploy/kiln-controller truth=apply-conflict verdict=failing
inflict() {
  kubectl -n "$ns" create configmap north-program --from-literal=program=cone-10 -o yaml --dry-run=client |
    kubectl -n "$ns" apply --server-side --field-manager=studio -f - >/dev/null
  put controller --fault=apply; kilns north; settled
}

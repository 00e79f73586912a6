# One worker, each reconcile takes eight seconds, and sixty kilns wait.
ns=quarry target=deploy/kiln-controller truth=worker-starved verdict=overloaded
inflict() {
  put controller --slow=8s
  template '{"metadata":{"annotations":{"prometheus.io/scrape":"true","prometheus.io/port":"8080"}}}'
  kilns $(seq -f 'kiln-%02g' 60); settled
}
seconds=60

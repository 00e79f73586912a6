# A kiln wants its program in a namespace that nobody made.
ns=majolica target=deploy/kiln-controller truth=namespace-missing verdict=failing
inflict() {
  put controller; kilns north
  kubectl -n "$ns" patch kiln north --type=merge -p '{"spec":{"namespace":"storeroom"}}' >/dev/null
  settled
}
watched=majolica,storeroom

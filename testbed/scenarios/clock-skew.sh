# The certificate of the admission webhook begins to be valid in two hours: the clock of the one who made it is ahead.
ns=fettle target=deploy/kiln-controller truth=clock-skew verdict=failing
inflict() { put gate --from=2h; settled gate; put controller; kilns north south; settled; }
relieve() { kubectl delete validatingwebhookconfiguration "gate-$ns" >/dev/null; }

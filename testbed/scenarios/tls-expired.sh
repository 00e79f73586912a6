# The certificate of the admission webhook ended an hour ago.
ns=glazery target=deploy/kiln-controller truth=tls-expired verdict=failing
inflict() { put gate --from=-48h --until=-1h; settled gate; put controller; kilns north south; settled; }
relieve() { kubectl delete validatingwebhookconfiguration "gate-$ns" >/dev/null; }

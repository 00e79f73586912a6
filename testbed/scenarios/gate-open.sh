# An admission webhook with a good certificate lets everything pass.
ns=bellows target=deploy/kiln-controller truth=- verdict=healthy
inflict() { put gate; settled gate; put controller; kilns north south; settled; }
relieve() { kubectl delete validatingwebhookconfiguration "gate-$ns" >/dev/null; }

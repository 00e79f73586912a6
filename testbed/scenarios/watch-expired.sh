# One of the controller's watches starts from a version that the API server has forgotten, and never lists again.
# Needs a cluster that has run for ten minutes.
ns=porcelain target=deploy/kiln-controller truth=watch-expired verdict=failing
inflict() { put controller --fault=stale-watch; kilns north south; settled; }

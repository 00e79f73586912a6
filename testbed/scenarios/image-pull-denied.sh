# The registry wants credentials for the image, and none are given.
ns=lustre target=deploy/kiln-controller truth=image-pull-denied verdict=not-started
inflict() { put controller; template '{"spec":{"containers":[{"name":"manager","image":"registry.testbed.test/private/kiln-controller:v2"}]}}'; kubectl -n "$ns" scale --replicas=0 deploy/kiln-controller >/dev/null; sleep 3; kubectl -n "$ns" scale --replicas=1 deploy/kiln-controller >/dev/null; }
seconds=40

# The liveness probe asks a port where nobody listens, so a working program is killed again and again.
ns=nacre target=deploy/kiln-controller truth=probe-failing verdict=not-started
inflict() { put controller; template '{"spec":{"containers":[{"name":"manager","livenessProbe":{"periodSeconds":2,"failureThreshold":2,"httpGet":{"path":"/healthz","port":8082}}}]}}'; kilns north south; }
seconds=60

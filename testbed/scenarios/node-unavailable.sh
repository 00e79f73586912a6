# The node of the controller is gone: its kubelet no longer reports.
alone=yes
ns=raku target=deploy/kiln-controller truth=node-unavailable verdict=not-started
inflict() {
  put controller; kilns north south; settled; sleep 5
  kill -STOP "$(cat "$run/pids/kubelet")"
}
seconds=75
relieve() { kill -CONT "$(cat "$run/pids/kubelet")"; sleep 15; }

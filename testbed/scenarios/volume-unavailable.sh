# The claim of the pod asks for a storage class that does not exist.
ns=ochre target=deploy/kiln-controller truth=volume-unavailable verdict=not-started
inflict() {
  put - <<'Y'
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: curves, namespace: $ns}
spec: {accessModes: [ReadWriteOnce], storageClassName: fast-disks, resources: {requests: {storage: 1Gi}}}
Y
  put controller
  template '{"spec":{"volumes":[{"name":"cache","persistentVolumeClaim":{"claimName":"curves"}}],"containers":[{"name":"manager","volumeMounts":[{"name":"cache","mountPath":"/cache"}]}]}}'
  kubectl -n "$ns" scale --replicas=0 deploy/kiln-controller >/dev/null; sleep 3; kubectl -n "$ns" scale --replicas=1 deploy/kiln-controller >/dev/null
  kilns north
}
seconds=40

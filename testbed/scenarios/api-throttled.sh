# Another program floods the one seat that the API server's flow control leaves to the accounts of the namespace: 429.
ns=delft target=deploy/kiln-controller truth=api-throttled verdict=failing
inflict() {
  put - <<'Y'
apiVersion: flowcontrol.apiserver.k8s.io/v1
kind: PriorityLevelConfiguration
metadata: {name: kiln-trickle}
spec: {type: Limited, limited: {nominalConcurrencyShares: 0, borrowingLimitPercent: 0, limitResponse: {type: Reject}}}
---
apiVersion: flowcontrol.apiserver.k8s.io/v1
kind: FlowSchema
metadata: {name: kiln-trickle}
spec:
  priorityLevelConfiguration: {name: kiln-trickle}
  matchingPrecedence: 10
  rules:
    - subjects:
        - {kind: ServiceAccount, serviceAccount: {name: kiln-controller, namespace: $ns}}
        - {kind: ServiceAccount, serviceAccount: {name: inventory, namespace: $ns}}
      resourceRules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"], namespaces: ["*"], clusterScope: true}]
Y
  put controller; kilns north south; settled
  sed 's/kiln-controller/inventory/g' "$scenarios/base/controller.yaml" | put - --fault=flood
  sleep 5
  kilns $(seq -f 'kiln-%02g' 30)
}
seconds=75
relieve() { kubectl delete flowschema,prioritylevelconfiguration kiln-trickle >/dev/null; kubectl delete clusterrole inventory >/dev/null; }

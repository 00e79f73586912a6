# A policy refuses the ConfigMaps that the controller writes, on purpose.
ns=crucible target=deploy/kiln-controller truth=admission-denied verdict=failing
inflict() {
  put - <<'Y'
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: programs-have-an-owner-team}
spec:
  failurePolicy: Fail
  matchConstraints:
    namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: $ns}}
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps]}]
  validations: [{expression: 'has(object.metadata.labels) && "team" in object.metadata.labels', message: every ConfigMap needs the label team}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: programs-have-an-owner-team}
spec: {policyName: programs-have-an-owner-team, validationActions: [Deny]}
Y
  sleep 5; put controller; kilns north south; settled
}
relieve() { kubectl delete validatingadmissionpolicybinding,validatingadmissionpolicy programs-have-an-owner-team >/dev/null; }

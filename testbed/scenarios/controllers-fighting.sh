# Two controllers write the same ConfigMaps, each its own value, and each is woken by the other's write.
ns=hearth target=deploy/kiln-controller truth=controllers-fighting verdict=looping
inflict() {
  put controller --leader-elect=false; kilns north south; settled
  sed 's/name: kiln-controller, namespace: $ns, labels: {app: kiln-controller}/name: glaze-controller, namespace: $ns, labels: {app: glaze-controller}/; s/{app: kiln-controller}/{app: glaze-controller}/g' \
    "$scenarios/base/controller.yaml" | put - --leader-elect=false --name=glaze-controller --glaze=gloss; settled glaze-controller
}
seconds=75

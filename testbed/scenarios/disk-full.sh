# The volume of the controller's cache holds two megabytes; each kiln needs one.
ns=jasper target=deploy/kiln-controller truth=disk-full verdict=failing
inflict() {
  put controller --fault=spill
  template '{"spec":{"volumes":[{"name":"cache","emptyDir":{"medium":"Memory","sizeLimit":"2Mi"}}],"containers":[{"name":"manager","volumeMounts":[{"name":"cache","mountPath":"/cache"}]}]}}'
  kilns north south east west; settled
}

# The ConfigMaps name an owner that does not exist, so they are collected as soon as they are written.
ns=kaolin target=deploy/kiln-controller truth=garbage-collected verdict=looping
inflict() { put controller --fault=wrong-owner; kilns north south; settled; }
seconds=45

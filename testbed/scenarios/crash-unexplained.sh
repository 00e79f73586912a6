# The program ends with a code of its own and says nothing.
ns=ironstone target=deploy/kiln-controller truth=crash-unexplained verdict=not-started
inflict() { put controller --fault=quit; kilns north; }
seconds=60

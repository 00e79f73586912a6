# The controller does what it should. The twin of all the others.
ns=atelier target=deploy/kiln-controller truth=- verdict=healthy
inflict() { put controller; kilns north south east; settled; }

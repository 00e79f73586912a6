package main

import (
	"encoding/json"
	"net/http"
	"strings"
)

// registry answers as one that has none of the images: pulls fail as they do in life (404, and 401 below private/) instead of hanging.
func registry(address string) error {
	return http.ListenAndServe(address, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Docker-Distribution-Api-Version", "registry/2.0")
		if r.URL.Path == "/v2/" {
			_, _ = w.Write([]byte("{}"))
			return
		}
		status, code, message := http.StatusNotFound, "MANIFEST_UNKNOWN", "manifest unknown"
		if strings.HasPrefix(r.URL.Path, "/v2/private/") {
			status, code, message = http.StatusUnauthorized, "UNAUTHORIZED", "authentication required"
		}
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{"errors": []map[string]string{{"code": code, "message": message}}})
	}))
}

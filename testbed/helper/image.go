package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"runtime"
	"strings"
)

// applets are the names under which a busybox in the image is found.
const applets = "sh sleep cat ls echo nslookup wget ps true false nc env head tail seq date dd kill id grep tar mkdir rm touch printf yes httpd ping stat test wc"

// image writes an archive for `ctr images import -`: one layer with the given static programs.
func image(tag, entrypoint string, files []string) error {
	layer, problem := layerOf(files)
	if problem != nil {
		return problem
	}
	settings := map[string]any{"Env": []string{"PATH=/bin"}, "WorkingDir": "/"}
	if entrypoint != "" {
		settings["Entrypoint"] = strings.Fields(entrypoint)
	}
	config, problem := json.Marshal(map[string]any{
		"architecture": runtime.GOARCH,
		"os":           "linux",
		"config":       settings,
		"rootfs":       map[string]any{"type": "layers", "diff_ids": []string{fmt.Sprintf("sha256:%x", sha256.Sum256(layer))}},
	})
	if problem != nil {
		return problem
	}
	configName := fmt.Sprintf("%x.json", sha256.Sum256(config))
	manifest, problem := json.Marshal([]map[string]any{{"Config": configName, "RepoTags": []string{tag}, "Layers": []string{"layer.tar"}}})
	if problem != nil {
		return problem
	}
	out := tar.NewWriter(os.Stdout)
	for _, part := range []struct {
		name string
		body []byte
	}{{configName, config}, {"layer.tar", layer}, {"manifest.json", manifest}} {
		if problem := put(out, part.name, 0o644, part.body); problem != nil {
			return problem
		}
	}
	return out.Close()
}

func layerOf(files []string) ([]byte, error) {
	var layer bytes.Buffer
	out := tar.NewWriter(&layer)
	for _, folder := range []string{"bin", "dev", "etc", "proc", "sys", "tmp"} {
		mode := int64(0o755)
		if folder == "tmp" {
			mode = 0o1777
		}
		if problem := out.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: folder + "/", Mode: mode}); problem != nil {
			return nil, problem
		}
	}
	users := "root:x:0:0:root:/:/bin/sh\nnonroot:x:65532:65532:nonroot:/:/bin/sh\n"
	if problem := put(out, "etc/passwd", 0o644, []byte(users)); problem != nil {
		return nil, problem
	}
	for _, file := range files {
		source, target, given := strings.Cut(file, ":")
		if !given {
			return nil, fmt.Errorf("%s: say where it goes, as FILE:PATH", file)
		}
		body, problem := os.ReadFile(source)
		if problem != nil {
			return nil, problem
		}
		if problem := put(out, strings.TrimPrefix(target, "/"), 0o755, body); problem != nil {
			return nil, problem
		}
		if path.Base(target) != "busybox" {
			continue
		}
		for _, applet := range strings.Fields(applets) {
			link := tar.Header{Typeflag: tar.TypeSymlink, Name: "bin/" + applet, Linkname: target, Mode: 0o777}
			if problem := out.WriteHeader(&link); problem != nil {
				return nil, problem
			}
		}
	}
	return layer.Bytes(), out.Close()
}

func put(out *tar.Writer, name string, mode int64, body []byte) error {
	if problem := out.WriteHeader(&tar.Header{Name: name, Mode: mode, Size: int64(len(body))}); problem != nil {
		return problem
	}
	_, problem := out.Write(body)
	return problem
}

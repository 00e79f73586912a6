// Small programs that a cluster on one machine needs and that no package brings.
//
//	helper pause                              waits for a signal: the process of every pod's sandbox
//	helper registry ADDRESS                   a registry that holds nothing
//	helper image TAG ENTRYPOINT FILE:PATH…   writes a one-layer image archive to standard output
package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "pause":
			pause()
			return
		case "registry":
			stop(registry(os.Args[2]))
			return
		case "image":
			stop(image(os.Args[2], os.Args[3], os.Args[4:]))
			return
		}
	}
	stop(fmt.Errorf("one of pause, registry ADDRESS, image TAG ENTRYPOINT FILE:PATH…"))
}

func stop(problem error) {
	if problem != nil {
		fmt.Fprintln(os.Stderr, "helper:", problem)
		os.Exit(1)
	}
}

func pause() {
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGINT, syscall.SIGTERM)
	children := make(chan os.Signal, 8)
	signal.Notify(children, syscall.SIGCHLD)
	for {
		select {
		case <-end:
			return
		case <-children:
			// The first process of a pid namespace inherits orphans and must collect them.
			for {
				if pid, problem := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); pid <= 0 || problem != nil {
					break
				}
			}
		}
	}
}

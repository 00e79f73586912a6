package main

import (
	"context"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"
)

// staleWatch watches events from a version that the API server has long forgotten, and never lists again. The API server keeps no cache of
// events, so they are forgotten with etcd's compaction: five to ten minutes after they were written.
func staleWatch(settings *rest.Config) {
	log := ctrl.Log.WithName("firing-watcher")
	client := kubernetes.NewForConfigOrDie(settings)
	for ; ; time.Sleep(2 * time.Second) {
		changes, problem := client.CoreV1().Events(corev1.NamespaceAll).Watch(context.Background(), metav1.ListOptions{ResourceVersion: "1"})
		if problem != nil {
			log.Error(problem, "watch of *v1.Event failed")
			continue
		}
		for change := range changes.ResultChan() {
			if change.Type == watch.Error {
				log.Error(apierrors.FromObject(change.Object), "watch of *v1.Event ended")
			}
		}
	}
}

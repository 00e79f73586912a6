package main

import (
	"context"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// flood lists ConfigMaps without a pause from many sides, past its own rate limit, and does not mind being refused.
func flood(settings *rest.Config) {
	settings.QPS = -1
	client := kubernetes.NewForConfigOrDie(settings)
	for range 20 {
		go func() {
			for {
				if _, problem := client.CoreV1().ConfigMaps(metav1.NamespaceAll).List(context.Background(), metav1.ListOptions{}); problem != nil {
					time.Sleep(10 * time.Millisecond)
				}
			}
		}()
	}
	select {}
}

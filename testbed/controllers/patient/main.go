// patient is a controller whose faults can be switched on, for tests on a real cluster.
package main

import (
	"flag"
	"os"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
)

var (
	scheme = runtime.NewScheme()
	setup  = ctrl.Log.WithName("setup")
)

func init() {
	utilruntime.Must(clientgoscheme.AddToScheme(scheme))
	utilruntime.Must(addToScheme(scheme))
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "gate" {
		gate(os.Args[2:])
		return
	}
	fault := flag.String("fault", "", "what goes wrong: apply, flood, quit, spill, stale-watch, wrong-owner")
	glaze := flag.String("glaze", "matt", "a value that is written into every program")
	slow := flag.Duration("slow", 0, "how long one reconcile waits for the kiln")
	name := flag.String("name", "kiln-controller", "what it calls itself before the API server")
	workers := flag.Int("workers", 1, "how many reconciles run at once")
	elect := flag.Bool("leader-elect", true, "take part in leader election")
	options := zap.Options{}
	options.BindFlags(flag.CommandLine)
	flag.Parse()
	ctrl.SetLogger(zap.New(zap.UseFlagOptions(&options)))
	if *fault == "quit" {
		time.Sleep(time.Second)
		os.Exit(3)
	}
	settings := ctrl.GetConfigOrDie()
	settings.UserAgent = *name
	if *fault == "flood" {
		flood(settings)
	}
	namespaces := map[string]cache.Config{}
	for _, namespace := range strings.Split(os.Getenv("WATCH_NAMESPACE"), ",") {
		namespaces[namespace] = cache.Config{}
	}
	if *fault == "stale-watch" {
		go staleWatch(rest.CopyConfig(settings))
	}
	manager, problem := ctrl.NewManager(settings, ctrl.Options{
		Scheme:                 scheme,
		Cache:                  cache.Options{DefaultNamespaces: namespaces},
		Metrics:                metricsserver.Options{BindAddress: ":8080"},
		HealthProbeBindAddress: ":8081",
		LeaderElection:         *elect,
		LeaderElectionID:       "kiln-controller.pottery.example.com",
	})
	if problem != nil {
		setup.Error(problem, "unable to start manager")
		os.Exit(1)
	}
	kilns := &reconciler{
		Client: manager.GetClient(), recorder: manager.GetEventRecorder(*name),
		fault: *fault, glaze: *glaze, slow: *slow,
	}
	if problem := kilns.setup(manager, *workers); problem != nil {
		setup.Error(problem, "unable to create controller", "controller", "Kiln")
		os.Exit(1)
	}
	utilruntime.Must(manager.AddHealthzCheck("healthz", healthz.Ping))
	utilruntime.Must(manager.AddReadyzCheck("readyz", healthz.Ping))
	setup.Info("starting manager")
	if problem := manager.Start(ctrl.SetupSignalHandler()); problem != nil {
		setup.Error(problem, "problem running manager")
		os.Exit(1)
	}
}

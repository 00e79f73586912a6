package main

import (
	"context"
	"fmt"
	"os"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/events"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
	logf "sigs.k8s.io/controller-runtime/pkg/log"
)

const finalizer = "pottery.example.com/cool-down"

// reconciler keeps a ConfigMap with the program of every Kiln.
type reconciler struct {
	client.Client
	recorder events.EventRecorder
	fault    string
	glaze    string
	slow     time.Duration
}

func (r *reconciler) setup(manager ctrl.Manager, workers int) error {
	return ctrl.NewControllerManagedBy(manager).
		For(&Kiln{}).
		Owns(&corev1.ConfigMap{}).
		Named("kiln").
		WithOptions(controller.Options{MaxConcurrentReconciles: workers}).
		Complete(r)
}

// Reconcile brings one Kiln's ConfigMap and status in line.
func (r *reconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	log := logf.FromContext(ctx)
	kiln := &Kiln{}
	if problem := r.Get(ctx, request.NamespacedName, kiln); problem != nil {
		return ctrl.Result{}, client.IgnoreNotFound(problem)
	}
	if !kiln.DeletionTimestamp.IsZero() {
		if controllerutil.RemoveFinalizer(kiln, finalizer) {
			return ctrl.Result{}, r.Update(ctx, kiln)
		}
		return ctrl.Result{}, nil
	}
	if controllerutil.AddFinalizer(kiln, finalizer) {
		if problem := r.Update(ctx, kiln); problem != nil {
			return ctrl.Result{}, fmt.Errorf("adding the finalizer: %w", problem)
		}
	}
	// The controller of a real kiln asks the kiln.
	time.Sleep(r.slow)
	if problem := r.write(ctx, kiln); problem != nil {
		r.recorder.Eventf(kiln, nil, corev1.EventTypeWarning, "ProgramFailed", "Write", "%v", problem)
		return ctrl.Result{}, fmt.Errorf("writing the program: %w", problem)
	}
	if r.fault == "spill" {
		if problem := spill(kiln.Name); problem != nil {
			return ctrl.Result{}, fmt.Errorf("keeping the curve: %w", problem)
		}
	}
	if problem := r.report(ctx, kiln); problem != nil {
		return ctrl.Result{}, fmt.Errorf("updating the status: %w", problem)
	}
	log.Info("Reconciled", "program", kiln.Spec.Program)
	return ctrl.Result{}, nil
}

// write keeps the ConfigMap of a Kiln.
func (r *reconciler) write(ctx context.Context, kiln *Kiln) error {
	namespace := kiln.Namespace
	if kiln.Spec.Namespace != "" {
		namespace = kiln.Spec.Namespace
	}
	program := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: kiln.Name + "-program"}}
	data := map[string]string{"program": kiln.Spec.Program, "glaze": r.glaze}
	if r.fault == "apply" {
		program.TypeMeta = metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"}
		program.Data = data
		return r.Patch(ctx, program, client.Apply, client.FieldOwner("kiln-controller"))
	}
	_, problem := controllerutil.CreateOrUpdate(ctx, r.Client, program, func() error {
		program.Data = data
		if r.fault == "wrong-owner" {
			// The mistake of a controller that remembers an owner which was deleted and made again.
			program.OwnerReferences = []metav1.OwnerReference{{
				APIVersion: groupVersion.String(), Kind: "Kiln", Name: kiln.Name,
				UID: types.UID("00000000-0000-4000-8000-000000000000"), Controller: new(true),
			}}
			return nil
		}
		if namespace != kiln.Namespace {
			return nil
		}
		return controllerutil.SetControllerReference(kiln, program, r.Scheme())
	})
	return problem
}

func (r *reconciler) report(ctx context.Context, kiln *Kiln) error {
	changed := meta.SetStatusCondition(&kiln.Status.Conditions, metav1.Condition{
		Type: "Ready", Status: metav1.ConditionTrue, Reason: "ProgramWritten",
		Message: "the kiln's program is in place", ObservedGeneration: kiln.Generation,
	})
	if kiln.Status.ObservedGeneration != kiln.Generation {
		kiln.Status.ObservedGeneration, changed = kiln.Generation, true
	}
	if !changed {
		return nil
	}
	return r.Status().Update(ctx, kiln)
}

// spill writes a megabyte for each Kiln to the cache volume.
func spill(name string) error {
	return os.WriteFile("/cache/"+name+".curve", make([]byte, 1<<20), 0o644)
}

package main

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// groupVersion is pottery.example.com/v1.
var groupVersion = schema.GroupVersion{Group: "pottery.example.com", Version: "v1"}

// KilnSpec says what a kiln burns, and where its program is kept.
type KilnSpec struct {
	Program   string `json:"program,omitempty"`
	Namespace string `json:"namespace,omitempty"`
}

// KilnStatus says how far the controller has come.
type KilnStatus struct {
	ObservedGeneration int64              `json:"observedGeneration,omitempty"`
	Conditions         []metav1.Condition `json:"conditions,omitempty"`
}

// Kiln is what the controller reconciles: a ConfigMap with the program for each.
type Kiln struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              KilnSpec   `json:"spec,omitempty"`
	Status            KilnStatus `json:"status,omitempty"`
}

// KilnList is a list of them.
type KilnList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []Kiln `json:"items"`
}

func (k *Kiln) copy() *Kiln {
	out := *k
	out.ObjectMeta = *k.ObjectMeta.DeepCopy()
	out.Status.Conditions = append([]metav1.Condition(nil), k.Status.Conditions...)
	return &out
}

// DeepCopyObject is asked for by the machinery.
func (k *Kiln) DeepCopyObject() runtime.Object { return k.copy() }

// DeepCopyObject is asked for by the machinery.
func (l *KilnList) DeepCopyObject() runtime.Object {
	out := *l
	out.Items = make([]Kiln, 0, len(l.Items))
	for i := range l.Items {
		out.Items = append(out.Items, *l.Items[i].copy())
	}
	return &out
}

func addToScheme(scheme *runtime.Scheme) error {
	scheme.AddKnownTypes(groupVersion, &Kiln{}, &KilnList{})
	metav1.AddToGroupVersion(scheme, groupVersion)
	return nil
}

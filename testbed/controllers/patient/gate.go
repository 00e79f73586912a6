package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"log"
	"math/big"
	"net/http"
	"time"

	admission "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	ctrl "sigs.k8s.io/controller-runtime"
)

// gate is an admission webhook with a certificate of the given dates, which it writes into its own configuration.
func gate(arguments []string) {
	flags := flag.NewFlagSet("gate", flag.ExitOnError)
	service := flags.String("service", "gate", "the name of its Service")
	namespace := flags.String("namespace", "", "the namespace of its Service")
	configuration := flags.String("configuration", "gate", "the ValidatingWebhookConfiguration that gets the CA")
	from := flags.Duration("from", -time.Hour, "when the certificate begins to be valid, from now")
	until := flags.Duration("until", 24*time.Hour, "when it ends")
	deny := flags.String("deny", "", "why every object is refused")
	flags.Parse(arguments)
	name := *service + "." + *namespace + ".svc"
	pair, authority := certificate(name, time.Now().Add(*from), time.Now().Add(*until))
	client := kubernetes.NewForConfigOrDie(ctrl.GetConfigOrDie())
	hooks := client.AdmissionregistrationV1().ValidatingWebhookConfigurations()
	own, problem := hooks.Get(context.Background(), *configuration, metav1.GetOptions{})
	if problem != nil {
		log.Fatalf("reading the webhook configuration: %v", problem)
	}
	for i := range own.Webhooks {
		own.Webhooks[i].ClientConfig.CABundle = authority
	}
	if _, problem := hooks.Update(context.Background(), own, metav1.UpdateOptions{}); problem != nil {
		log.Fatalf("writing the webhook configuration: %v", problem)
	}
	log.Printf("serving admission for %s", name)
	server := &http.Server{Addr: ":9443", TLSConfig: &tls.Config{Certificates: []tls.Certificate{pair}}, Handler: http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		review := admission.AdmissionReview{}
		if problem := json.NewDecoder(in.Body).Decode(&review); problem != nil || review.Request == nil {
			http.Error(out, "no admission review", http.StatusBadRequest)
			return
		}
		review.Response = &admission.AdmissionResponse{UID: review.Request.UID, Allowed: *deny == ""}
		if *deny != "" {
			review.Response.Result = &metav1.Status{Message: *deny}
		}
		json.NewEncoder(out).Encode(review)
	})}
	log.Fatal(server.ListenAndServeTLS("", ""))
}

func certificate(name string, from, until time.Time) (tls.Certificate, []byte) {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "gate-ca"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: from.Add(-time.Hour), NotAfter: until.Add(48 * time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	if from.After(time.Now()) {
		authority.NotBefore = time.Now().Add(-time.Hour)
	}
	signed := must(x509.CreateCertificate(rand.Reader, authority, authority, key.Public(), key))
	leafKey := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: from, NotAfter: until, KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	serving := must(x509.CreateCertificate(rand.Reader, leaf, authority, leafKey.Public(), key))
	return tls.Certificate{Certificate: [][]byte{serving}, PrivateKey: leafKey}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed})
}

func must[T any](value T, problem error) T {
	if problem != nil {
		panic(fmt.Sprint(problem))
	}
	return value
}

//! The kinds that have a page of their own. A new one is a file here and a line in the list.

use super::Describer;

kloupe_model::registry! {
    /// All pages.
    pub DESCRIBERS: Describer = DESCRIBER in {
        pod,
        deployment,
        replica_set,
        stateful_set,
        daemon_set,
        job,
        cron_job,
        secret,
        certificate_signing_request,
        role,
        role_binding,
        network_policy,
        limit_range,
        resource_quota,
        horizontal_pod_autoscaler,
        pod_disruption_budget,
        priority_class,
        service_cidr,
        ip_address,
        node,
        namespace,
        config_map,
        service,
        endpoints,
        endpoint_slice,
        service_account,
        persistent_volume,
        persistent_volume_claim,
        storage_class,
        volume_attributes_class,
        csi_node,
        ingress,
        ingress_class,
    }
}

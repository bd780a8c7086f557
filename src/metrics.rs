//! What the gateway counts, for `/metrics`. Any floor may count; labels never hold codes of people or schools.

use prometheus::{
    Encoder, GaugeVec, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Registry, Result, TextEncoder,
    histogram_opts, opts,
};
use std::sync::LazyLock;
use std::time::Duration;

/// Bounds in seconds, from a cached answer to a bulk submission.
const SECONDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0];

struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    request_seconds: HistogramVec,
    records: IntCounterVec,
    rule_hits: IntCounterVec,
    database_seconds: HistogramVec,
    refused: IntCounterVec,
    exports: IntCounterVec,
    queue_depth: IntGaugeVec,
    waiting: IntGauge,
    open_findings: IntGaugeVec,
    findings_due: IntGaugeVec,
    consumer_lag: GaugeVec,
    job_failures: IntCounterVec,
    job_failures_in_a_row: IntGaugeVec,
    pool: GaugeVec,
}

impl Metrics {
    fn new() -> Result<Self> {
        let metrics = Self {
            registry: Registry::new_custom(Some("school_gateway".into()), None)?,
            requests: IntCounterVec::new(opts!("requests_total", "Requests answered"), &["method", "route", "status"])?,
            request_seconds: HistogramVec::new(
                histogram_opts!("request_seconds", "Time to the head of the answer", SECONDS.to_vec()),
                &["method", "route"],
            )?,
            records: IntCounterVec::new(
                opts!("records_total", "Records judged, by what became of them"),
                &["resource", "outcome"],
            )?,
            rule_hits: IntCounterVec::new(opts!("rule_hits_total", "Issues raised"), &["code"])?,
            database_seconds: HistogramVec::new(
                histogram_opts!("database_seconds", "Time in the database", SECONDS.to_vec()),
                &["what"],
            )?,
            exports: IntCounterVec::new(
                opts!("exports_total", "Results sent as streams, by how they ended"),
                &["end"],
            )?,
            refused: IntCounterVec::new(opts!("refused_total", "Requests refused before any work"), &["reason"])?,
            queue_depth: IntGaugeVec::new(opts!("queue_depth", "Jobs that wait or run"), &["tenant"])?,
            waiting: IntGauge::new("waiting_requests", "Requests that wait for a database connection")?,
            open_findings: IntGaugeVec::new(
                opts!("open_findings", "Findings of whole-school checks that stand open"),
                &["tenant", "code"],
            )?,
            findings_due: IntGaugeVec::new(
                opts!("findings_due_schools", "Schools that wait to be judged as a whole"),
                &["tenant"],
            )?,
            job_failures: IntCounterVec::new(
                opts!("job_failures_total", "Failures of what runs by itself: errors and panics"),
                &["tenant", "job", "how"],
            )?,
            job_failures_in_a_row: IntGaugeVec::new(
                opts!("job_failures_in_a_row", "Failures of a job since its last good turn"),
                &["tenant", "job"],
            )?,
            consumer_lag: GaugeVec::new(
                opts!("consumer_lag_seconds", "Age of the first change that a reader of the change log has not read"),
                &["tenant", "consumer"],
            )?,
            pool: GaugeVec::new(opts!("pool_connections", "Database connections"), &["pool", "state"])?,
        };
        metrics.register()?;
        Ok(metrics)
    }

    fn register(&self) -> Result<()> {
        let registry = &self.registry;
        registry.register(Box::new(self.requests.clone()))?;
        registry.register(Box::new(self.request_seconds.clone()))?;
        registry.register(Box::new(self.records.clone()))?;
        registry.register(Box::new(self.rule_hits.clone()))?;
        registry.register(Box::new(self.database_seconds.clone()))?;
        registry.register(Box::new(self.refused.clone()))?;
        registry.register(Box::new(self.exports.clone()))?;
        registry.register(Box::new(self.queue_depth.clone()))?;
        registry.register(Box::new(self.waiting.clone()))?;
        registry.register(Box::new(self.open_findings.clone()))?;
        registry.register(Box::new(self.findings_due.clone()))?;
        registry.register(Box::new(self.consumer_lag.clone()))?;
        registry.register(Box::new(self.job_failures.clone()))?;
        registry.register(Box::new(self.job_failures_in_a_row.clone()))?;
        registry.register(Box::new(self.pool.clone()))
    }
}

/// Absent only if two metrics were given one name, which a test excludes: counting never stops the gateway.
static METRICS: LazyLock<Option<Metrics>> = LazyLock::new(|| Metrics::new().ok());

fn with(count: impl FnOnce(&Metrics)) {
    if let Some(metrics) = METRICS.as_ref() {
        count(metrics);
    }
}

/// A request was answered; `route` is the pattern, never the path.
pub fn request(method: &str, route: &str, status: u16, duration: Duration) {
    with(|metrics| {
        metrics.requests.with_label_values(&[method, route, &status.to_string()]).inc();
        metrics.request_seconds.with_label_values(&[method, route]).observe(duration.as_secs_f64());
    });
}

/// `count` records of a resource came to this outcome: `created`, `updated`, `unchanged`, `deleted`, `parked`,
/// `rejected`.
pub fn record_outcome(resource: &str, outcome: &str, count: u64) {
    with(|metrics| metrics.records.with_label_values(&[resource, outcome]).inc_by(count));
}

/// A rule raised `count` issues.
pub fn rule_hit(code: &str, count: u64) {
    with(|metrics| metrics.rule_hits.with_label_values(&[code]).inc_by(count));
}

/// `what` (a fixed word of the code: `merge`, `list`) took this long in the database.
pub fn database_seconds(what: &str, duration: Duration) {
    with(|metrics| metrics.database_seconds.with_label_values(&[what]).observe(duration.as_secs_f64()));
}

/// A request was refused before any work: `rate-limit`, `waiting`, `token-limit`.
pub fn refused(reason: &str) {
    with(|metrics| metrics.refused.with_label_values(&[reason]).inc());
}

/// A result that is sent as a stream ended: `whole`, `gone` (the client), `stalled`, `too-slow`, `too-long`, `revoked`,
/// `failed`.
pub fn export_ended(end: &str) {
    with(|metrics| metrics.exports.with_label_values(&[end]).inc());
}

/// Jobs that wait or run.
pub fn queue_depth(tenant: &str, jobs: i64) {
    with(|metrics| metrics.queue_depth.with_label_values(&[tenant]).set(jobs));
}

/// One request more (`1`) or less (`-1`) waits for a database connection.
pub fn waiting(change: i64) {
    with(|metrics| metrics.waiting.add(change));
}

/// So many findings of a rule stand open.
pub fn open_findings(tenant: &str, code: &str, count: i64) {
    with(|metrics| metrics.open_findings.with_label_values(&[tenant, code]).set(count));
}

/// Schools that wait to be judged as a whole.
pub fn recheck_queue_depth(tenant: &str, schools: i64) {
    with(|metrics| metrics.findings_due.with_label_values(&[tenant]).set(schools));
}

/// A job failed by an `error` or a `panic`; `submission`: one that was being worked on did.
pub fn job_failed(tenant: &str, job: &str, how: &str) {
    with(|metrics| metrics.job_failures.with_label_values(&[tenant, job, how]).inc());
}

/// Failures of a job since its last good turn.
pub fn job_failures_in_a_row(tenant: &str, job: &str, failures: i64) {
    with(|metrics| metrics.job_failures_in_a_row.with_label_values(&[tenant, job]).set(failures));
}

/// A reader of the change log is so many seconds behind.
pub fn consumer_lag(tenant: &str, consumer: &str, seconds: f64) {
    with(|metrics| metrics.consumer_lag.with_label_values(&[tenant, consumer]).set(seconds));
}

/// Connections of a pool, in use and idle.
pub fn pool(name: &str, used: u32, idle: u32) {
    with(|metrics| {
        metrics.pool.with_label_values(&[name, "used"]).set(used.into());
        metrics.pool.with_label_values(&[name, "idle"]).set(idle.into());
    });
}

/// Everything counted, in Prometheus' text format.
pub fn render() -> Vec<u8> {
    let mut text = Vec::new();
    with(|metrics| {
        if let Err(error) = TextEncoder::new().encode(&metrics.registry.gather(), &mut text) {
            tracing::warn!(%error, "metrics cannot be written");
        }
    });
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_counted_is_rendered() {
        super::record_outcome("students", "created", 3);
        super::rule_hit("ID-004", 2);
        super::request("GET", "/v1/{resource}", 200, std::time::Duration::from_millis(3));
        let text = String::from_utf8(super::render()).unwrap();
        assert!(text.contains("school_gateway_records_total{outcome=\"created\",resource=\"students\"} 3"), "{text}");
        assert!(text.contains("school_gateway_rule_hits_total{code=\"ID-004\"} 2"), "{text}");
        assert!(
            text.contains("school_gateway_requests_total{method=\"GET\",route=\"/v1/{resource}\",status=\"200\"} 1"),
            "{text}"
        );
    }
}

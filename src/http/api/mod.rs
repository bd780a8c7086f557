//! The operations, one file a group of routes.

pub mod clients; // clients and their grants
pub mod crosswalks; // what a client's own codes mean
pub mod finding_report; // a finding's shape
pub mod findings; // findings of the whole-school checks
pub mod health; // alive, and able to work
pub mod metrics; // what Prometheus reads
pub mod oauth; // tokens, keys, metadata
pub mod official_code; // the official code in the place of a provisional one
pub mod receipts; // signed evidence of delivery
pub mod record_reads; // records, read
pub mod records; // one record, written or deleted
pub mod reference; // code lists and reference data
pub mod report; // a submission's report, read and streamed
pub mod reporting_periods; // when which schools report
pub mod rules; // the rule catalogue
pub mod sheet_layouts; // the forms of sheets that are read
pub mod submission_report; // the report's shape
pub mod submission_reads; // submissions, read
pub mod submissions; // submissions, sent
pub mod templates; // workbooks to fill in

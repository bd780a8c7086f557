DROP TABLE reporting_period_extensions;
DROP TABLE reporting_periods;

DROP TABLE console_uploads;
DROP TABLE console_sessions;

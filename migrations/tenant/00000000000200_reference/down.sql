DROP TABLE reference_version;
DROP TABLE administrative_successions;
DROP TABLE administrative_units;
DROP TABLE code_list_values;

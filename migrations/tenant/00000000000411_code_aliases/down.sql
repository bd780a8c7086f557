DROP TABLE code_aliases;

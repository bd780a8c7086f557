DROP TABLE client_crosswalks;

DROP TABLE change_consumers;
DROP TABLE change_blocks;
COMMENT ON SEQUENCE change_block IS 'Each value hands out 10,000 change ids: value * 10000 and the 9,999 after it.';

-- Times that a submission was begun, on whichever gateway. `attempts` counts anew when the work moves on; this does not.
ALTER TABLE submissions ADD COLUMN runs integer NOT NULL DEFAULT 0;
